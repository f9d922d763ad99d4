import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parseEther, Wallet } from 'ethers'
import { commandLine, type Run } from '../support/command-line.js'
import { sharedWorld, waitFor } from '../support/world.js'

// The command line as scripts use it: one JSON document on stdout, exit code 0 only on success, errors by code.

const GRANARY = join(import.meta.dirname, '../../apps/cli/bin/granary.js')
const world = sharedWorld()
const cli = commandLine(world)
const { home, file, run: granary } = cli
const alice = Wallet.createRandom()
const trent = Wallet.createRandom()
let pool: string

beforeAll(async () => {
  pool = String(await world.createPool({ price: parseEther('3') }))
  await world.mint(trent.address, parseEther('100'))
  writeFileSync(file('harvest.csv'), 'day,kilograms\n1,20\n2,25\n')
  writeFileSync(file('letters.jsonl'), '{"to":"Anna"}\n{"to":"Trent"}\n')
})

afterAll(() => cli.remove())

describe('a failure', () => {
  const failed = async (code: string, ...args: string[]) => {
    const run = await granary(alice.privateKey, ...args)
    expect(run.json).toMatchObject({ error: { code, message: expect.any(String) } })
    expect(run.code).not.toBe(0)
  }
  it('is one JSON document with a code, and a non-zero exit', async () => {
    await failed('USAGE', 'contribute')
    await failed('FILE_UNREADABLE', 'contribute', file('nowhere'), '--pool', pool, '--purposes', 'evaluation')
    await failed(
      'PURPOSE_UNKNOWN',
      'contribute',
      file('harvest.csv'),
      '--pool',
      pool,
      '--purposes',
      'conquest',
    )
    await failed(
      'DATE_INVALID',
      'contribute',
      file('harvest.csv'),
      '--pool',
      pool,
      '--purposes',
      'evaluation',
      '--expires',
      '1999-01-01',
    )
    await failed('DATASET_UNKNOWN', 'datasets', 'show', `0x${'0'.repeat(64)}`)
    await failed('NOT_CONFIRMED', 'datasets', 'withdraw', `0x${'0'.repeat(64)}`)
  })
  it('says which wallet is missing', async () => {
    expect((await granary(undefined, 'requests')).json.error.code).toBe('SIGNER_MISSING')
  })
})

