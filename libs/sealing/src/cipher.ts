import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { SealingError } from './errors.js'

/** Bytes that ChaCha20-Poly1305 adds to a message. */
export const TAG_BYTES = 16

/** `native`: Node's crypto, or Web Crypto in browsers that have the cipher. `noble`: @noble/ciphers, anywhere. */
export type CipherName = 'native' | 'noble'

/**
 * ChaCha20-Poly1305 under one key. The input is read before the call returns; `out` receives plaintext.length + 16 or ciphertext.length - 16 bytes; a promise
 * means that it is not written before that resolves. `decrypt` throws or rejects when the tag does not hold, and
 * what it has then written to `out` must not be used. Nonces are the caller's: never the same one twice for `encrypt`.
 */
export interface ChunkCipher {
  encrypt(nonce: Uint8Array, plaintext: Uint8Array, out: Uint8Array): Promise<void> | undefined
  decrypt(nonce: Uint8Array, ciphertext: Uint8Array, out: Uint8Array): Promise<void> | undefined
}

export type CipherMaker = (key: Uint8Array) => Promise<ChunkCipher> | ChunkCipher

/**
 * The cipher asked for, or the fastest here.
 *
 * @throws CIPHER_UNAVAILABLE when `native` was asked for and the platform has none
 */
export async function chooseCipher(name?: CipherName): Promise<CipherMaker> {
  if (name === 'noble') return nobleCipher
  if (nodeCrypto !== undefined) return nodeCipher
  webCryptoWorks ??= probeWebCrypto()
  if (await webCryptoWorks) return webCipher
  if (name === 'native')
    throw new SealingError('CIPHER_UNAVAILABLE', 'this platform has no ChaCha20-Poly1305 of its own')
  return nobleCipher
}

/** Which one `chooseCipher()` takes here, for display. */
export async function cipherInUse(): Promise<'node' | 'webcrypto' | 'noble'> {
  const maker = await chooseCipher()
  return maker === nodeCipher ? 'node' : maker === webCipher ? 'webcrypto' : 'noble'
}

function nobleCipher(key: Uint8Array): ChunkCipher {
  return {
    encrypt(nonce, plaintext, out) {
      chacha20poly1305(key, nonce).encrypt(plaintext, out)
      return undefined
    },
    decrypt(nonce, ciphertext, out) {
      chacha20poly1305(key, nonce).decrypt(ciphertext, out)
      return undefined
    },
  }
}

// Asked for at run time, so that bundlers for the browser never see the import.
const nodeCrypto = globalThis.process?.getBuiltinModule?.('node:crypto')
const NODE_ALGORITHM = 'chacha20-poly1305'
const NODE_OPTIONS = { authTagLength: TAG_BYTES }

function nodeCipher(secret: Uint8Array): ChunkCipher {
  const { createCipheriv, createDecipheriv, createSecretKey } = nodeCrypto!
  const key = createSecretKey(secret)
  return {
    encrypt(nonce, plaintext, out) {
      const cipher = createCipheriv(NODE_ALGORITHM, key, nonce, NODE_OPTIONS)
      out.set(cipher.update(plaintext))
      cipher.final()
      out.set(cipher.getAuthTag(), plaintext.length)
      return undefined
    },
    decrypt(nonce, ciphertext, out) {
      const end = ciphertext.length - TAG_BYTES
      const decipher = createDecipheriv(NODE_ALGORITHM, key, nonce, NODE_OPTIONS)
      decipher.setAuthTag(ciphertext.subarray(end))
      out.set(decipher.update(ciphertext.subarray(0, end)))
      decipher.final()
      return undefined
    },
  }
}

// https://wicg.github.io/webcrypto-modern-algos/ : keys of this algorithm are imported as `raw-secret`.
const WEB_ALGORITHM = 'ChaCha20-Poly1305'
let webCryptoWorks: Promise<boolean> | undefined

const importWebKey = (key: Uint8Array) =>
  crypto.subtle.importKey('raw-secret' as 'raw', key as BufferSource, WEB_ALGORITHM, false, [
    'encrypt',
    'decrypt',
  ])

const webParameters = (iv: Uint8Array) => ({ name: WEB_ALGORITHM, iv, tagLength: 8 * TAG_BYTES })

async function probeWebCrypto(): Promise<boolean> {
  try {
    const key = await importWebKey(new Uint8Array(32))
    const sealed = await crypto.subtle.encrypt(webParameters(new Uint8Array(12)), key, new Uint8Array(1))
    return sealed.byteLength === 1 + TAG_BYTES
  } catch {
    return false
  }
}

async function webCipher(secret: Uint8Array): Promise<ChunkCipher> {
  const key = await importWebKey(secret)
  return {
    async encrypt(nonce, plaintext, out) {
      out.set(
        new Uint8Array(await crypto.subtle.encrypt(webParameters(nonce), key, plaintext as BufferSource)),
      )
    },
    async decrypt(nonce, ciphertext, out) {
      out.set(
        new Uint8Array(await crypto.subtle.decrypt(webParameters(nonce), key, ciphertext as BufferSource)),
      )
    },
  }
}
