import { describe, expect, it } from '@jest/globals'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { Decrypter, Encrypter } from 'age-encryption'
import fc from 'fast-check'
import {
  CIPHERS,
  codeOf,
  collect,
  collectUntilError,
  expectCode,
  flipBit,
  join,
  pattern,
  sealBytes,
  streamOf,
} from '../testing/support.js'
import {
  fileKeyFromIdentity,
  generateIdentity,
  identityToRecipient,
  open,
  openRange,
  readHeader,
  sealedSize,
  wrapHeader,
} from './index.js'
import { AHEAD_BYTES, CHUNK_BYTES, PAYLOAD_NONCE_BYTES, SEALED_CHUNK_BYTES } from './payload.js'

const EDGES = [0, 1, 2, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 20 * CHUNK_BYTES + 5]
const digest = (bytes: Uint8Array) => bytesToHex(sha256(bytes))

const identity = generateIdentity()
const recipients = identityToRecipient(identity).then((recipient) => [recipient])
const byIdentity = (_: unknown, headerBytes: Uint8Array) => fileKeyFromIdentity(headerBytes, [identity])

for (const cipher of CIPHERS) {
  const openBytes = (file: Uint8Array, ...sizes: number[]) =>
    collect(open({ source: streamOf(file, ...sizes), fileKey: byIdentity, cipher }))
  const sealHere = async (plaintext: Uint8Array, ...writes: number[]) =>
    sealBytes(plaintext, { recipients: await recipients, cipher }, ...writes)

  describe(`the sealed file, ${cipher}`, () => {
    for (const size of EDGES)
      it(`opens to what was sealed: ${size} bytes`, async () => {
        const plaintext = pattern(size)
        const file = await sealHere(plaintext)
        expect(file.length).toBe(sealedSize(readHeader(file).length, size))
        expect(digest(await openBytes(file))).toBe(digest(plaintext))
      })

    it('opens to what was sealed, however it is cut into writes and reads', () =>
      fc.assert(
        fc.asyncProperty(
          fc.oneof(fc.constantFrom(...EDGES), fc.nat(5 * CHUNK_BYTES)),
          fc.array(fc.oneof(fc.integer({ min: 1, max: 3 * CHUNK_BYTES }), fc.constant(CHUNK_BYTES)), {
            minLength: 1,
            maxLength: 6,
          }),
          fc.array(
            fc.oneof(fc.integer({ min: 500, max: 3 * CHUNK_BYTES }), fc.constant(SEALED_CHUNK_BYTES)),
            {
              minLength: 1,
              maxLength: 6,
            },
          ),
          async (size, writes, reads) => {
            const plaintext = pattern(size, size)
            const file = await sealHere(plaintext, ...writes.map((write) => Math.max(write, size >> 8)))
            expect(digest(await openBytes(file, ...reads))).toBe(digest(plaintext))
          },
        ),
        { numRuns: 40 },
      ))

    it('opens byte by byte', async () => {
      const plaintext = pattern(3000)
      expect(digest(await openBytes(await sealHere(plaintext, 1), 1))).toBe(digest(plaintext))
    })

    it('refuses any flipped bit of a short file', async () => {
      const file = await sealHere(pattern(40))
      const key = await fileKeyFromIdentity(file, [identity])
      for (let bit = 0; bit < file.length * 8; bit++) {
        const source = streamOf(flipBit(file, bit))
        expect(await codeOf(() => collect(open({ source, fileKey: () => key, cipher })))).not.toBe(null)
      }
    })

    it('refuses any flipped bit, and gives nothing from the chunk it is in', async () => {
      const plaintext = pattern(3 * CHUNK_BYTES + 100)
      const file = await sealHere(plaintext)
      const start = readHeader(file).length + PAYLOAD_NONCE_BYTES
      await fc.assert(
        fc.asyncProperty(
          fc.nat(file.length * 8 - 1),
          fc.integer({ min: 1000, max: 200_000 }),
          async (bit, size) => {
            const source = streamOf(flipBit(file, bit), size)
            const { bytes, error } = await collectUntilError(open({ source, fileKey: byIdentity, cipher }))
            const code = await codeOf(() => {
              throw error
            })
            expect(code).not.toBe(null)
            const intact = Math.max(0, Math.floor(((bit >> 3) - start) / SEALED_CHUNK_BYTES)) * CHUNK_BYTES
            expect(bytes.length).toBe(bit >> 3 < start ? 0 : intact)
            expect(digest(bytes)).toBe(digest(plaintext.subarray(0, bytes.length)))
          },
        ),
        { numRuns: 60 },
      )
    })

    it('refuses a file cut anywhere near the edge of a chunk', async () => {
      const file = await sealHere(pattern(3 * CHUNK_BYTES))
      const { length } = readHeader(file)
      const start = length + PAYLOAD_NONCE_BYTES
      const edges = [0, length, start, ...[1, 2, 3].map((chunk) => start + chunk * SEALED_CHUNK_BYTES)]
      for (const edge of edges)
        for (const size of [-17, -16, -1, 0, 1, 15, 16, 17].map((delta) => edge + delta)) {
          if (size < 0 || size >= file.length) continue
          const code = await codeOf(() => openBytes(file.subarray(0, size)))
          const altered = size >= start ? ['PAYLOAD_TRUNCATED', 'PAYLOAD_ALTERED'] : ['PAYLOAD_TRUNCATED']
          expect((size < length ? ['HEADER_INVALID'] : altered).includes(code ?? '')).toBe(true)
        }
      for (const chunks of [1, 2])
        await expectCode(
          () => openBytes(file.subarray(0, start + chunks * SEALED_CHUNK_BYTES)),
          'PAYLOAD_TRUNCATED',
        )
    })

    it('refuses chunks that were swapped, repeated, left out or added', async () => {
      const file = await sealHere(pattern(4 * CHUNK_BYTES))
      const start = readHeader(file).length + PAYLOAD_NONCE_BYTES
      const head = file.subarray(0, start)
      const chunk = (i: number) =>
        file.subarray(start + i * SEALED_CHUNK_BYTES, start + (i + 1) * SEALED_CHUNK_BYTES)
      const orders = [
        [1, 0, 2, 3],
        [0, 2, 1, 3],
        [0, 0, 1, 2, 3],
        [0, 2, 3],
        [0, 1, 2, 3, 3],
        [3],
        [0, 1, 3, 2],
      ]
      for (const order of orders)
        await expectCode(() => openBytes(join(head, ...order.map(chunk))), 'PAYLOAD_ALTERED')
      await expectCode(() => openBytes(join(file, new Uint8Array(1))), 'PAYLOAD_ALTERED')
    })

    it('refuses the payload of another file behind its header', async () => {
      const [one, other] = [await sealHere(pattern(10)), await sealHere(pattern(10))]
      const mixed = join(one.subarray(0, readHeader(one).length), other.subarray(readHeader(other).length))
      await expectCode(() => openBytes(mixed), 'PAYLOAD_ALTERED')
    })

    it('reads any range', async () => {
      const size = 4 * CHUNK_BYTES + 77
      const plaintext = pattern(size)
      const file = await sealHere(plaintext)
      let bytesRead = 0
      const read = async (offset: number, length: number) => {
        bytesRead += length
        return file.slice(offset, offset + length)
      }
      const reader = await openRange({ read, size: file.length, fileKey: byIdentity, cipher })
      expect(reader.size).toBe(size)
      await fc.assert(
        fc.asyncProperty(fc.nat(size), fc.nat(size), async (a, b) => {
          const [from, to] = [Math.min(a, b), Math.max(a, b)]
          expect(digest(await reader.read(from, to - from))).toBe(digest(plaintext.subarray(from, to)))
        }),
        { numRuns: 40 },
      )
      bytesRead = 0
      await reader.read(CHUNK_BYTES - 1, 2)
      expect(bytesRead).toBe(2 * SEALED_CHUNK_BYTES)
      await expectCode(() => reader.read(size, 1), 'RANGE_INVALID')
      await expectCode(() => reader.read(-1, 1), 'RANGE_INVALID')
    })

    it('reads no range of a file that was cut, lengthened or altered', async () => {
      for (const size of [0, 5, CHUNK_BYTES, 2 * CHUNK_BYTES]) {
        const file = await sealHere(pattern(size))
        const start = readHeader(file).length + PAYLOAD_NONCE_BYTES
        const wrong = [
          file.subarray(0, -1),
          join(file, new Uint8Array(1)),
          flipBit(file, file.length * 8 - 1),
        ]
        if (size > CHUNK_BYTES) wrong.push(file.subarray(0, start + SEALED_CHUNK_BYTES))
        for (const bytes of wrong) {
          const read = async (offset: number, length: number) => bytes.slice(offset, offset + length)
          const opening = () => openRange({ read, size: bytes.length, fileKey: byIdentity, cipher })
          expect(['PAYLOAD_ALTERED', 'PAYLOAD_TRUNCATED'].includes((await codeOf(opening)) ?? '')).toBe(true)
        }
      }
    })

    it('opens with age-encryption, and opens what age-encryption sealed', async () => {
      const plaintext = pattern(2 * CHUNK_BYTES + 3)
      const decrypter = new Decrypter()
      decrypter.addIdentity(identity)
      const file = await sealHere(plaintext)
      expect(digest(await decrypter.decrypt(file))).toBe(digest(plaintext))
      const encrypter = new Encrypter()
      for (const recipient of await recipients) encrypter.addRecipient(recipient)
      expect(digest(await openBytes(await encrypter.encrypt(plaintext)))).toBe(digest(plaintext))

      const trainer = generateIdentity()
      const key = await fileKeyFromIdentity(file, [identity])
      const header = await wrapHeader(key, [await identityToRecipient(trainer)])
      const handedOn = new Decrypter()
      handedOn.addIdentity(trainer)
      const payload = file.subarray(readHeader(file).length)
      expect(digest(await handedOn.decrypt(join(header, payload)))).toBe(digest(plaintext))
    })
  })
}

