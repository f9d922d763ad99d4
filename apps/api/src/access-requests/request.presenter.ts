import {
  bitsToPurposes,
  documentCids,
  type Hex,
  MAX_DOCUMENT_BYTES,
  type RequestResource,
} from '@granary/protocol'
import type { AccessRequest } from '../database/generated/client.js'
import { expiryTime, onChain } from '../datasets/dataset.presenter.js'
import type { RequestStatus } from './access-requests.repository.js'

/** Characters of an id in a manifest document: about so many ids fit in a document with a raw root. */
const ID_CHARACTERS = 69

export function requestStatus(row: AccessRequest, now: Date): RequestStatus {
  if (row.isRefunded) return 'refunded'
  if (row.isFinal) return 'final'
  return Number(row.expires) <= now.getTime() / 1000 ? 'expired' : 'open'
}

/** From when on it can be refunded, in Unix seconds, unless a settlement ends it earlier. */
export function refundableFrom({ isFinal, finalFrom, expires, window }: AccessRequest): bigint {
  const end = expires + window + 1n
  return isFinal && finalFrom !== null && finalFrom < end ? finalFrom : end
}

export function presentRequest(row: AccessRequest): RequestResource {
  const [raw, tree] = documentCids(row.manifestDocument as Hex)
  return {
    id: row.id as Hex,
    trainer: row.trainer as Hex,
    pool: row.pool,
    purposes: bitsToPurposes(Number(row.purposes)),
    count: row.count,
    price: row.price.toFixed(0),
    escrowed: row.price.times(row.count).toFixed(0),
    spent: row.spent.toFixed(0),
    refunded: row.refunded.toFixed(0),
    status: requestStatus(row, new Date()),
    expires: expiryTime(row.expires) ?? new Date(0).toISOString(),
    window: Number(row.window),
    refundableAt: expiryTime(refundableFrom(row)) ?? new Date(0).toISOString(),
    manifestRoot: row.manifestRoot as Hex,
    manifestDocument: row.manifestDocument as Hex,
    manifestCid: row.count * ID_CHARACTERS > MAX_DOCUMENT_BYTES ? tree : raw,
    recipient: row.recipient as Hex,
    treasuryBps: row.treasuryBps,
    custodiansBps: row.custodiansBps,
    opened: onChain(row),
  }
}
