// The settlement document: receipts turned into rewards, so that anybody can recompute a root on chain.
import { z } from 'zod'
import { addressSchema, amountSchema, bytes32Schema, bytesSchema } from '../scalars.js'

export const SETTLEMENT_VERSION = 'granary/settlement/v1'

/** One dataset used under one request. `earned` is the owner's part of `price`; `receipts` are places in the list below. */
export const settlementUseSchema = z.object({
  request: bytes32Schema,
  dataset: bytes32Schema,
  owner: addressSchema,
  price: amountSchema,
  earned: amountSchema,
  receipts: z.array(z.int().min(0)).min(2).max(64),
})
export type SettlementUse = z.infer<typeof settlementUseSchema>

/** A custodian's receipt; `passed` are the ids whose datasets root is `datasets`. `member` is the signer's account. */
export const settlementReceiptSchema = z.object({
  member: addressSchema,
  request: bytes32Schema,
  epoch: z.int().min(1),
  order: bytes32Schema,
  datasets: bytes32Schema,
  time: z.int().min(0),
  signature: bytesSchema,
  passed: z.array(bytes32Schema).min(1).max(256),
})
export type SettlementReceipt = z.infer<typeof settlementReceiptSchema>

/**
 * `leaves` are only the accounts whose total ever earned changed, with the new total, ascending by account; the whole
 * tree is what the documents up to this one say last of each account. `epoch` signs it; receipts may be of earlier ones.
 * `voidings`: how often the guardian had voided when it was composed, left out for never; so the same facts have another
 * document after each voiding.
 */
export const settlementDocumentSchema = z.object({
  version: z.literal(SETTLEMENT_VERSION),
  chainId: z.int(),
  number: z.int().min(1),
  epoch: z.int().min(1),
  previousDocument: bytes32Schema,
  treasury: addressSchema,
  uses: z.array(settlementUseSchema),
  receipts: z.array(settlementReceiptSchema),
  leaves: z.array(z.object({ account: addressSchema, total: amountSchema })),
  finals: z.array(bytes32Schema),
  root: bytes32Schema,
  total: amountSchema,
  voidings: z.int().min(1).optional(),
})
export type SettlementDocument = z.infer<typeof settlementDocumentSchema>
