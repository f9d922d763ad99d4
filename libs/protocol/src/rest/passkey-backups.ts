// Recovery keys under a passkey: the file that a browser makes, and the copies of it that the API keeps for its owner.
import { z } from 'zod'
import { MAX_PASSKEY_CREDENTIAL, MAX_PASSKEY_SEALED } from '../limits.js'
import { addressSchema, timeSchema } from '../scalars.js'

/**
 * A passkey file, and the body of POST /v1/passkey-backups. `credential` says which passkey (age's encoding) and is no
 * secret; `sealed` is an age file in its text form which nothing but that passkey opens. What is in it is in
 * ARCHITECTURE.md.
 */
export const passkeyFileSchema = z.strictObject({
  version: z.literal('granary/passkey/v1'),
  account: addressSchema,
  credential: z
    .string()
    .max(MAX_PASSKEY_CREDENTIAL)
    .regex(/^AGE-PLUGIN-FIDO2PRF-1[02-9AC-HJ-NP-Z]+$/, 'a passkey as age writes it'),
  created: timeSchema,
  sealed: z
    .string()
    .max(MAX_PASSKEY_SEALED)
    .regex(
      /^-----BEGIN AGE ENCRYPTED FILE-----\n(?:[A-Za-z0-9+/=]{1,64}\n)+-----END AGE ENCRYPTED FILE-----\n$/,
      'an age file in its text form',
    ),
})
export type PasskeyFile = z.infer<typeof passkeyFileSchema>

/** A copy that the API keeps. `keptAt` changes when a newer one of the same passkey replaces it. */
export const passkeyBackupSchema = z.object({ id: z.uuid(), keptAt: timeSchema, file: passkeyFileSchema })
export type PasskeyBackup = z.infer<typeof passkeyBackupSchema>

/** GET /v1/passkey-backups: all of the account's, newest first. */
export const passkeyBackupsSchema = z.object({ items: z.array(passkeyBackupSchema) })
export type PasskeyBackups = z.infer<typeof passkeyBackupsSchema>