describe('the stream', () => {
  it('reads no further ahead than it says, and ends its source when it is cancelled', async () => {
    const file = await sealBytes(pattern(40 * CHUNK_BYTES), { recipients: await recipients })
    let given = 0
    let cancelled: unknown
    const source = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          controller.enqueue(file.subarray(given, given + SEALED_CHUNK_BYTES))
          given += SEALED_CHUNK_BYTES
        },
        cancel(reason) {
          cancelled = reason
        },
      },
      { highWaterMark: 0 },
    )
    const reader = open({ source, fileKey: byIdentity }).getReader()
    expect(given).toBe(0)
    await reader.read()
    expect(given).toBeLessThan(AHEAD_BYTES + 4 * SEALED_CHUNK_BYTES)
    await reader.cancel('enough')
    expect(cancelled).toBe('enough')
  })

  it('two sealings of the same bytes have nothing in common', async () => {
    const [one, other] = [
      await sealBytes(pattern(100), { recipients: await recipients }),
      await sealBytes(pattern(100), { recipients: await recipients }),
    ]
    expect(bytesToHex(one.slice(-100))).not.toBe(bytesToHex(other.slice(-100)))
    const keys = await Promise.all([one, other].map((file) => fileKeyFromIdentity(file, [identity])))
    expect(bytesToHex(keys[0]!)).not.toBe(bytesToHex(keys[1]!))
  })
})
