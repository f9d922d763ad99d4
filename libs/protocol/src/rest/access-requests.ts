// The trainer's path: a proposed manifest, the signed request, approvals, releases by way of the API.
import { z } from 'zod'
import { manifestDocumentSchema } from '../documents/index.js'
import { messageSchema } from '../messages/index.js'
import { addressSchema, amountSchema, bytes32Schema, signatureSchema, timeSchema } from '../scalars.js'
import { onChainSchema, pageQuerySchema, pageSchema, poolNumberSchema, purposeNamesSchema } from './common.js'

/**
 * POST /v1/access-requests/manifests. Without `datasets`: every dataset of the pool whose consent allows the purposes
 * now; with it: those of them that are named (naming one that does not qualify is refused).
 */
export const manifestBodySchema = z.object({
  pool: poolNumberSchema,
  purposes: purposeNamesSchema.min(1),
  datasets: z.array(bytes32Schema).min(1).max(10_000).optional(),
  excludedOwners: z.array(addressSchema).max(1000).optional(),
  maxPerOwner: z.int().min(1).optional(),
})
export type ManifestBody = z.input<typeof manifestBodySchema>

/** A proposal, which binds nobody until the trainer signs its root. `total` = price x count. */
export const proposedManifestSchema = z.object({
  document: manifestDocumentSchema,
  digest: bytes32Schema,
  cid: z.string(),
  root: bytes32Schema,
  count: z.int(),
  price: amountSchema,
  total: amountSchema,
})
export type ProposedManifest = z.infer<typeof proposedManifestSchema>

/** An ERC-2612 permit for AccessRequests. */
export const permitSchema = z.object({
  value: amountSchema,
  deadline: amountSchema,
  v: z.int().min(0).max(255),
  r: bytes32Schema,
  s: bytes32Schema,
})
export type PermitResource = z.infer<typeof permitSchema>

/** POST /v1/access-requests. `permit` null = the allowance is there already. */
export const openRequestBodySchema = z.object({
  request: messageSchema('AccessRequest'),
  signature: signatureSchema,
  permit: permitSchema.nullable().default(null),
})
export type OpenRequestBody = z.input<typeof openRequestBodySchema>

export const openedRequestSchema = z.object({ id: bytes32Schema, relay: z.string() })
export type OpenedRequest = z.infer<typeof openedRequestSchema>

export const REQUEST_STATUSES = ['open', 'expired', 'final', 'refunded'] as const

/**
 * `escrowed` = price x count, `spent` and `refunded` have left it. `window` in seconds. `refundableAt`: at the end of the
 * window, or earlier once a settlement that says it is final is in effect.
 */
export const requestSchema = z.object({
  id: bytes32Schema,
  trainer: addressSchema,
  pool: z.int(),
  purposes: purposeNamesSchema,
  count: z.int(),
  price: amountSchema,
  escrowed: amountSchema,
  spent: amountSchema,
  refunded: amountSchema,
  status: z.enum(REQUEST_STATUSES),
  expires: timeSchema,
  window: z.int(),
  refundableAt: timeSchema,
  manifestRoot: bytes32Schema,
  manifestDocument: bytes32Schema,
  manifestCid: z.string(),
  recipient: bytes32Schema,
  treasuryBps: z.int(),
  custodiansBps: z.int(),
  opened: onChainSchema,
})
export type RequestResource = z.infer<typeof requestSchema>

export const requestsQuerySchema = pageQuerySchema.extend({
  trainer: addressSchema.optional(),
  status: z.enum(REQUEST_STATUSES).optional(),
})
export type RequestsQuery = z.input<typeof requestsQuerySchema>
export const requestsPageSchema = pageSchema(requestSchema)
export type RequestsPage = z.infer<typeof requestsPageSchema>

