// Key generation between custodians. Every part is signed by its member over chain, contract, epoch and session.
import { z } from 'zod'
import { bytes32Schema, bytesSchema } from '../scalars.js'
import { epochNumberSchema, memberIndexSchema } from './release.js'

/** The first word of a run: a fresh nonce. The session is the digest of all members' nonces. */
export const keyGenerationHelloSchema = z.object({ nonce: bytes32Schema, signature: bytesSchema })

/** Round 1, to everybody: commitments to the polynomial (t points) and the proof that its constant term is known. */
export const keyGenerationRound1Schema = z.object({
  commitment: z.array(bytes32Schema).min(2).max(64),
  proof: bytesSchema.refine((text) => text.length === 130, '64 bytes'),
  signature: bytesSchema,
})
export type KeyGenerationRound1 = z.infer<typeof keyGenerationRound1Schema>

/** Round 2, to one member: its part of the polynomial as an age file (base64) to that member's recipient. */
export const keyGenerationRound2Schema = z.object({
  to: memberIndexSchema,
  sealed: z.string().max(4096),
  signature: bytesSchema,
})
export type KeyGenerationRound2 = z.infer<typeof keyGenerationRound2Schema>

/** GET /v1/key-generations/{epoch}: how far this member is. Peers poll it. */
export const keyGenerationStateSchema = z.object({
  epoch: epochNumberSchema,
  member: memberIndexSchema,
  hello: keyGenerationHelloSchema,
  session: bytes32Schema.nullable(),
  round1: keyGenerationRound1Schema.nullable(),
  round2: z.array(keyGenerationRound2Schema).max(64),
})
export type KeyGenerationState = z.infer<typeof keyGenerationStateSchema>
