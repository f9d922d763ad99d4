import type { Hex, SettlementState, TakenSettlement } from '@granary/protocol'
import type { Settlement } from '../database/generated/client.js'
import { expiryTime, onChain } from '../datasets/dataset.presenter.js'

/** `now` in Unix seconds. */
export function presentSettlement(row: Settlement, now: bigint): TakenSettlement {
  const { number, sequence, epoch } = row
  return {
    number,
    sequence,
    epoch,
    root: row.root as Hex,
    total: row.total.toFixed(0),
    document: row.document as Hex,
    taken: onChain(row),
    effectiveFrom: expiryTime(row.effectiveFrom) ?? new Date(0).toISOString(),
    state: stateOf(row, now),
    returned: row.returned !== null,
  }
}

function stateOf({ voided, effectiveFrom }: Settlement, now: bigint): SettlementState {
  if (voided !== null) return 'voided'
  return effectiveFrom <= now ? 'in-effect' : 'pending'
}
