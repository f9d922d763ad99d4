import { GranaryError, type SettledNow } from '@granary/protocol'
import type { Context } from './context.js'
import { activeCommittee } from './network.js'

/**
 * Asks the custodians, one after the other, to settle what is due now instead of at their own time. The first that
 * settles something ends it; `number` null = there was nothing to settle. Throws CUSTODIANS_UNAVAILABLE.
 */
export async function settle(context: Context): Promise<SettledNow> {
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
