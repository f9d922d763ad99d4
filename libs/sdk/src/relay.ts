import { GranaryError, type Hex, isErrorCode, type RelayResource } from '@granary/protocol'
import { type Context, until } from './context.js'

/** A relayed message that the chain has taken. `gasUsed` is the whole transaction's, `batch` messages shared it. */
export interface Relayed {
  transaction: Hex
  gasUsed: string | null
  batch: number | null
}

export interface WaitOptions {
  signal?: AbortSignal
  /** Milliseconds; default two minutes. */
  timeout?: number
}

/** Waits until a relay is on chain. Throws the contract's reason when it was refused, TIMED_OUT when it takes too long. */
export async function waitForRelay(
  context: Context,
  id: string,
  options: WaitOptions = {},
): Promise<Relayed> {
  const { signal, timeout = 120_000 } = options
  return until(
    `relay ${id}`,
    async () => {
      const relay = await context.callSigned<RelayResource>(`/v1/relays/${encodeURIComponent(id)}`, {
        signal,
      })
      if (relay.status === 'refused')
        throw new GranaryError(
          isErrorCode(relay.code) ? relay.code : 'RELAY_REFUSED',
          relay.message ?? undefined,
        )
      if (relay.status !== 'confirmed' || !relay.transaction) return undefined
      return { transaction: relay.transaction as Hex, gasUsed: relay.gasUsed, batch: relay.batch }
    },
    { timeout, signal, every: 200 },
  )
}
