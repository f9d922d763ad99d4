import { z } from 'zod'
import { profileDocumentSchema } from '../documents/index.js'
import { messageSchema } from '../messages/index.js'
import { addressSchema, amountSchema, signatureSchema, timeSchema } from '../scalars.js'
import { pageQuerySchema, pageSchema } from './common.js'

/** `ended`: an approval that ran out or was revoked. */
export const TRAINER_STATUSES = ['none', 'applied', 'approved', 'suspended', 'ended'] as const

/** POST /v1/trainers. The profile document's digest must be the one in the signed application. */
export const trainerBodySchema = z.object({
  application: messageSchema('TrainerApplication'),
  signature: signatureSchema,
  profile: profileDocumentSchema,
})
export type TrainerBody = z.input<typeof trainerBodySchema>

export const trainerSchema = z.object({
  address: addressSchema,
  status: z.enum(TRAINER_STATUSES),
  approvedUntil: timeSchema.nullable(),
  profile: profileDocumentSchema.nullable(),
})
export type TrainerResource = z.infer<typeof trainerSchema>

export const trainersQuerySchema = pageQuerySchema.extend({ status: z.enum(TRAINER_STATUSES).optional() })
export type TrainersQuery = z.input<typeof trainersQuerySchema>
export const trainersPageSchema = pageSchema(trainerSchema)
export type TrainersPage = z.infer<typeof trainersPageSchema>

/**
 * GET /v1/trainers/{address}/record: what a trainer has done so far. `approvedSince`: since when without a break, null
 * when it is not approved; `asked`: datasets that its `requests` asked for; `uses` and `paid`: what was settled of them.
 */
export const trainerRecordSchema = z.object({
  address: addressSchema,
  approvedSince: timeSchema.nullable(),
  requests: z.int(),
  asked: z.int(),
  uses: z.int(),
  paid: amountSchema,
})
export type TrainerRecord = z.infer<typeof trainerRecordSchema>
