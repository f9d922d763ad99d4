import {
  bitsToPurposes,
  contentToCid,
  type DatasetResource,
  type Hex,
  type HistoryItem,
  type MetadataDocument,
  readFlags,
} from '@granary/protocol'
import type { DescribedDataset, HistoryRow } from './datasets.repository.js'

/** Unix seconds of the chain as RFC 3339; 0 = never. Beyond what a Date can hold: the last day it can. */
export function expiryTime(seconds: bigint): string | null {
  if (seconds === 0n) return null
  return new Date(Math.min(Number(seconds) * 1000, Date.UTC(9999, 11, 31))).toISOString()
}

export function presentDataset(row: DescribedDataset, metadata: MetadataDocument | null): DatasetResource {
  const expired = row.expires !== 0n && Number(row.expires) * 1000 <= Date.now()
  return {
    id: row.id as Hex,
    owner: row.owner as Hex,
    cid: contentToCid(row.content as Hex, row.rawRoot),
    content: row.content as Hex,
    rawRoot: row.rawRoot,
    pool: row.pool,
    purposes: bitsToPurposes(Number(row.purposes)),
    expires: expiryTime(row.expires),
    ask: row.ask,
    withdrawn: row.withdrawn,
    status: row.withdrawn ? 'withdrawn' : expired ? 'expired' : 'active',
    metadata,
    metadataCid: contentToCid(row.metadata as Hex, true),
    size: row.size === null ? null : Number(row.size),
    registered: onChain(row),
    earned: row.earned,
    uses: row.uses,
  }
}

/** A row of the history; null for an event that says nothing to people. */
export function presentHistory(row: HistoryRow): HistoryItem | null {
  const args = row.args ?? {}
  const place = onChain(row)
  const consent = () => ({
    purposes: bitsToPurposes(Number(args.purposes)),
    expires: expiryTime(BigInt(String(args.expires))),
  })
  switch (row.name) {
    case 'Contributed':
      return {
        ...place,
        type: 'contributed',
        pool: Number(args.pool),
        ...consent(),
        ask: readFlags(Number(args.flags)).ask,
      }
    case 'ConsentUpdated':
      return { ...place, type: 'consent-updated', ...consent(), ask: args.ask === true }
    case 'Withdrawn':
      return { ...place, type: 'withdrawn' }
    case 'ApprovalGiven':
      return { ...place, type: 'approval', request: row.request as Hex, granted: args.granted === true }
    case 'Released':
      return {
        ...place,
        type: 'released',
        request: row.request as Hex,
        trainer: row.trainer as Hex,
        purposes: bitsToPurposes(Number(row.purposes ?? 0)),
        amount: row.amount ?? '0',
        settlement: row.number ?? 0,
      }
    default:
      return null
  }
}

/** Where on the chain a row comes from. */
export function onChain(row: { block: bigint; transaction: string; time: Date }) {
  return { block: Number(row.block), transaction: row.transaction as Hex, time: row.time.toISOString() }
}