/** GET /v1/access-requests/{id}/manifest. `contents` is in the order of the document's ids. */
export const requestManifestSchema = z.object({
  document: manifestDocumentSchema,
  contents: z.array(
    z.object({
      dataset: bytes32Schema,
      content: bytes32Schema,
      cid: z.string(),
      rawRoot: z.boolean(),
      owner: addressSchema,
    }),
  ),
})
export type RequestManifest = z.infer<typeof requestManifestSchema>

/** POST /v1/access-requests/{id}/approvals. */
export const approvalBodySchema = z.object({
  approval: messageSchema('Approval'),
  signature: signatureSchema,
})
export type ApprovalBody = z.input<typeof approvalBodySchema>

/** One dataset in ask mode of a request's manifest, and its owner's answer if there is one. */
export const approvalSchema = z.object({
  dataset: bytes32Schema,
  owner: addressSchema,
  status: z.enum(['pending', 'granted', 'refused']),
  given: onChainSchema.nullable(),
})
export type ApprovalResource = z.infer<typeof approvalSchema>
export const approvalsPageSchema = pageSchema(approvalSchema)
export type ApprovalsPage = z.infer<typeof approvalsPageSchema>

/** GET /v1/approvals: an owner's inbox. `status` narrows it; `pending` is what waits for an answer. */
export const inboxQuerySchema = pageQuerySchema.extend({
  owner: addressSchema,
  status: approvalSchema.shape.status.optional(),
})
export type InboxQuery = z.input<typeof inboxQuerySchema>

/** An open request that asks for a dataset in ask mode, neither withdrawn nor expired, with the owner's answer. */
export const inboxItemSchema = approvalSchema.extend({ request: requestSchema })
export type InboxItem = z.infer<typeof inboxItemSchema>
export const inboxPageSchema = pageSchema(inboxItemSchema)
export type InboxPage = z.infer<typeof inboxPageSchema>

/** GET /v1/approvals/history: every answer that an owner gave, newest first. */
export const answersQuerySchema = pageQuerySchema.extend({ owner: addressSchema })
export type AnswersQuery = z.input<typeof answersQuerySchema>

/** An answer; `earned` is what the use under this request earned once it is settled, null without one. */
export const answerSchema = z.object({
  dataset: bytes32Schema,
  status: z.enum(['granted', 'refused']),
  given: onChainSchema,
  request: requestSchema,
  earned: amountSchema.nullable(),
})
export type AnswerItem = z.infer<typeof answerSchema>
export const answersPageSchema = pageSchema(answerSchema)
export type AnswersPage = z.infer<typeof answersPageSchema>

/** POST /v1/owner-releases: passed on as it is; the custodians' own schema judges it. */
export const ownerReleaseProxyBodySchema = z.object({
  release: z.record(z.string(), z.unknown()),
  signature: signatureSchema,
  datasets: z.array(z.record(z.string(), z.unknown())).min(1).max(256),
})

/** POST …/releases/receipts: passed on as it is; the custodians' own schemas judge it. */
export const receiptsProxyBodySchema = z.object({ order: z.record(z.string(), z.unknown()) })
/** POST …/releases/shares: passed on as it is. */
export const sharesProxyBodySchema = z.object({
  order: z.record(z.string(), z.unknown()),
  receipts: z.array(z.record(z.string(), z.unknown())).max(64),
})

/** What each custodian answered; `status` 0 and a problem when it could not be reached. */
export const custodianAnswersSchema = z.object({
  custodians: z.array(
    z.object({ member: z.int(), endpoint: z.string(), status: z.int(), body: z.unknown() }),
  ),
})
export type CustodianAnswers = z.infer<typeof custodianAnswersSchema>

/** A settled use of a dataset under a request. */
export const useSchema = onChainSchema.extend({
  request: bytes32Schema,
  dataset: bytes32Schema,
  owner: addressSchema,
  amount: amountSchema,
  settlement: z.int(),
})
export type UseResource = z.infer<typeof useSchema>
export const usesPageSchema = pageSchema(useSchema)
export type UsesPage = z.infer<typeof usesPageSchema>