describe('the loop by commands', () => {
  let datasets: { id: string; cid: string; file: string; transaction: string }[]
  let request: string

  it('keygen makes an identity and its recipient', async () => {
    const { json } = await granary(undefined, 'keygen', '--out', file('trainer.txt'))
    expect(json).toMatchObject({
      identity: expect.stringMatching(/^AGE-SECRET-KEY-1/),
      recipient: expect.stringMatching(/^age1/),
    })
    expect(statSync(file('trainer.txt')).mode & 0o777).toBe(0o600)
    expect((await granary(undefined, 'keygen', '--out', file('trainer.txt'))).json.error.code).toBe(
      'FILE_EXISTS',
    )
  })

  it('accounts lists the development accounts with their roles', async () => {
    const { json } = await granary(undefined, 'accounts')
    const roles = json.map(({ role }: { role: string }) => role)
    expect(roles).toEqual(expect.arrayContaining(['council', 'trainer', 'contributor']))
    expect(json[0]).toMatchObject({
      address: expect.stringMatching(/^0x/),
      privateKey: expect.stringMatching(/^0x/),
    })
  })

  it('contribute prints ids and CIDs, and keeps the contributor’s key to its owner', async () => {
    const run = await granary(
      alice.privateKey,
      'contribute',
      file('harvest.csv'),
      file('letters.jsonl'),
      '--pool',
      pool,
      '--purposes',
      'fine-tuning,commercial',
      '--expires',
      '2y',
    )
    expect(run.code).toBe(0)
    datasets = run.json.datasets
    expect(datasets.map((dataset) => dataset.file)).toEqual([file('harvest.csv'), file('letters.jsonl')])
    for (const { id, cid, transaction } of datasets) {
      expect(id).toMatch(/^0x[0-9a-f]{64}$/)
      expect(cid).toMatch(/^baf/)
      expect(transaction).toMatch(/^0x[0-9a-f]{64}$/)
    }
    const identity = join(home, 'identities', `${alice.address}.txt`)
    expect(statSync(identity).mode & 0o777).toBe(0o600)
    expect(readFileSync(identity, 'utf8')).toMatch(/^AGE-SECRET-KEY-1[0-9A-Z]+$/m)
    expect(run.stderr).not.toContain('AGE-SECRET-KEY')
    expect(readdirSync(join(home, 'spool'))).toEqual([])
  })

  it('datasets lists them, and shows one', async () => {
    const { json } = await granary(alice.privateKey, 'datasets')
    expect(json.datasets.map(({ id }: { id: string }) => id).sort()).toEqual(
      datasets.map(({ id }) => id).sort(),
    )
    const shown = await granary(undefined, 'datasets', 'show', datasets[0]!.id)
    expect(shown.json).toMatchObject({
      owner: alice.address,
      purposes: ['fine-tuning', 'commercial'],
      metadata: { title: 'harvest.csv' },
    })
  })

  it('trainer apply, status and approve', async () => {
    expect((await granary(trent.privateKey, 'trainer', 'apply')).json).toMatchObject({ status: 'applied' })
    expect((await granary(trent.privateKey, 'trainer')).json).toMatchObject({
      address: trent.address,
      status: 'applied',
    })
    const stranger = await granary(alice.privateKey, 'trainer', 'approve', trent.address)
    expect(stranger.code).not.toBe(0)
    const approved = await granary(world.council.wallet.privateKey, 'trainer', 'approve', trent.address)
    expect(approved).toMatchObject({ code: 0, json: { status: 'approved' } })
  })

  it('request prints its id, count, price and transaction', async () => {
    const args = [
      'request',
      '--pool',
      pool,
      '--purpose',
      'fine-tuning',
      '--commercial',
      '--identity',
      file('trainer.txt'),
    ]
    expect((await granary(trent.privateKey, ...args, '--max-price', '1')).json.error.code).toBe(
      'PRICE_ABOVE_MAXIMUM',
    )
    const { code, json } = await granary(trent.privateKey, ...args)
    expect(code).toBe(0)
    expect(json).toMatchObject({
      request: expect.stringMatching(/^0x/),
      count: 2,
      price: String(parseEther('3')),
    })
    request = json.request
    const listed = await granary(trent.privateKey, 'requests')
    expect(listed.json.requests).toMatchObject([{ id: request, status: 'open', count: 2 }])
  })

  it('withdraw, once confirmed, is final', async () => {
    const { code, json } = await granary(alice.privateKey, 'datasets', 'withdraw', datasets[1]!.id, '--yes')
    expect({ code, json }).toMatchObject({ code: 0, json: { dataset: datasets[1]!.id, withdrawn: true } })
  })

  it('fetch writes what was released, and exits with a failure for the rest', async () => {
    const out = file('out')
    const { code, json } = await granary(
      trent.privateKey,
      'fetch',
      request,
      '--out',
      out,
      '--identity',
      file('trainer.txt'),
    )
    const sha256 = createHash('sha256')
      .update(readFileSync(file('harvest.csv')))
      .digest('hex')
    expect(json.files).toMatchObject([{ dataset: datasets[0]!.id, path: join(out, 'harvest.csv'), sha256 }])
    expect(json.failed).toMatchObject([{ dataset: datasets[1]!.id, code: 'CONSENT_WITHDRAWN' }])
    expect(code).not.toBe(0)
    expect(readFileSync(join(out, 'harvest.csv'))).toEqual(readFileSync(file('harvest.csv')))
    expect(readdirSync(out).sort()).toEqual(['.granary', 'harvest.csv'])
    const only = ['--datasets', datasets[0]!.id]
    const again = await granary(
      trent.privateKey,
      'fetch',
      request,
      '--out',
      out,
      '--identity',
      file('trainer.txt'),
      ...only,
    )
    expect(again.code).toBe(0)
    expect(readdirSync(out).sort()).toEqual(['.granary', 'harvest.csv'])
  })

  it('settle, rewards and claim', async () => {
    let rewards: Run | undefined
    let settled = false
    // Custodians that settle by themselves at this moment let nobody else do it.
    await waitFor('the reward', async () => {
      settled = (await granary(undefined, 'settle')).code === 0 || settled
      rewards = await granary(alice.privateKey, 'rewards')
      return settled && rewards.json.claimable !== '0'
    })
    const earned = String((parseEther('3') * 85n) / 100n)
    expect(rewards!.json).toMatchObject({ earned, claimed: '0', claimable: earned })
    const claimed = await granary(alice.privateKey, 'rewards', 'claim')
    expect(claimed.json).toMatchObject({ earned, claimed: earned, claimable: '0', amount: earned })
    expect((await granary(alice.privateKey, 'rewards', 'claim')).json.error.code).toBe('NOTHING_TO_CLAIM')
  })
})

