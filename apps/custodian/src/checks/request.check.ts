// Check 2: the request is neither expired nor refunded nor final; the trainer is approved and not suspended.
import { GranaryError } from '@granary/protocol'
import { ZeroAddress } from 'ethers'
import type { RequestRecord, TrainerRecord } from '../chain/contracts.js'

/** Request and trainer as one moment shows them; null where the call reverted. */
export interface RequestFacts {
  request: RequestRecord | null
  trainer: TrainerRecord | null
}

/**
 * `confirmed` must permit, and no endpoint's `latest` may forbid. An endpoint that does not know the request yet is
 * behind, which forbids nothing.
 *
 * @param time Unix seconds
 * @throws GranaryError REQUEST_UNKNOWN, REQUEST_REFUNDED, REQUEST_FINAL, REQUEST_EXPIRED, TRAINER_IS_SUSPENDED,
 *   TRAINER_NOT_APPROVED
 */
export function checkRequest(time: number, confirmed: RequestFacts, latest: readonly RequestFacts[]): void {
  if (confirmed.request === null || confirmed.request.trainer === ZeroAddress)
    throw new GranaryError('REQUEST_UNKNOWN')
  for (const { request } of [confirmed, ...latest]) {
    if (request === null || request.trainer === ZeroAddress) continue
    if (request.refunded) throw new GranaryError('REQUEST_REFUNDED')
    if (request.isFinal) throw new GranaryError('REQUEST_FINAL')
    if (time > request.expires) throw new GranaryError('REQUEST_EXPIRED', { expires: request.expires })
  }
  for (const { trainer } of [confirmed, ...latest]) {
    if (trainer?.suspended) throw new GranaryError('TRAINER_IS_SUSPENDED')
    if (trainer === null || trainer.approvedUntil < time) throw new GranaryError('TRAINER_NOT_APPROVED')
  }
}
