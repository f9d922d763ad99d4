import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Wallet } from 'ethers'
import { commandLine } from '../support/command-line.js'
import { sharedWorld } from '../support/world.js'

// What is wrong with what somebody typed, set, or named is told in one line with a code of the catalogue, never by what the
// system or a library calls it.

const world = sharedWorld()
const cli = commandLine(world)
const { file } = cli
const alice = Wallet.createRandom().privateKey
const ABSENT = `0x${'5a'.repeat(32)}`
/** Nothing listens there. */
const NOWHERE = 'http://localhost:4'
let pool: string
let rpc: string

beforeAll(async () => {
  pool = String(await world.createPool())
  rpc = world.facts.rpcUrl
  writeFileSync(file('note.txt'), 'a note')
  writeFileSync(file('empty'), '')
  mkdirSync(file('folder'))
  const deployment = JSON.parse(readFileSync(world.facts.deployment, 'utf8'))
  writeFileSync(file('other-chain.json'), JSON.stringify({ ...deployment, chainId: 5 }))
  const moved = { ...deployment, datasetRegistry: Wallet.createRandom().address }
  writeFileSync(file('other-place.json'), JSON.stringify(moved))
})
afterAll(() => cli.remove())

/** Runs it, and says with which code and words it failed; on stdout is one document, and nothing else. */
async function failure(args: string[], env: Record<string, string> = {}, key: string | undefined = alice) {
  const other = commandLine(world, { GRANARY_HOME: cli.home, ...env })
  const { code, json, stderr } = await other.run(key, ...args)
  other.remove()
  expect([args, code, Object.keys(json ?? {})]).toEqual([args, 1, ['error']])
  const { code: named, message } = json.error
  expect(message).not.toMatch(/ENOENT|EEXIST|ENOTDIR|undefined|\n/)
  return { code: named, message, stderr }
}
const codeOf = async (...args: string[]) => (await failure(args)).code

const contribution = (...more: string[]) => ['contribute', file('note.txt'), '--pool', pool, ...more]

describe('a value that was typed', () => {
  it('is refused before anything is sealed', async () => {
    for (const purposes of ['', 'commercial'])
      expect(await codeOf(...contribution('--purposes', purposes))).toBe('ARGUMENT_INVALID')
    for (const expires of ['99999y', '+275760-09-12', 'tomorrow'])
      expect(await codeOf(...contribution('--purposes', 'evaluation', '--expires', expires))).toBe(
        'DATE_INVALID',
      )
  })

  it('is refused where it is a count or an address', async () => {
    expect(await codeOf('treasury', '--last', 'some')).toBe('ARGUMENT_INVALID')
    const deploy = ['deploy', '--rpc', rpc, '--out', file('new.json')]
    for (const option of ['--council', '--guardian', '--treasury', '--token'])
      expect(await failure([...deploy, option, '0x12'])).toMatchObject({
        code: 'ARGUMENT_INVALID',
        message: expect.stringContaining('0x12'),
      })
  })

  it('is named when it is the server that refuses it', async () => {
    const { code, message } = await failure(['trainer', 'apply', '--url', 'nonsense'])
    expect(code).toBe('VALIDATION_FAILED')
    expect(message).toMatch(/profile\.url: /)
  })

  it('is no command of the group, and the group says which it has', async () => {
    for (const words of [['lst'], ['show-all', ABSENT]]) {
      const { code, message } = await failure(['datasets', ...words])
      expect([code, message]).toEqual(['USAGE', expect.stringMatching(/'(lst|show-all)'.* show, /)])
    }
    for (const words of [
      ['help', 'nonsense'],
      ['help', 'pools', 'lst'],
      ['pools', 'help', 'lst'],
    ]) {
      const asked = await failure(words)
      expect([asked.code, asked.message]).toEqual(['USAGE', expect.stringContaining('unknown command')])
    }
    const { message } = await failure(['datasets', 'list', 'more'])
    expect(message).toMatch(/too many arguments/)
  })
})

describe('a command that was not named', () => {
  it('is asked for, with --json before or behind what there is', async () => {
    for (const words of [[], ['receipt'], ['proposals', 'create']]) {
      const { code, message } = await failure(words)
      expect([words, code, message]).toEqual([words, 'USAGE', expect.stringContaining('name a command')])
    }
    expect((await failure(['--json', 'datasets', 'lst'])).code).toBe('USAGE')
    const { code, json } = await cli.run(undefined, '--json', 'pools')
    expect([code, Object.keys(json)]).toEqual([0, ['pools']])
  })
})

