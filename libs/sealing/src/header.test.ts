import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  codeOf,
  collect,
  expectCode,
  pattern,
  sealBytes,
  streamOf,
  testCommittee,
} from '../testing/support.js'
import { ascii } from './bytes.js'
import { encodeHeader, tryReadHeader } from './header.js'
import {
  bytesToRecipient,
  fileKeyFromIdentity,
  generateIdentity,
  identityToRecipient,
  MAX_HEADER_BYTES,
  open,
  openMessage,
  parseIdentityFile,
  readHeader,
  recipientToBytes,
  recoveryFile,
  seal,
  sealMessage,
  wrapHeader,
} from './index.js'

const alice = generateIdentity()
const mallory = generateIdentity()
const { facts } = testCommittee()

describe('header', () => {
  it('of a contribution holds the contributor and the committee, and is small', async () => {
    const { header } = await seal({ recipients: [await identityToRecipient(alice)], committee: facts })
    const { stanzas, length } = readHeader(header)
    expect(stanzas.map(({ args }) => args[0])).toEqual(['X25519', 'granary/v1'])
    expect(length).toBe(header.length)
    expect(length).toBeLessThan(600)
    await expectCode(() => fileKeyFromIdentity(header, [mallory]), 'IDENTITY_MISMATCH')
    expect((await fileKeyFromIdentity(header, [mallory, alice])).length).toBe(16)
  })

  it('is not mistaken at any cut', async () => {
    const { header } = await seal({ recipients: [await identityToRecipient(alice)], committee: facts })
    for (let size = 0; size < header.length; size++) {
      expect(tryReadHeader(header.subarray(0, size))).toBe(null)
      await expectCode(() => readHeader(header.subarray(0, size)), 'HEADER_INVALID')
    }
    expect(readHeader(header).length).toBe(header.length)
  })

  it('never throws anything but its own errors', () =>
    fc.assert(
      fc.asyncProperty(fc.string(), fc.uint8Array({ maxLength: 400 }), async (text, bytes) => {
        for (const tail of [ascii(text.replace(/[^\x20-\x7e]/g, '\n')), bytes]) {
          const start = ascii('age-encryption.org/v1\n')
          const file = new Uint8Array(start.length + tail.length)
          file.set(start)
          file.set(tail, start.length)
          await codeOf(() => readHeader(file))
        }
      }),
    ))

  it('is refused above 16 KiB, in reading and in sealing', async () => {
    const stanzas = [{ args: ['X25519', 'x'.repeat(100)], body: pattern(13_000) }]
    const large = encodeHeader(stanzas, new Uint8Array(32))
    expect(large.length).toBeGreaterThan(MAX_HEADER_BYTES)
    await expectCode(() => readHeader(large), 'HEADER_TOO_LARGE')
    await expectCode(
      () => collect(open({ source: streamOf(large, 1000), fileKey: () => pattern(16) })),
      'HEADER_TOO_LARGE',
    )
    const recipients = Array<string>(200).fill(await identityToRecipient(alice))
    await expectCode(() => seal({ recipients }), 'HEADER_TOO_LARGE')
    await expectCode(() => wrapHeader(pattern(16), recipients), 'HEADER_TOO_LARGE')
  })

  it('something else is refused at once', async () => {
    let given = 0
    const source = new ReadableStream<Uint8Array>({
      pull(controller) {
        given++
        controller.enqueue(pattern(100))
      },
    })
    await expectCode(() => collect(open({ source, fileKey: () => pattern(16) })), 'HEADER_INVALID')
    expect(given).toBeLessThan(4)
  })

  it('a wrong file key is refused before any plaintext', async () => {
    const file = await sealBytes(pattern(10), { recipients: [await identityToRecipient(alice)] })
    await expectCode(
      () => collect(open({ source: streamOf(file), fileKey: () => pattern(16) })),
      'HEADER_ALTERED',
    )
    await expectCode(
      () => collect(open({ source: streamOf(file), fileKey: () => pattern(15) })),
      'ARGUMENT_INVALID',
    )
  })
})

describe('identity', () => {
  it('is an age identity with a recipient that survives the chain', async () => {
    expect(alice).toMatch(/^AGE-SECRET-KEY-1[0-9A-Z]{58}$/)
    const recipient = await identityToRecipient(alice)
    expect(recipient).toMatch(/^age1[0-9a-z]{58}$/)
    expect(bytesToRecipient(recipientToBytes(recipient))).toBe(recipient)
    expect(alice).not.toBe(mallory)
  })

  it('goes through a recovery file', async () => {
    const text = recoveryFile(alice, 'Granary recovery file', 'made on a Monday\nAGE-SECRET-KEY-1FAKE')
    expect(parseIdentityFile(text)).toEqual([alice])
    expect(parseIdentityFile(`\r\n# comment\r\n${alice}\r\n${mallory}\r\n`)).toEqual([alice, mallory])
    for (const wrong of ['', '# nothing', 'age1abc', `${alice}x`, alice.toLowerCase()])
      await expectCode(() => parseIdentityFile(wrong), 'IDENTITY_INVALID')
    await expectCode(() => recoveryFile('AGE-SECRET-KEY-1'), 'IDENTITY_INVALID')
  })

  it('recipients of another kind, misspelt or of low order are refused', async () => {
    const recipient = await identityToRecipient(alice)
    const misspelt = `${recipient.slice(0, -1)}${recipient.endsWith('q') ? 'p' : 'q'}`
    for (const wrong of [
      '',
      'age1',
      misspelt,
      recipient.toUpperCase(),
      `age1pq1${recipient.slice(4)}`,
      alice,
    ]) {
      await expectCode(() => recipientToBytes(wrong), 'RECIPIENT_INVALID')
      await expectCode(() => seal({ recipients: [wrong] }), 'RECIPIENT_INVALID')
      await expectCode(() => wrapHeader(pattern(16), [wrong]), 'RECIPIENT_INVALID')
      await expectCode(() => sealMessage(pattern(1), wrong), 'RECIPIENT_INVALID')
    }
    const one = new Uint8Array(32)
    one[0] = 1
    for (const low of [new Uint8Array(32), one])
      await expectCode(() => bytesToRecipient(low), 'RECIPIENT_INVALID')
    await expectCode(() => bytesToRecipient(new Uint8Array(31)), 'ARGUMENT_INVALID')
    await expectCode(() => seal({ recipients: [] }), 'ARGUMENT_INVALID')
  })
})

describe('message', () => {
  it('opens for its recipient only, and only unaltered', async () => {
    for (const size of [0, 1, 100_000]) {
      const sealed = await sealMessage(pattern(size), await identityToRecipient(alice))
      expect(await openMessage(sealed, alice)).toEqual(pattern(size))
      await expectCode(() => openMessage(sealed, mallory), 'OPEN_FAILED')
      await expectCode(() => openMessage(sealed.subarray(0, -1), alice), 'OPEN_FAILED')
      await expectCode(() => openMessage(sealed.subarray(1), alice), 'HEADER_INVALID')
    }
  })
})
