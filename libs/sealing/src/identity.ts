import { x25519 } from '@noble/curves/ed25519.js'
import { randomBytes } from '@noble/hashes/utils.js'
import { bech32 } from '@scure/base'
import { identityToRecipient as ageIdentityToRecipient } from 'age-encryption'
import { requireBytes, SealingError } from './errors.js'

const IDENTITY_PREFIX = 'AGE-SECRET-KEY-'
const RECIPIENT_PREFIX = 'age'
const KEY_BYTES = 32

/**
 * A new X25519 identity, `AGE-SECRET-KEY-1…`: the secret that opens what is sealed to its recipient. It comes from
 * the platform's random generator and is never derived from a wallet. Who loses it needs an `OwnerRelease`.
 */
export function generateIdentity(): string {
  return bech32.encodeFromBytes(IDENTITY_PREFIX, randomBytes(KEY_BYTES)).toUpperCase()
}

/**
 * The recipient, `age1…`, that seals to `identity`. Public.
 *
 * @throws IDENTITY_INVALID
 */
export async function identityToRecipient(identity: string): Promise<string> {
  checkIdentity(identity)
  return ageIdentityToRecipient(identity)
}

/** @throws IDENTITY_INVALID unless `identity` is an X25519 identity in age's encoding. */
export function checkIdentity(identity: string): void {
  if (typeof identity === 'string' && identity.startsWith(`${IDENTITY_PREFIX}1`)) {
    const bytes = decodeBech32(identity, IDENTITY_PREFIX.toLowerCase())
    if (bytes?.length === KEY_BYTES) return
  }
  throw new SealingError('IDENTITY_INVALID', 'expected an age identity, AGE-SECRET-KEY-1…')
}

/**
 * The 32 bytes of an X25519 recipient `age1…`, as the contracts and `bytesToRecipient` know it.
 *
 * @throws RECIPIENT_INVALID when malformed, of another kind (plugins, post-quantum) or of low order
 */
export function recipientToBytes(recipient: string): Uint8Array {
  const bytes =
    typeof recipient === 'string' && recipient.startsWith('age1')
      ? decodeBech32(recipient, RECIPIENT_PREFIX)
      : null
  if (bytes?.length !== KEY_BYTES)
    throw new SealingError('RECIPIENT_INVALID', 'expected an age recipient, age1…')
  refuseLowOrder(bytes)
  return bytes
}

/** @throws RECIPIENT_INVALID when of low order, ARGUMENT_INVALID when not 32 bytes */
export function bytesToRecipient(bytes: Uint8Array): string {
  requireBytes('bytes', bytes, KEY_BYTES)
  refuseLowOrder(bytes)
  return bech32.encodeFromBytes(RECIPIENT_PREFIX, bytes)
}

/**
 * The text of a recovery file: an age identity file, which `age -d -i` takes, with one `# ` line for each comment.
 * Whoever reads it can open everything sealed to its recipient.
 *
 * @throws IDENTITY_INVALID
 */
export function recoveryFile(identity: string, ...comments: string[]): string {
  checkIdentity(identity)
  const lines = comments.flatMap((comment) => comment.split(/\r?\n/)).map((line) => `# ${line}`.trimEnd())
  return `${[...lines, identity].join('\n')}\n`
}

/**
 * The identities in an age identity file: one a line, blank lines and `#` comments left out.
 *
 * @throws IDENTITY_INVALID when it has none or a line is something else
 */
export function parseIdentityFile(text: string): string[] {
  const identities = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  if (identities.length === 0) throw new SealingError('IDENTITY_INVALID', 'the file holds no identity')
  for (const identity of identities) checkIdentity(identity)
  return identities
}

function decodeBech32(text: string, prefix: string): Uint8Array | null {
  try {
    const decoded = bech32.decodeToBytes(text)
    return decoded.prefix.toLowerCase() === prefix ? decoded.bytes : null
  } catch {
    return null
  }
}

/** A point of low order would make every shared secret zero: anyone could open what is sealed to it. */
function refuseLowOrder(recipient: Uint8Array): void {
  try {
    x25519.getSharedSecret(new Uint8Array(KEY_BYTES).fill(1), recipient)
  } catch {
    throw new SealingError('RECIPIENT_INVALID', 'the recipient is a point of low order')
  }
}
