// Contributions, the catalogue, consent and history of datasets.
import { z } from 'zod'
import { metadataDocumentSchema, newMetadataDocumentSchema } from '../documents/index.js'
import { messageJsonSchema, messageSchema } from '../messages/index.js'
import { addressSchema, amountSchema, bytes32Schema, signatureSchema } from '../scalars.js'
import {
  onChainSchema,
  pageQuerySchema,
  pageSchema,
  purposeNameSchema,
  purposeNamesSchema,
} from './common.js'

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

/** Kinds of files that the catalogue tells apart: by the schema in the metadata, else by the media type. */
export const DATASET_FORMATS = [
  'csv',
  'jsonl',
  'json',
  'parquet',
  'zip',
  'text',
  'image',
  'audio',
  'video',
  'other',
] as const
export type DatasetFormat = (typeof DATASET_FORMATS)[number]

/** By registration, or by the size of the plaintext. */
export const DATASET_ORDERS = ['newest', 'oldest', 'largest', 'smallest'] as const
export type DatasetOrder = (typeof DATASET_ORDERS)[number]

const formatsSchema = z
  .string()
  .max(100)
  .transform((list) => list.split(','))
  .pipe(z.array(z.enum(DATASET_FORMATS)))
const bytesSchema = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

/**
 * What the catalogue is narrowed to. `purposes` is a comma-separated list of names: only datasets whose consent allows
 * all of them, neither withdrawn nor expired. `q`: words, or their beginnings, that title and description have, all of
 * them. `format`: any of a comma-separated list. Sizes are the plaintext's in bytes, `minSize` included, `maxSize` not;
 * `since` and `before` are days (UTC) of registration, the first included, the second not.
 */
export const datasetFilterSchema = z.object({
  owner: addressSchema.optional(),
  pool: z.coerce.number().int().min(1).max(65_535).optional(),
  purposes: z.string().max(400).optional(),
  q: z.string().max(200).optional(),
  format: formatsSchema.optional(),
  ask: z.enum(['yes', 'no']).optional(),
  status: z.enum(['active', 'withdrawn', 'expired']).optional(),
  minSize: bytesSchema.optional(),
  maxSize: bytesSchema.optional(),
  since: z.iso.date().optional(),
  before: z.iso.date().optional(),
})

/** GET /v1/datasets. A cursor goes on in the order that it was given for. */
export const datasetsQuerySchema = pageQuerySchema.extend({
  ...datasetFilterSchema.shape,
  sort: z.enum(DATASET_ORDERS).default('newest'),
})
export type DatasetsQuery = z.input<typeof datasetsQuerySchema>

/**
 * GET /v1/datasets/facets: how many datasets there are, and how many each further choice would leave; for pool, format,
 * mode and size as if nothing was chosen there yet. At most `limit` are counted: a count that reached it is that many or
 * more.
 */
export const datasetFacetsSchema = z.object({
  total: z.int(),
  limit: z.int(),
  pools: z.array(z.object({ pool: z.int(), count: z.int() })),
  purposes: z.array(z.object({ purpose: purposeNameSchema, count: z.int() })),
  formats: z.array(z.object({ format: z.enum(DATASET_FORMATS), count: z.int() })),
  ask: z.array(z.object({ ask: z.enum(['yes', 'no']), count: z.int() })),
  sizes: z.array(z.object({ minSize: z.int(), maxSize: z.int().nullable(), count: z.int() })),
})
export type DatasetFacets = z.infer<typeof datasetFacetsSchema>

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

/**
 * One signed message that made, changed or ended the consent of a dataset. `signed` is null where the message cannot be
 * found: it came through a contract of somebody else's, or no node has its transaction any more.
 */
const signedSchema = <N extends 'Contribution' | 'ConsentUpdate' | 'Withdrawal'>(name: N) =>
  onChainSchema.extend({
    type: z.literal(name),
    signed: z.object({ message: messageJsonSchema(name), signature: signatureSchema }).nullable(),
  })
export const consentMessageSchema = z.discriminatedUnion('type', [
  signedSchema('Contribution'),
  signedSchema('ConsentUpdate'),
  signedSchema('Withdrawal'),
])
export type ConsentMessageResource = z.infer<typeof consentMessageSchema>

/** GET /v1/datasets/{id}/consents, oldest first. Each may cost a look at the chain: at most 50 a page. */
export const consentMessagesQuerySchema = pageQuerySchema.extend({
  limit: z.coerce.number().int().min(1).max(50).default(50),
})
export const consentMessagesPageSchema = pageSchema(consentMessageSchema)
export type ConsentMessagesPage = z.infer<typeof consentMessagesPageSchema>
