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
