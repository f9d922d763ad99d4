// Settling between custodians, and the button that asks for it.
import { z } from 'zod'
import { settlementDocumentSchema } from '../documents/settlement.js'
import { messageSchema } from '../messages/index.js'
import { addressSchema, amountSchema, bytes32Schema, bytesSchema } from '../scalars.js'
import { memberIndexSchema } from './release.js'

/** A member's signature of a `Settlement`. */
export const settlementSignatureSchema = z.object({ account: addressSchema, signature: bytesSchema })
export type SettlementSignature = z.infer<typeof settlementSignatureSchema>

/**
 * POST /v1/settlements/signatures, from one member to another, in two steps. With `signatures` empty the receiver
 * checks the document and reserves its signature for it for some seconds; with the proposer's signature among them it
 * signs. `proposal` is the proposer's EIP-191 signature of the settlement's struct hash: only members may propose.
 */
export const settlementProposalSchema = z.object({
  settlement: messageSchema('Settlement'),
  document: settlementDocumentSchema,
  proposer: memberIndexSchema,
  proposal: bytesSchema,
  signatures: z.array(settlementSignatureSchema).max(64),
})
export type SettlementProposal = z.infer<typeof settlementProposalSchema>

/** `signature` is null in the first step. */
export const settlementSignedSchema = z.object({ signature: bytesSchema.nullable() })
export type SettlementSigned = z.infer<typeof settlementSignedSchema>

/** GET /v1/settlements/{number}: what this custodian holds of that number; the chain says whether it was settled. */
export const settlementResourceSchema = z.object({
  number: z.int().min(1),
  digest: bytes32Schema,
  cid: z.string(),
  settled: z.boolean(),
  document: settlementDocumentSchema,
})
export type SettlementResource = z.infer<typeof settlementResourceSchema>

/**
 * Answer of POST /v1/settlements: the settlement made now, or nulls when nothing was due. `paid` is what left escrow.
 */
export const settledNowSchema = z.object({
  number: z.int().nullable(),
  transaction: bytes32Schema.nullable(),
  uses: z.int(),
  paid: amountSchema,
})
export type SettledNow = z.infer<typeof settledNowSchema>
