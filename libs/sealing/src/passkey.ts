import { bech32 } from '@scure/base'
import { armor, Decrypter, Encrypter, webauthn } from 'age-encryption'
import { decodeBase64 } from './bytes.js'
import { requireBytes, SealingError } from './errors.js'
import { type Header, readHeader } from './header.js'

const STANZA = 'age-encryption.org/fido2prf'
const NONCE_BYTES = 16
const WRAPPED_KEY_BYTES = 32

/** Which passkey it is: no secret. */
export interface PasskeyCredential {
  /** WebAuthn's id of it. */
  id: Uint8Array
  /** The domain (WebAuthn: relying party) at whose pages it works, and at those below it. */
  site: string
}

/**
 * Has the browser make a passkey for pages of this domain, and tells which it is: `AGE-PLUGIN-FIDO2PRF-1…`, as the age
 * library writes it. Nothing secret: the secret stays with whatever keeps the passkey. `name` is what password managers
 * show. Opens the browser's own prompt.
 *
 * @throws PASSKEY_CANCELLED, PASSKEY_UNAVAILABLE; PASSKEY_WITHOUT_PRF when it was made, but cannot keep anything
 */
export async function makePasskey(name: string): Promise<string> {
  try {
    return await webauthn.createCredential({ keyName: name })
  } catch (cause) {
    throw faultOf(cause)
  }
}

/**
 * Reads what `makePasskey` answered.
 *
 * @throws PASSKEY_FILE_INVALID
 */
export function readPasskeyCredential(credential: string): PasskeyCredential {
  try {
    // Refuses whatever the library would not take later. What it read, it keeps to itself.
    new webauthn.WebAuthnIdentity({ identity: credential })
    const bytes = bech32.fromWords(bech32.decode(credential as `${string}1${string}`, false).words)
    const [id, afterId] = cborString(bytes, 1)
    const [site] = cborString(bytes, afterId)
    if (id.length > 0 && site.length > 0) return { id, site: new TextDecoder().decode(site) }
  } catch {}
  throw new SealingError('PASSKEY_FILE_INVALID', 'expected a passkey, AGE-PLUGIN-FIDO2PRF-1…')
}

/**
 * Seals a small message to a passkey: an ordinary age file in its text form (armor), with one stanza of the kind
 * `age-encryption.org/fido2prf`. Opens the browser's prompt, since only the passkey itself has the secret.
 *
 * @throws PASSKEY_CANCELLED, PASSKEY_UNAVAILABLE, PASSKEY_WITHOUT_PRF, PASSKEY_OTHER_SITE, PASSKEY_FILE_INVALID
 */
export async function sealWithPasskey(bytes: Uint8Array, credential: string): Promise<string> {
  requireBytes('bytes', bytes)
  readPasskeyCredential(credential)
  const encrypter = new Encrypter()
  encrypter.addRecipient(new webauthn.WebAuthnRecipient({ identity: credential }))
  try {
    return armor.encode(await encrypter.encrypt(bytes))
  } catch (cause) {
    throw faultOf(cause)
  }
}

/**
 * Opens what `sealWithPasskey` sealed. Opens the browser's prompt, but only for what can be a sealed file.
 *
 * @throws PASSKEY_FILE_INVALID when it is damaged; PASSKEY_WRONG when it was sealed to another passkey; PASSKEY_CANCELLED,
 *   PASSKEY_UNAVAILABLE, PASSKEY_WITHOUT_PRF, PASSKEY_OTHER_SITE
 */
export async function openWithPasskey(sealed: string, credential: string): Promise<Uint8Array> {
  readPasskeyCredential(credential)
  const file = dearmor(sealed)
  const passkey = new webauthn.WebAuthnIdentity({ identity: credential })
  const decrypter = new Decrypter()
  decrypter.addIdentity({
    async unwrapFileKey(stanzas) {
      const key = await passkey.unwrapFileKey(stanzas).catch((cause) => {
        throw faultOf(cause)
      })
      if (key) return key
      throw new SealingError('PASSKEY_WRONG', 'the file was sealed to another passkey')
    },
  })
  try {
    return await decrypter.decrypt(file)
  } catch (cause) {
    if (cause instanceof SealingError) throw cause
    throw new SealingError('PASSKEY_FILE_INVALID', 'the file was altered', { cause })
  }
}

/** The bytes of an armored file, once it is known that its header has exactly the one stanza that a passkey opens. */
function dearmor(sealed: string): Uint8Array {
  let file: Uint8Array
  let header: Header
  try {
    file = armor.decode(sealed)
    header = readHeader(file)
  } catch (cause) {
    throw new SealingError('PASSKEY_FILE_INVALID', 'not an age file in its text form', { cause })
  }
  const [stanza, ...more] = header.stanzas
  const [kind, nonce = '', ...further] = stanza?.args ?? []
  const whole =
    kind === STANZA &&
    decodeBase64(nonce)?.length === NONCE_BYTES &&
    stanza?.body.length === WRAPPED_KEY_BYTES &&
    more.length + further.length === 0
  if (!whole) throw new SealingError('PASSKEY_FILE_INVALID', 'not sealed to one passkey')
  return file
}

/**
 * WebAuthn's errors in our codes. It says the same of a prompt that was closed, that ran out of time, and of a passkey
 * that is not on the device. What the age library itself throws is that PRF is missing.
 */
function faultOf(cause: unknown): SealingError {
  const { name, message } = cause as Error
  const options = { cause }
  if (name === 'NotAllowedError' || name === 'AbortError')
    return new SealingError('PASSKEY_CANCELLED', 'the prompt was closed, or has no such passkey', options)
  if (name === 'SecurityError') return new SealingError('PASSKEY_OTHER_SITE', message, options)
  if (name === 'Error') return new SealingError('PASSKEY_WITHOUT_PRF', message, options)
  return new SealingError('PASSKEY_UNAVAILABLE', message, options)
}

/** The CBOR string at `offset`, of bytes or text, as short as age writes them; and where it ends. */
function cborString(bytes: Uint8Array, offset: number): [Uint8Array, number] {
  const size = bytes[offset]! & 0x1f
  const start = offset + 1 + (size === 24 ? 1 : size === 25 ? 2 : 0)
  const length =
    start === offset + 1 ? size : bytes.slice(offset + 1, start).reduce((sum, byte) => sum * 256 + byte, 0)
  return [bytes.slice(start, start + length), start + length]
}
