// Contributions, the catalogue, consent and history of datasets.
import { z } from 'zod'
import { metadataDocumentSchema, newMetadataDocumentSchema } from '../documents/index.js'
import { messageSchema } from '../messages/index.js'
import { addressSchema, amountSchema, bytes32Schema, signatureSchema } from '../scalars.js'
import { onChainSchema, pageQuerySchema, pageSchema, purposeNamesSchema } from './common.js'

/** POST /v1/datasets. The metadata document's digest must be the one in the signed contribution. */
export const contributeBodySchema = z.object({
  contribution: messageSchema('Contribution'),
  signature: signatureSchema,
  metadata: newMetadataDocumentSchema,
})
export type ContributeBody = z.input<typeof contributeBodySchema>

/** 202 of POST /v1/datasets. */
export const contributedSchema = z.object({ id: bytes32Schema, cid: z.string(), relay: z.string() })
export type ContributedResource = z.infer<typeof contributedSchema>

/** POST /v1/datasets/{id}/consent. */
export const consentBodySchema = z.object({
  update: messageSchema('ConsentUpdate'),
  signature: signatureSchema,
})
export type ConsentBody = z.input<typeof consentBodySchema>

/** POST /v1/datasets/{id}/withdrawal. */
export const withdrawalBodySchema = z.object({
  withdrawal: messageSchema('Withdrawal'),
  signature: signatureSchema,
})
export type WithdrawalBody = z.input<typeof withdrawalBodySchema>

/**
 * GET /v1/datasets. `purposes` is a comma-separated list of names: only datasets whose consent allows all of them,
 * neither withdrawn nor expired.
 */
export const datasetsQuerySchema = pageQuerySchema.extend({
  owner: addressSchema.optional(),
  pool: z.coerce.number().int().min(1).max(65_535).optional(),
  purposes: z.string().max(400).optional(),
})
export type DatasetsQuery = z.input<typeof datasetsQuerySchema>

/** A dataset as the chain and its metadata document tell. `size` is the sealed file's, null while unknown here. */
export const datasetSchema = z.object({
  id: bytes32Schema,
  owner: addressSchema,
  cid: z.string(),
  content: bytes32Schema,
  rawRoot: z.boolean(),
  pool: z.int(),
  purposes: purposeNamesSchema,
  expires: z.iso.datetime().nullable(),
  ask: z.boolean(),
  withdrawn: z.boolean(),
  status: z.enum(['active', 'withdrawn', 'expired']),
  metadata: metadataDocumentSchema.nullable(),
  metadataCid: z.string(),
  size: z.int().nullable(),
  registered: onChainSchema,
  earned: amountSchema,
  uses: z.int(),
})
export type DatasetResource = z.infer<typeof datasetSchema>

export const datasetsPageSchema = pageSchema(datasetSchema)
export type DatasetsPage = z.infer<typeof datasetsPageSchema>

/** Everything that ever happened to a dataset, newest first. `released` = a use that was settled. */
export const historyItemSchema = z.discriminatedUnion('type', [
  onChainSchema.extend({
    type: z.literal('contributed'),
    pool: z.int(),
    purposes: purposeNamesSchema,
    expires: z.iso.datetime().nullable(),
    ask: z.boolean(),
  }),
  onChainSchema.extend({
    type: z.literal('consent-updated'),
    purposes: purposeNamesSchema,
    expires: z.iso.datetime().nullable(),
    ask: z.boolean(),
  }),
  onChainSchema.extend({ type: z.literal('withdrawn') }),
  onChainSchema.extend({ type: z.literal('approval'), request: bytes32Schema, granted: z.boolean() }),
  onChainSchema.extend({
    type: z.literal('released'),
    request: bytes32Schema,
    trainer: addressSchema,
    purposes: purposeNamesSchema,
    amount: amountSchema,
    settlement: z.int(),
  }),
])
export type HistoryItem = z.infer<typeof historyItemSchema>
export const historyPageSchema = pageSchema(historyItemSchema)
export type HistoryPage = z.infer<typeof historyPageSchema>
