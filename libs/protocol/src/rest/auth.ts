// Signing in: a nonce with the complete EIP-4361 text, then a session for its signature.
import { z } from 'zod'
import { addressSchema, signInSignatureSchema, timeSchema } from '../scalars.js'

/** POST /v1/auth/nonce. `uri`, when given, must be below the API's public URL. */
export const nonceBodySchema = z.object({ address: addressSchema, uri: z.url().max(500).optional() })
export type NonceBody = z.input<typeof nonceBodySchema>

/** `message` is the text to sign as it stands; the nonce is spent by the first attempt to use it. */
export const nonceSchema = z.object({ nonce: z.string(), message: z.string(), expiresAt: timeSchema })
export type NonceResource = z.infer<typeof nonceSchema>

/** POST /v1/auth/session. */
export const sessionBodySchema = z.object({ message: z.string().max(4000), signature: signInSignatureSchema })
export type SessionBody = z.input<typeof sessionBodySchema>

/** GET /v1/auth/session. */
export const sessionSchema = z.object({ address: addressSchema, expiresAt: timeSchema })
export type SessionResource = z.infer<typeof sessionSchema>

/** 201 of POST /v1/auth/session: the only time the token is shown. */
export const newSessionSchema = sessionSchema.extend({ token: z.string() })
export type NewSessionResource = z.infer<typeof newSessionSchema>
