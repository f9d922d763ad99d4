import { fileKeyFromIdentity, generateIdentity, identityToRecipient, open, seal } from '@granary/sealing'
import { Decrypter, Encrypter } from 'age-encryption'
import * as openpgp from 'openpgp'

/**
 * What is measured of sealing, in Node and in Chromium alike: from plaintext in memory to sealed bytes in memory and
 * back, without files, without hashing. Its peers do the same with the same bytes: OpenPGP.js with a password and one
 * message a mebibyte, as Vana's SDK uses it; age-encryption; and the platform's cipher alone, as 64 KiB chunks without
 * streams, headers or order, which is as fast as sealing could be.
 */
const MIB = 1024 * 1024
export const CHUNK = 64 * 1024
const TAG = 16
const PASSWORD = 'a password, or a key written as text'
/** Slow peers get less to do, or one would wait for them alone. */
const FEW = 1 / 8

function streamOf(pieces) {
  let next = 0
  return new ReadableStream({
    pull(controller) {
      if (next === pieces.length) controller.close()
      else controller.enqueue(pieces[next++])
    },
  })
}

async function drain(stream) {
  const reader = stream.getReader()
  while (!(await reader.read()).done);
}

async function collect(stream) {
  const pieces = []
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return pieces
    pieces.push(value)
  }
}

/**
 * @param {number} mebibytes of plaintext
 * @param {{ encrypt(bytes: Uint8Array, nonce: Uint8Array): unknown, decrypt(bytes: Uint8Array, nonce: Uint8Array): unknown }} native
 * the platform's cipher, one chunk a call
 */
export async function sealingJobs(mebibytes, native) {
  const piece = new Uint8Array(MIB).map((_, i) => i * 31)
  const plaintext = Array(mebibytes).fill(piece)
  const few = plaintext.slice(0, Math.max(1, Math.round(mebibytes * FEW)))
  const amounts = { all: (plaintext.length * MIB) / 1e6, few: (few.length * MIB) / 1e6 }

  const identity = generateIdentity()
  const recipients = [await identityToRecipient(identity)]
  const sealing = async (pieces) => streamOf(pieces).pipeThrough((await seal({ recipients })).stream)
  const sealed = await collect(await sealing(plaintext))

  const encrypter = new Encrypter()
  encrypter.addRecipient(recipients[0])
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  const aged = await collect(await encrypter.encrypt(streamOf(few)))

  const pgpEncrypt = async (binary) =>
    openpgp.encrypt({
      message: await openpgp.createMessage({ binary }),
      passwords: [PASSWORD],
      format: 'binary',
    })
  const pgpDecrypt = async (binaryMessage) =>
    openpgp.decrypt({
      message: await openpgp.readMessage({ binaryMessage }),
      passwords: [PASSWORD],
      format: 'binary',
    })
  const message = await pgpEncrypt(piece)

  const chunks = Array.from({ length: MIB / CHUNK }, (_, i) => piece.subarray(i * CHUNK, (i + 1) * CHUNK))
  const nonce = new Uint8Array(12)
  const encrypted = await Promise.all(chunks.map(async (chunk) => native.encrypt(chunk, nonce)))
  if (encrypted[0].length !== CHUNK + TAG) throw new Error('the platform has no ChaCha20-Poly1305')
  const alone = async (method, inputs) => {
    for (let done = 0; done < mebibytes; done++)
      await Promise.all(inputs.map((input) => native[method](input, nonce)))
  }
  const forEachFew = async (job) => {
    for (let i = 0; i < few.length; i++) await job()
  }

  return {
    nativeSeal: { amount: amounts.all, run: () => alone('encrypt', chunks) },
    seal: { amount: amounts.all, run: async () => drain(await sealing(plaintext)) },
    ageSeal: { amount: amounts.few, run: async () => drain(await encrypter.encrypt(streamOf(few))) },
    pgpSeal: { amount: amounts.few, run: () => forEachFew(() => pgpEncrypt(piece)) },
    nativeOpen: { amount: amounts.all, run: () => alone('decrypt', encrypted) },
    open: {
      amount: amounts.all,
      run: () =>
        drain(
          open({
            source: streamOf(sealed),
            fileKey: (_, bytes) => fileKeyFromIdentity(bytes, [identity]),
          }),
        ),
    },
    ageOpen: { amount: amounts.few, run: async () => drain(await decrypter.decrypt(streamOf(aged))) },
    pgpOpen: { amount: amounts.few, run: () => forEachFew(() => pgpDecrypt(message)) },
  }
}
