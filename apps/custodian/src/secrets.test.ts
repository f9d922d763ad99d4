import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hex } from '@granary/protocol'
import { openWithPassphrase } from '@granary/sealing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { Shares } from './committee/shares.js'
import { readPassphrase } from './passphrase.js'
import { openSecrets } from './secrets.js'

const LOW = 10
const hex = (byte: string): Hex => `0x${byte.repeat(32)}`
const share = { transcript: hex('11'), groupKey: hex('22'), verifyingShare: hex('33'), secret: hex('44') }

let dir: string
const path = (name: string) => join(dir, name)
const bytes = (name: string) => readFileSync(path(name))
const text = (name: string) => bytes(name).toString('latin1')
const open = async (passphrase?: string) => {
  const opened = await openSecrets(dir, passphrase, LOW)
  return { ...opened, shares: await Shares.open(dir, opened.vault) }
}
const everything = () =>
  ['', 'epochs'].flatMap((folder) =>
    readdirSync(path(folder), { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => [join(folder, entry.name), text(join(folder, entry.name))]),
  )
/** Refused with this code, and no byte in the folder is another one. */
const expectRefusal = async (passphrase: string | undefined, code: string) => {
  const before = everything()
  await expect(open(passphrase)).rejects.toMatchObject({ code })
  expect(everything()).toEqual(before)
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'granary-secrets-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

describe('secrets without a passphrase', () => {
  it('are made once, mode 0600', async () => {
    const { secrets } = await open()
    expect((await open()).secrets.address).toBe(secrets.address)
    expect(statSync(path('secrets.json')).mode & 0o777).toBe(0o600)
  })

  it('are not made anew beside shares that are there', async () => {
    await (await open()).shares.keep(1, 1, share)
    rmSync(path('secrets.json'))
    await expectRefusal(undefined, 'SECRETS_INCOMPLETE')
  })

  it('are not made anew when they are damaged', async () => {
    await open()
    writeFileSync(path('secrets.json'), '{"version":')
    await expectRefusal(undefined, 'CONFIG_INVALID')
  })
})

describe('secrets under a passphrase', () => {
  it('lie encrypted from the first write on, shares too, and come back', async () => {
    const first = await open('correct horse')
    await first.shares.keep(1, 2, share)
    for (const name of ['secrets.json', 'epochs/1.json']) {
      expect(text(name)).toMatch(/^age-encryption\.org\/v1\n/)
      expect(statSync(path(name)).mode & 0o777).toBe(0o600)
    }
    const again = await open('correct horse')
    expect(again.secrets.identity).toBe(first.secrets.identity)
    expect(again.shares.undecided).toEqual([1])
  })

  it('are refused with another passphrase, with none, and when they are damaged', async () => {
    await (await open('correct horse')).shares.keep(1, 2, share)
    await expectRefusal('correct horses', 'PASSPHRASE_WRONG')
    await expectRefusal(undefined, 'PASSPHRASE_MISSING')
    const whole = bytes('epochs/1.json')
    writeFileSync(path('epochs/1.json'), whole.subarray(0, -1))
    await expectRefusal('correct horse', 'CONFIG_INVALID')
    writeFileSync(path('epochs/1.json'), whole)
    writeFileSync(path('secrets.json'), bytes('secrets.json').subarray(0, -1))
    await expectRefusal('correct horse', 'PASSPHRASE_WRONG')
  })

  it('take over a folder that lay open, and what a crash left of a file in it', async () => {
    const plain = await open()
    await plain.shares.keep(1, 2, share)
    const kept = text('secrets.json')
    writeFileSync(path('secrets.json.0123456789ab.new'), kept)
    writeFileSync(path('epochs/1.json.0123456789ab.new'), text('epochs/1.json'))
    const opened = await open('correct horse')
    expect(opened.secrets.address).toBe(plain.secrets.address)
    expect(opened.shares.undecided).toEqual([1])
    expect(everything().map(([name]) => name)).toEqual(['secrets.json', 'epochs/1.json'])
    for (const [, content] of everything()) {
      for (const secret of [plain.secrets.identity, plain.secrets.wallet.privateKey, share.secret])
        expect(content).not.toContain(secret)
    }
    expect(Buffer.from(await openWithPassphrase(bytes('secrets.json'), 'correct horse')).toString()).toBe(
      kept,
    )
  })

  it('finish what a crash interrupted: keys encrypted, shares still open, or the other way round', async () => {
    const plain = await open()
    await plain.shares.keep(1, 2, share)
    const [openKeys, openShare] = [bytes('secrets.json'), bytes('epochs/1.json')]
    await open('correct horse')
    writeFileSync(path('epochs/1.json'), openShare)
    expect((await open('correct horse')).shares.undecided).toEqual([1])
    expect(text('epochs/1.json')).toMatch(/^age-/)
    writeFileSync(path('secrets.json'), openKeys)
    await expectRefusal(undefined, 'PASSPHRASE_MISSING')
    expect((await open('correct horse')).shares.undecided).toEqual([1])
    expect(text('secrets.json')).toMatch(/^age-/)
  })
})

describe('the passphrase', () => {
  const written = (content: string | Uint8Array) => {
    writeFileSync(path('passphrase'), content)
    return readPassphrase({ passphraseFile: path('passphrase') })
  }

  it('is the content of its file without the newline at the end', async () => {
    expect(await readPassphrase({})).toBeUndefined()
    for (const [content, passphrase] of [
      ['pass phrase \n', 'pass phrase '],
      ['pass\r\n', 'pass'],
      ['two\nlines\n\n', 'two\nlines\n'],
    ] as const)
      expect(await written(content)).toBe(passphrase)
  })

  it('must be there, hold something, be UTF-8 and of sensible length', async () => {
    const refused = { code: 'PASSPHRASE_UNREADABLE' }
    for (const content of ['', '\n', new Uint8Array([0xff]), 'x'.repeat(5000)])
      await expect(written(content)).rejects.toMatchObject(refused)
    await expect(readPassphrase({ passphraseFile: path('nothing') })).rejects.toMatchObject(refused)
    await expect(readPassphrase({ passphraseFd: 987 })).rejects.toMatchObject(refused)
  })
})
