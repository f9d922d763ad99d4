import { Decrypter, Encrypter } from 'age-encryption'
import { requireBytes, SealingError } from './errors.js'
import { readHeader } from './header.js'
import { checkIdentity, recipientToBytes } from './identity.js'

/**
 * Seals a small message (what fits in memory) to one recipient: an ordinary age file. Says nothing about who sent it.
 *
 * @throws RECIPIENT_INVALID, ARGUMENT_INVALID
 */
export async function sealMessage(bytes: Uint8Array, recipient: string): Promise<Uint8Array> {
  requireBytes('bytes', bytes)
  recipientToBytes(recipient)
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  return encrypter.encrypt(bytes)
}

/**
 * Opens what `sealMessage`, or any age tool, sealed to the identity's recipient.
 *
 * @throws IDENTITY_INVALID, HEADER_INVALID, HEADER_TOO_LARGE; OPEN_FAILED when it is for somebody else or was altered
 */
export async function openMessage(bytes: Uint8Array, identity: string): Promise<Uint8Array> {
  requireBytes('bytes', bytes)
  checkIdentity(identity)
  readHeader(bytes)
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  try {
    return await decrypter.decrypt(bytes)
  } catch (cause) {
    throw new SealingError('OPEN_FAILED', 'the message is for somebody else, or was altered', { cause })
  }
}
