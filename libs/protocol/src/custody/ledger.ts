// A custodian's ledger as its peers and auditors read it: hash-chained entries, in order.
import { z } from 'zod'
import { bytes32Schema } from '../scalars.js'
import { signedReceiptSchema } from './release.js'

/** `hash` is the Keccak-256 of the canonical JSON of the entry without `hash`; `previous` is zero in the first entry. */
const link = {
  sequence: z.int().min(1),
  time: z.int(),
  previous: bytes32Schema,
  hash: bytes32Schema,
}

export const ledgerEntrySchema = z.discriminatedUnion('type', [
  z.object({ ...link, type: z.literal('receipt'), body: signedReceiptSchema }),
  z.object({
    ...link,
    type: z.literal('quorum'),
    body: z.object({
      request: bytes32Schema,
      datasets: z.array(bytes32Schema).min(1).max(256),
      receipts: z.array(signedReceiptSchema).min(1).max(64),
    }),
  }),
  z.object({ ...link, type: z.literal('owner-release'), body: z.object({ release: bytes32Schema }) }),
])
export type LedgerEntry = z.infer<typeof ledgerEntrySchema>

/** GET /v1/ledger?after=N&limit=M: the entries that follow sequence N, at most M. */
export const ledgerQuerySchema = z.object({
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(200).default(100),
})
export type LedgerQuery = z.input<typeof ledgerQuerySchema>

/** `last` is the sequence of the newest entry, 0 for none. */
export const ledgerPageSchema = z.object({
  entries: z.array(ledgerEntrySchema).max(200),
  last: z.int().min(0),
})
export type LedgerPage = z.infer<typeof ledgerPageSchema>
