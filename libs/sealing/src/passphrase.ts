import { Decrypter, Encrypter } from 'age-encryption'
import { requireBytes, SealingError } from './errors.js'
import { readHeader } from './header.js'

/** Base-2 logarithms of the scrypt cost that this library writes; 18 takes about a second and 256 MiB. */
export const WORK_FACTORS = { least: 10, default: 18, most: 20 } as const

/**
 * Seals a small message (what fits in memory) under a passphrase, stretched by scrypt: an ordinary age file, which
 * `age -d` opens after asking for it. As strong as the passphrase, which anybody who has the bytes can try offline.
 * Computes without a pause, so it is for the start of a program and not for its requests.
 *
 * @throws ARGUMENT_INVALID
 */
export async function sealWithPassphrase(
  bytes: Uint8Array,
  passphrase: string,
  workFactor: number = WORK_FACTORS.default,
): Promise<Uint8Array> {
  requireBytes('bytes', bytes)
  requirePassphrase(passphrase)
  const { least, most } = WORK_FACTORS
  if (!Number.isInteger(workFactor) || workFactor < least || workFactor > most)
    throw new SealingError('ARGUMENT_INVALID', `workFactor: expected a whole number from ${least} to ${most}`)
  const encrypter = new Encrypter()
  encrypter.setPassphrase(passphrase)
  encrypter.setScryptWorkFactor(workFactor)
  return encrypter.encrypt(bytes)
}

/**
 * Opens what `sealWithPassphrase`, or `age -p`, sealed. A work factor above 20 is refused unopened.
 *
 * @throws HEADER_INVALID, HEADER_TOO_LARGE; OPEN_FAILED when the passphrase is another one or the file was altered,
 *   which cannot be told apart
 */
export async function openWithPassphrase(bytes: Uint8Array, passphrase: string): Promise<Uint8Array> {
  requireBytes('bytes', bytes)
  requirePassphrase(passphrase)
  readHeader(bytes)
  const decrypter = new Decrypter()
  decrypter.addPassphrase(passphrase)
  try {
    return await decrypter.decrypt(bytes)
  } catch (cause) {
    throw new SealingError('OPEN_FAILED', 'the passphrase is another one, or the file was altered', { cause })
  }
}

function requirePassphrase(passphrase: string): void {
  if (typeof passphrase !== 'string' || passphrase === '')
    throw new SealingError('ARGUMENT_INVALID', 'passphrase: expected a text that is not empty')
}
