import { describe, expect, it } from '@jest/globals'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import * as cctv from 'cctv-age'
import {
  CIPHERS,
  codeOf,
  collect,
  collectUntilError,
  expectCode,
  join,
  streamOf,
} from '../testing/support.js'
import { encodeHeader, readHeader } from './header.js'
import { fileKeyFromIdentity, open, verifyHeaderMac } from './index.js'
import { PAYLOAD_NONCE_BYTES, PayloadSealer, payloadCipher } from './payload.js'

/** The public vectors of the format (C2SP/CCTV), on every cipher. Armour is no part of Granary and left out. */
const vectors = Object.entries<Uint8Array>({ ...cctv })
  .filter(([name]) => !name.startsWith('armor_'))
  .map(([name, bytes]) => parse(name, bytes))

function parse(name: string, bytes: Uint8Array) {
  const end = bytes.findIndex((byte, i) => byte === 10 && bytes[i + 1] === 10)
  const facts = new Map<string, string>()
  for (const line of new TextDecoder().decode(bytes.subarray(0, end)).split('\n')) {
    const colon = line.indexOf(': ')
    facts.set(line.slice(0, colon), line.slice(colon + 2))
  }
  const body = bytes.slice(end + 2)
  const file = async () => (facts.has('compressed') ? inflate(body) : body)
  const identity = facts.get('identity')
  return {
    name,
    expected: facts.get('expect'),
    payload: facts.get('payload'),
    fileKey: hexToBytes(facts.get('file key') ?? ''),
    x25519: identity?.startsWith('AGE-SECRET-KEY-1') ? identity : undefined,
    file,
  }
}

function inflate(bytes: Uint8Array): Promise<Uint8Array> {
  const inflated = new Blob([bytes as BlobPart]).stream().pipeThrough(new DecompressionStream('deflate'))
  return collect(inflated)
}

const of = (...expected: string[]) => vectors.filter((vector) => expected.includes(vector.expected ?? ''))

describe('public vectors of age: header', () => {
  it('are all here', () => {
    expect(vectors.length).toBe(110)
  })

  for (const vector of of('success', 'no match', 'HMAC failure', 'payload failure'))
    it(`${vector.name} parses, and is written back the same`, async () => {
      const file = await vector.file()
      const header = readHeader(file)
      expect(bytesToHex(encodeHeader(header.stanzas, header.mac))).toBe(
        bytesToHex(file.subarray(0, header.length)),
      )
    })

  for (const vector of of('success', 'payload failure'))
    it(`${vector.name} gives its file key`, async () => {
      const file = await vector.file()
      verifyHeaderMac(file, vector.fileKey)
      if (vector.x25519 !== undefined)
        expect(bytesToHex(await fileKeyFromIdentity(file, [vector.x25519]))).toBe(bytesToHex(vector.fileKey))
    })

  for (const vector of of('HMAC failure'))
    it(`${vector.name} is refused`, async () => {
      const file = await vector.file()
      await expectCode(() => verifyHeaderMac(file, vector.fileKey), 'HEADER_ALTERED')
      await expectCode(() => fileKeyFromIdentity(file, [vector.x25519!]), 'HEADER_ALTERED')
    })

  for (const vector of of('no match').filter(({ x25519 }) => x25519 !== undefined))
    it(`${vector.name} is for somebody else`, async () => {
      const file = await vector.file()
      await expectCode(() => fileKeyFromIdentity(file, [vector.x25519!]), 'IDENTITY_MISMATCH')
    })

  for (const vector of of('header failure')) {
    // Where only the kind of stanza or the payload is at fault, the header itself is well formed.
    const ofStanza = /^(x25519|scrypt|hybrid)_/.test(vector.name)
    const ofPayload = /^stream_/.test(vector.name)
    if (!ofStanza && !ofPayload)
      it(`${vector.name} does not parse`, async () => {
        const file = await vector.file()
        await expectCode(() => readHeader(file), 'HEADER_INVALID')
      })
    else if (ofPayload)
      it(`${vector.name} is cut short`, async () => {
        const source = streamOf(await vector.file())
        await expectCode(() => collect(open({ source, fileKey: () => vector.fileKey })), 'PAYLOAD_TRUNCATED')
      })
    else if (vector.x25519 !== undefined)
      it(`${vector.name} gives no file key`, async () => {
        const file = await vector.file()
        const code = await codeOf(() => fileKeyFromIdentity(file, [vector.x25519!]))
        expect(['HEADER_INVALID', 'HEADER_ALTERED', 'IDENTITY_MISMATCH'].includes(code ?? '')).toBe(true)
      })
  }
})

for (const cipher of CIPHERS)
  describe(`public vectors of age: payload, ${cipher}`, () => {
    for (const vector of of('success', 'payload failure'))
      for (const sizes of [[], [1000, 7, 65_536, 300_000]])
        it(`${vector.name} ${sizes.length === 0 ? 'at once' : 'in pieces'}`, async () => {
          const source = streamOf(await vector.file(), ...sizes)
          const { bytes, error } = await collectUntilError(
            open({ source, fileKey: () => vector.fileKey, cipher }),
          )
          expect(bytesToHex(sha256(bytes))).toBe(vector.payload)
          const code = await codeOf(() => {
            if (error !== undefined) throw error
          })
          if (vector.expected === 'success') expect(code).toBe(null)
          else expect(['PAYLOAD_ALTERED', 'PAYLOAD_TRUNCATED'].includes(code ?? '')).toBe(true)
        })

    for (const vector of of('success'))
      it(`${vector.name} seals to the same bytes`, async () => {
        const file = await vector.file()
        const plaintext = await collect(
          open({ source: streamOf(file), fileKey: () => vector.fileKey, cipher }),
        )
        const start = readHeader(file).length
        const nonce = file.subarray(start, start + PAYLOAD_NONCE_BYTES)
        const sealer = new PayloadSealer(await payloadCipher(vector.fileKey, nonce, cipher))
        const sealed = join(nonce, await sealer.update(plaintext), await sealer.finish())
        expect(bytesToHex(sha256(sealed))).toBe(bytesToHex(sha256(file.subarray(start))))
      })
  })
