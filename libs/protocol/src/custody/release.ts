// A release at one custodian: the signed order, its receipt, and the share against receipts of a quorum.
import { z } from 'zod'
import { messageSchema } from '../messages/index.js'
import { bytes32Schema, bytesSchema, signatureSchema } from '../scalars.js'

/** A member's place in its epoch, from 1: its Shamir x-coordinate and `memberIndex` of the committee contract. */
export const memberIndexSchema = z.int().min(1).max(64)

/** An epoch of the committee, from 1. */
export const epochNumberSchema = z.int().min(1).max(0xffff_ffff)

const MAX_MANIFEST_DEPTH = 32

/** One dataset of an order: `index` and `proof` place it in the request's manifest; `content` is the CID's digest. */
export const orderedDatasetSchema = z.object({
  dataset: bytes32Schema,
  content: bytes32Schema,
  index: z.int().min(0).max(0xffff_ffff),
  proof: z.array(bytes32Schema).max(MAX_MANIFEST_DEPTH),
})
export type OrderedDataset = z.infer<typeof orderedDatasetSchema>

/** A trainer's signed order: `order.datasets` is the datasets root of the ids, which ascend without repeats, at most 256. */
export const signedOrderSchema = z.object({
  order: messageSchema('ReleaseOrder'),
  signature: signatureSchema,
  datasets: z.array(orderedDatasetSchema).min(1).max(256),
})
export type SignedOrder = z.infer<typeof signedOrderSchema>

/** POST /v1/receipts. */
export const receiptsBodySchema = z.object({ order: signedOrderSchema })
export type ReceiptsBody = z.infer<typeof receiptsBodySchema>

/** A dataset that did not pass, with the code of the first check that it failed. */
export const refusalSchema = z.object({ dataset: bytes32Schema, code: z.string(), message: z.string() })
export type Refusal = z.infer<typeof refusalSchema>

/** A receipt with everything that is needed to judge it: `passed` are the ids whose root is `receipt.datasets`. */
export const signedReceiptSchema = z.object({
  epoch: epochNumberSchema,
  member: memberIndexSchema,
  receipt: messageSchema('Receipt'),
  signature: bytesSchema,
  passed: z.array(bytes32Schema).min(1).max(256),
})
export type SignedReceipt = z.infer<typeof signedReceiptSchema>

/** Answer of POST /v1/receipts. `receipt` and `signature` are null when no dataset passed. */
export const receiptsAnswerSchema = z.object({
  epoch: epochNumberSchema,
  member: memberIndexSchema,
  receipt: messageSchema('Receipt').nullable(),
  signature: bytesSchema.nullable(),
  passed: z.array(bytes32Schema).max(256),
  refused: z.array(refusalSchema).max(256),
})
export type ReceiptsAnswer = z.infer<typeof receiptsAnswerSchema>

/** POST /v1/shares: the order again, with receipts of a quorum, the asked custodian's own among them. */
export const sharesBodySchema = z.object({
  order: signedOrderSchema,
  receipts: z.array(signedReceiptSchema).max(64),
})
export type SharesBody = z.infer<typeof sharesBodySchema>

const base64Schema = z
  .string()
  .max(1 << 20)
  .regex(/^[A-Za-z0-9+/]*={0,2}$/, 'base64')

/**
 * Answer of POST /v1/shares. `answer` is an age file to the recipient that the request has on chain, `delivery` names
 * its Keccak-256 and is signed by the member: with both a false share can be proved to anyone. All three are null when
 * every dataset was refused.
 */
export const sharesAnswerSchema = z.object({
  epoch: epochNumberSchema,
  member: memberIndexSchema,
  answer: base64Schema.nullable(),
  delivery: messageSchema('Delivery').nullable(),
  signature: bytesSchema.nullable(),
  refused: z.array(refusalSchema).max(256),
})
export type SharesAnswer = z.infer<typeof sharesAnswerSchema>

/** POST /v1/owner-releases: an owner's own opening of its datasets, also withdrawn ones. */
export const ownerReleaseBodySchema = z.object({
  release: messageSchema('OwnerRelease'),
  signature: signatureSchema,
  datasets: z
    .array(z.object({ dataset: bytes32Schema, content: bytes32Schema }))
    .min(1)
    .max(256),
})
export type OwnerReleaseBody = z.infer<typeof ownerReleaseBodySchema>

/** Answer of POST /v1/owner-releases; `answer` is null when every dataset was refused. */
export const ownerReleaseAnswerSchema = z.object({
  epoch: epochNumberSchema,
  member: memberIndexSchema,
  answer: base64Schema.nullable(),
  refused: z.array(refusalSchema).max(256),
})
export type OwnerReleaseAnswer = z.infer<typeof ownerReleaseAnswerSchema>

export const ANSWER_VERSION = 'granary/answer/v1'

/**
 * What a sealed answer opens to. `request` is the access request's id, or the struct hash of the `OwnerRelease`.
 * A share is nothing until its proof holds against the member's verifying share on chain.
 */
export const openedAnswerSchema = z.object({
  version: z.literal(ANSWER_VERSION),
  request: bytes32Schema,
  epoch: epochNumberSchema,
  member: memberIndexSchema,
  shares: z
    .array(
      z.object({
        dataset: bytes32Schema,
        share: bytes32Schema,
        proof: bytesSchema.refine((text) => text.length === 130, '64 bytes'),
      }),
    )
    .max(256),
})
export type OpenedAnswer = z.infer<typeof openedAnswerSchema>
