import { z } from 'zod'
import { metadataDocumentSchema } from '../documents/index.js'
import { messageSchema } from '../messages/index.js'
import { canonicalAddressSchema, canonicalBytes32Schema, signatureSchema, timeSchema } from '../scalars.js'

export const CONSENT_RECEIPT_VERSION = 'granary/consent-receipt/v1'

/** Bytes of one receipt, and changes of consent in it. */
export const MAX_CONSENT_RECEIPT_BYTES = 16_777_216
export const MAX_CONSENT_RECEIPT_EVENTS = 1_000

/**
 * How a message was signed and where it is on chain. `signedBy` wallet: by a contract wallet, whose code alone can say
 * whether the signature is its own. Block, transaction and time are no part of what was signed.
 */
const placed = {
  signature: signatureSchema,
  signedBy: z.enum(['key', 'wallet']),
  block: z.int().min(0),
  transaction: canonicalBytes32Schema,
  time: timeSchema,
}

/** One signed message that made, changed or ended a consent. */
export const consentEventSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('Contribution'), message: messageSchema('Contribution'), ...placed }),
  z.strictObject({ type: z.literal('ConsentUpdate'), message: messageSchema('ConsentUpdate'), ...placed }),
  z.strictObject({ type: z.literal('Withdrawal'), message: messageSchema('Withdrawal'), ...placed }),
])
export type ConsentEvent = z.infer<typeof consentEventSchema>

/** The chain and the contracts of the DAO. Chain and registry are part of what was signed, the others are not. */
const contractsSchema = z.strictObject({
  chainId: z.int().min(1),
  datasetRegistry: canonicalAddressSchema,
  trainerRegistry: canonicalAddressSchema,
  accessRequests: canonicalAddressSchema,
  timelock: canonicalAddressSchema,
})

/**
 * What a receipt is worked out from. `terms` is the digest of the pool's terms, `metadata` the document whose digest was
 * signed, null where nobody has it. Events begin with the contribution, oldest first.
 */
export const consentEvidenceSchema = z.strictObject({
  version: z.literal(CONSENT_RECEIPT_VERSION),
  contracts: contractsSchema,
  terms: canonicalBytes32Schema,
  metadata: metadataDocumentSchema.nullable(),
  events: z.array(consentEventSchema).min(1).max(MAX_CONSENT_RECEIPT_EVENTS),
})
export type ConsentEvidence = z.infer<typeof consentEvidenceSchema>
