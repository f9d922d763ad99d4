import { GranaryError, type SettledNow } from '@granary/protocol'
import type { Context } from './context.js'
import { activeCommittee } from './network.js'

/** Of members that settle something else at this moment: they keep a signature for it for at most a quarter of a minute. */
const BUSY = new Set(['CONFLICT', 'SIGNATURES_TOO_FEW'])
const BUSY_MS = 20_000
const BUSY_PAUSE_MS = 2_000

/**
 * Asks the custodians, one after the other, to settle what is due now instead of at their own time. The first that
 * settles something ends it; `number` null = there was nothing to settle. Asks again while all are busy with another
 * settlement, for 20 s. Throws CUSTODIANS_UNAVAILABLE and what the custodians answer.
 */
export async function settle(context: Context): Promise<SettledNow> {
  for (const end = Date.now() + BUSY_MS; ; ) {
    try {
      return await settleOnce(context)
    } catch (error) {
      if (!(error instanceof GranaryError) || !BUSY.has(error.code) || Date.now() > end) throw error
      await new Promise((resolve) => setTimeout(resolve, BUSY_PAUSE_MS))
    }
  }
}

async function settleOnce(context: Context): Promise<SettledNow> {
  const { members } = activeCommittee(await context.network())
  let nothing: SettledNow | undefined
  let fault: GranaryError | undefined
  for (const { endpoint } of members) {
    try {
      const url = `${endpoint.replace(/\/+$/, '')}/v1/settlements`
      const answer = await context.elsewhere.json<SettledNow>(url, {
        method: 'POST',
        body: {},
        timeout: 60_000,
      })
      if (answer.number !== null) return answer
      nothing ??= answer
    } catch (error) {
      if (!(error instanceof GranaryError)) throw error
      if (!fault || fault.code === 'UNREACHABLE') fault = error
    }
  }
  if (nothing) return nothing
  if (fault && fault.code !== 'UNREACHABLE') throw fault
  throw new GranaryError('CUSTODIANS_UNAVAILABLE', 'no custodian could be reached')
}
