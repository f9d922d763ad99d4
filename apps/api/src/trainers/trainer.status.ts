import type { TRAINER_STATUSES } from '@granary/protocol'

export type TrainerStatus = (typeof TRAINER_STATUSES)[number]

/** What a trainer may do now, from what the chain says. `applied` = an application that waits for an answer. */
export function trainerStatus(
  row: { suspended: boolean; revoked: boolean; approvedUntil: bigint; applied: boolean } | null,
  now: Date,
): TrainerStatus {
  if (!row) return 'none'
  if (row.suspended) return 'suspended'
  if (!row.revoked && row.approvedUntil >= BigInt(Math.floor(now.getTime() / 1000))) return 'approved'
  return row.applied ? 'applied' : 'ended'
}

/**
 * Since when a trainer is approved without a break, from its approvals (`until` in Unix seconds) and revocations (null) in
 * the chain's order; null after a revocation. One that is prolonged before it ends goes on.
 */
export function approvedSince(events: readonly { time: Date; until: bigint | null }[]): Date | null {
  let since: Date | null = null
  let end = 0
  for (const { time, until } of events) {
    if (until === null) since = null
    else if (since === null || end * 1000 < time.getTime()) since = time
    end = Number(until ?? 0)
  }
  return since
}
