import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { collect, join as concat, pattern, sealBytes, streamOf, testCommittee } from '../testing/support.js'
import {
  fileKeyFromIdentity,
  generateIdentity,
  identityToRecipient,
  open,
  openMessage,
  readHeader,
  recoveryFile,
  sealMessage,
  wrapHeader,
} from './index.js'
import { CHUNK_BYTES } from './payload.js'

const required = process.env.GRANARY_REQUIRE_TOOLS === '1'
const present = spawnSync('age', ['--version']).error === undefined

// With GRANARY_REQUIRE_TOOLS=1 (as in CI) a missing `age` fails below instead of leaving these out.
const describeWithAge = present || required ? describe : describe.skip

describeWithAge('the age command', () => {
  const identity = generateIdentity()
  let folder = ''
  let identityFile = ''

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'granary-age-'))
    identityFile = join(folder, 'recovery.txt')
    writeFileSync(identityFile, recoveryFile(identity, 'Granary recovery file'))
  })

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  function age(args: string[], input: Uint8Array): Uint8Array {
    const { error, status, stdout, stderr } = spawnSync('age', args, { input, maxBuffer: 1 << 28 })
    if (error !== undefined) throw error
    if (status !== 0) throw new Error(String(stderr))
    return new Uint8Array(stdout)
  }

  for (const size of [0, 1, CHUNK_BYTES, 5 * CHUNK_BYTES + 1])
    it(`opens a sealed file of ${size} bytes with the recovery file, and passes over the committee's stanza`, async () => {
      const recipients = [await identityToRecipient(identity)]
      const file = await sealBytes(pattern(size), { recipients, committee: testCommittee().facts })
      expect(readHeader(file).stanzas.length).toBe(2)
      expect(Buffer.compare(age(['-d', '-i', identityFile], file), pattern(size))).toBe(0)
    })

  it('opens a file under the header that a trainer puts on it', async () => {
    const recipients = [await identityToRecipient(generateIdentity())]
    const other = generateIdentity()
    const file = await sealBytes(pattern(1000), { recipients: [await identityToRecipient(other)] })
    const key = await fileKeyFromIdentity(file, [other])
    const header = await wrapHeader(key, [...recipients, await identityToRecipient(identity)])
    const handedOn = concat(header, file.subarray(readHeader(file).length))
    expect(Buffer.compare(age(['-d', '-i', identityFile], handedOn), pattern(1000))).toBe(0)
  })

  it('seals what opens here, and opens our messages', async () => {
    const recipient = await identityToRecipient(identity)
    const file = age(['-r', recipient], pattern(200_000))
    const fileKey = (_: unknown, bytes: Uint8Array) => fileKeyFromIdentity(bytes, [identity])
    expect(Buffer.compare(await collect(open({ source: streamOf(file), fileKey })), pattern(200_000))).toBe(0)
    expect(await openMessage(age(['-r', recipient], pattern(9)), identity)).toEqual(pattern(9))
    expect(age(['-d', '-i', identityFile], await sealMessage(pattern(9), recipient))).toEqual(pattern(9))
  })
})
