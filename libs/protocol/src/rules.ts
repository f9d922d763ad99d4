// What speaks against a message, as one list in one order. Contracts, custodians, API and clients decide by the same
// cases (`test/vectors/refusals.json`); here they are decided by pure functions of message, state and time. A signature
// is never looked at here.
import type { ErrorCode } from './errors.js'
import { errorCode } from './errors.js'
import { FLAGS } from './flags.js'
import type { MessageOf } from './messages/index.js'
import { checkConsentPurposes, checkRequestPurposes, consentAllows } from './purposes.js'
import { isLowOrderRecipient } from './recipients.js'

/** Largest amount that a request can hold in escrow. */
const MAX_ESCROW = 2n ** 128n - 1n

/** What the chain says of a pool. */
export interface PoolState {
  exists: boolean
  closed: boolean
}

/** Why a contribution would be skipped at time `now`, null if nothing speaks against it. `dataset` null = not there. */
export function contributionRefusal(
  message: Pick<MessageOf<'Contribution'>, 'purposes' | 'expires' | 'flags' | 'deadline'>,
  state: { now: number; pool: PoolState; dataset: { withdrawn: boolean } | null },
): ErrorCode | null {
  const { now, pool, dataset } = state
  if (BigInt(now) > message.deadline) return 'MESSAGE_EXPIRED'
  if (dataset !== null) return dataset.withdrawn ? 'DATASET_WITHDRAWN' : 'DATASET_EXISTS'
  const purposes = refusalOf(() => checkConsentPurposes(message.purposes))
  if (purposes !== null) return purposes
  if ((message.flags & ~(FLAGS.ask | FLAGS.rawRoot)) !== 0) return 'FLAGS_UNDEFINED'
  if (isPast(message.expires, now)) return 'CONSENT_EXPIRED'
  return poolRefusal(pool)
}

/** Why a change of consent would be skipped. `issued` is that of the last change, 0 before the first. */
export function consentUpdateRefusal(
  message: Pick<MessageOf<'ConsentUpdate'>, 'purposes' | 'expires' | 'issued' | 'deadline'>,
  state: { now: number; dataset: { withdrawn: boolean; issued: number } | null },
): ErrorCode | null {
  const { now, dataset } = state
  if (BigInt(now) > message.deadline) return 'MESSAGE_EXPIRED'
  if (dataset === null) return 'DATASET_UNKNOWN'
  if (dataset.withdrawn) return 'DATASET_WITHDRAWN'
  const purposes = refusalOf(() => checkConsentPurposes(message.purposes))
  if (purposes !== null) return purposes
  if (isPast(message.expires, now)) return 'CONSENT_EXPIRED'
  if (message.issued > now) return 'CONSENT_FROM_FUTURE'
  if (message.issued <= dataset.issued) return 'CONSENT_OUTDATED'
  return null
}

/** Why a request could not be opened. `exists`: one with the same id is there. Balance and allowance are not looked at. */
export function accessRequestRefusal(
  message: Pick<
    MessageOf<'AccessRequest'>,
    'purposes' | 'count' | 'recipient' | 'maxTotalPrice' | 'expires' | 'deadline'
  >,
  state: {
    now: number
    exists: boolean
    trainer: { approvedUntil: number; suspended: boolean }
    pool: PoolState & { price: bigint }
  },
): ErrorCode | null {
  const { now, exists, trainer, pool } = state
  if (BigInt(now) > message.deadline) return 'MESSAGE_EXPIRED'
  if (now >= message.expires) return 'REQUEST_EXPIRED'
  if (message.count === 0) return 'COUNT_ZERO'
  const purposes = refusalOf(() => checkRequestPurposes(message.purposes))
  if (purposes !== null) return purposes
  if (isLowOrderRecipient(message.recipient)) return 'RECIPIENT_LOW_ORDER'
  if (exists) return 'REQUEST_EXISTS'
  if (trainer.suspended) return 'TRAINER_IS_SUSPENDED'
  if (now > trainer.approvedUntil) return 'TRAINER_NOT_APPROVED'
  const refusal = poolRefusal(pool)
  if (refusal !== null) return refusal
  const escrow = pool.price * BigInt(message.count)
  if (escrow > MAX_ESCROW) return 'ESCROW_TOO_LARGE'
  return escrow > message.maxTotalPrice ? 'PRICE_ABOVE_MAXIMUM' : null
}

/** A dataset's consent as the chain has it; `expires` 0 = until withdrawn. */
export interface ConsentState {
  pool: number
  purposes: number
  expires: number
  ask: boolean
  withdrawn: boolean
}

/** What the owner said to one request in ask mode. */
export type ApprovalState = 'none' | 'granted' | 'refused'

/** Why a dataset may not be released for a request: a custodian's check of consent. */
export function releaseRefusal(
  request: { pool: number; purposes: number },
  state: { now: number; dataset: ConsentState | null; approval: ApprovalState },
): ErrorCode | null {
  const { now, dataset, approval } = state
  if (dataset === null) return 'DATASET_UNKNOWN'
  if (dataset.withdrawn) return 'CONSENT_WITHDRAWN'
  if (dataset.pool !== request.pool) return 'DATASET_OTHER_POOL'
  if (isPast(dataset.expires, now)) return 'CONSENT_EXPIRED'
  if (!consentAllows(dataset.purposes, request.purposes)) return 'CONSENT_PURPOSE_MISSING'
  if (!dataset.ask || approval === 'granted') return null
  return approval === 'refused' ? 'APPROVAL_REFUSED' : 'APPROVAL_MISSING'
}

function poolRefusal(pool: PoolState): ErrorCode | null {
  if (!pool.exists) return 'POOL_UNKNOWN'
  return pool.closed ? 'POOL_IS_CLOSED' : null
}

function isPast(expires: number, now: number): boolean {
  return expires !== 0 && expires <= now
}

function refusalOf(check: () => void): ErrorCode | null {
  try {
    check()
    return null
  } catch (error) {
    const code = errorCode(error)
    if (code === undefined) throw error
    return code
  }
}