describe('a file or folder', () => {
  it('whose name begins with a dash is told how to be named', async () => {
    const { code, message } = await failure([
      'contribute',
      '-note.txt',
      '--pool',
      pool,
      '--purposes',
      'evaluation',
    ])
    expect([code, message]).toEqual(['USAGE', expect.stringMatching(/'-note\.txt' .*behind --/)])
  })

  it('that is not what it should be is named in words', async () => {
    const batch = await failure(['proposals', 'create', 'batch', file('nowhere')])
    expect(batch).toMatchObject({ code: 'FILE_UNREADABLE', message: expect.stringContaining('no such file') })
    const release = ['verify-web', world.api, '--release', file('nowhere')]
    expect((await failure(release)).message).toContain(`${file('nowhere')}: there is no such file`)
    expect(await codeOf('up', '--data', file('note.txt'), '--port', '0')).toBe('FILE_UNREADABLE')
    const identity = await failure(['open', ABSENT, '--out', file('opened')])
    expect(identity).toMatchObject({ code: 'FILE_UNREADABLE', message: expect.stringContaining('--release') })
    for (const place of [file('note.txt'), '/proc/granary']) {
      const home = await failure(contribution('--purposes', 'evaluation'), { GRANARY_HOME: place })
      expect(home).toMatchObject({ code: 'FILE_UNREADABLE', message: expect.stringContaining(place) })
    }
    expect(await codeOf('up', '--data', '/proc/granary', '--port', '0')).toBe('FILE_UNREADABLE')
  })

  it('with the passphrase of an export is read, whether there is a key to encrypt or not', async () => {
    for (const passphrase of ['nowhere', 'empty', 'folder']) {
      const args = ['export', '--out', file('mine.tar'), '--passphrase-file', file(passphrase)]
      expect(await codeOf(...args)).toBe('PASSPHRASE_UNREADABLE')
    }
  })
})

describe('the environment', () => {
  it('names no key that is none, and no URL that is none', async () => {
    for (const key of [`0x${'0'.repeat(64)}`, `0x${'f'.repeat(64)}`, '0x12']) {
      const { code, message } = await failure(['datasets'], {}, key)
      expect([code, message]).toEqual(['ENVIRONMENT_INVALID', expect.stringContaining('GRANARY_PRIVATE_KEY')])
      expect(message).not.toContain(key)
    }
    const { code, message } = await failure(['pools'], { GRANARY_API: 'ftp://example.org' })
    expect([code, message]).toEqual(['ENVIRONMENT_INVALID', expect.stringContaining('http')])
  })

  it('names a server that does not answer: said once while it is tried again', async () => {
    const { code, message, stderr } = await failure(['pools'], { GRANARY_API: NOWHERE })
    expect([code, message]).toEqual(['UNREACHABLE', expect.stringContaining('Check its address')])
    expect(stderr.split('\n').filter((line) => line.includes(NOWHERE)).length).toBe(1)
    expect((await failure(['pools'], { GRANARY_API: rpc })).code).toBe('ANSWER_INVALID')
    const database = 'postgresql://nobody@127.0.0.1:4/none'
    expect((await failure(['migrate'], { DATABASE_URL: database })).code).toBe('DATABASE_UNAVAILABLE')
  })

  it('names a chain that does not answer, or that has another deployment', async () => {
    const commands = [
      ['handover', 'check'],
      ['handover', '--yes'],
      ['pools', 'create', '--title', 'x', '--price', '5'],
      ['committee', 'propose', 'http://127.0.0.1:4', '--threshold', '2'],
    ]
    for (const command of commands) {
      const on = (name: string, url: string) =>
        codeOf(...command, '--deployment', name.startsWith('/') ? name : file(name), '--rpc', url)
      expect([
        await on(world.facts.deployment, NOWHERE),
        await on('other-chain.json', rpc),
        await on('other-place.json', rpc),
      ]).toEqual(['CHAIN_UNREACHABLE', 'NETWORK_MISMATCH', 'DEPLOYMENT_ELSEWHERE'])
    }
  })
})

it('an account that may not, or cannot pay, is told so in words', async () => {
  const refused = await failure(['trainer', 'revoke', Wallet.createRandom().address])
  expect(refused).toMatchObject({ code: 'NOT_COUNCIL', message: expect.stringContaining('Only the council') })
  const poor = await failure(['deploy', '--rpc', rpc, '--out', file('new.json')])
  expect(poor).toMatchObject({ code: 'INSUFFICIENT_FUNDS', message: expect.stringContaining('gas') })
})