it('Ctrl-C says that the same command goes on, and is no success', async () => {
  writeFileSync(file('long.bin'), randomBytes(64 * 2 ** 20))
  const args = ['contribute', file('long.bin'), '--pool', pool, '--purposes', 'evaluation']
  const { child, ended } = cli.start(alice.privateKey, ...args)
  let told = false
  child.stderr?.on('data', (chunk) => {
    // Once: a second one would end it before it has said anything.
    if (!told && String(chunk).includes('sealing')) told = child.kill('SIGINT')
  })
  const { code, json } = await ended
  const message = expect.stringContaining('goes on where it was')
  expect([code, json]).toEqual([130, { error: { code: 'ABORTED', message } }])
})

describe('without --json', () => {
  /** Runs it as people do; whoever reads stderr goes away at once if `deaf`. */
  const plain = (words: string[], deaf = false) =>
    new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
      const { GRANARY_PRIVATE_KEY: _, NODE_OPTIONS: __, ...env } = process.env
      const own = { GRANARY_API: world.api, GRANARY_HOME: home, GRANARY_PRIVATE_KEY: alice.privateKey }
      const child = spawn(process.execPath, [GRANARY, ...words], {
        env: { ...env, ...own },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      let [stdout, stderr] = ['', '']
      child.stdout.on('data', (chunk) => {
        stdout += chunk
      })
      if (deaf) child.stderr.destroy()
      else
        child.stderr.on('data', (chunk) => {
          stderr += chunk
        })
      child.once('close', (code) => resolve({ code, stdout, stderr }))
    })
  const terms = ['--pool', '65000', '--purposes', 'evaluation']

  it('what failed is told on stderr, and stdout has what was done', async () => {
    const { code, stdout, stderr } = await plain(['contribute', file('harvest.csv'), ...terms])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^granary: .*harvest\.csv: .*\(POOL_UNKNOWN\)$/m)
  })

  it('the work is done though nobody reads how far it is', async () => {
    const there = ['--pool', pool, '--purposes', 'evaluation']
    const { code, stdout } = await plain(['contribute', file('letters.jsonl'), ...there], true)
    expect([code, stdout]).toEqual([0, expect.stringMatching(/dataset +0x[0-9a-f]{64}/)])
  })

  it('the version is the one of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(GRANARY, '../../package.json'), 'utf8'))
    expect(await plain(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })
})

describe('help', () => {
  it('is there for every command, with an example for those that take arguments', async () => {
    const plain = (words: string[]) =>
      new Promise<string>((resolve) => {
        const child = spawn(process.execPath, [GRANARY, ...words, '--help'], {
          stdio: ['ignore', 'pipe', 'ignore'],
        })
        let text = ''
        child.stdout.on('data', (chunk) => {
          text += chunk
        })
        child.once('close', () => resolve(text))
      })
    for (const words of [
      ['contribute'],
      ['datasets'],
      ['trainer'],
      ['request'],
      ['requests'],
      ['fetch'],
      ['rewards'],
      ['keygen'],
    ])
      expect(await plain(words)).toMatch(/Example/)
    for (const words of [['up'], ['accounts'], ['settle'], ['datasets', 'consent'], ['trainer', 'approve']])
      expect(await plain(words)).toMatch(/--json/)
  })
})
