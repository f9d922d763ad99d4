import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { type Hex, readCar } from '@granary/protocol'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { unpackTar } from 'modern-tar'
import { type Actor, contributeBytes, newContributor } from '../support/actors.js'
import { type CommandLine, commandLine } from '../support/command-line.js'
import { type FlakyProxy, flakyProxy } from '../support/flaky-proxy.js'
import { sharedWorld, waitFor } from '../support/world.js'

// An export that was stopped goes on where it was, believes nothing that it finds, and shares its file with no other.

const world = sharedWorld()
const MIB = 1 << 20
/** More than three leaves of it, and less than the fourth. */
const STOP = 3 * MIB + 500_000
let proxy: FlakyProxy
let cli: CommandLine
let alice: Actor
const files = new Map<Hex, string>()

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const run = (...args: string[]) => cli.run(alice.wallet.privateKey, 'export', '--no-key', ...args)
const part = (name: string) => cli.file(`.${name}.part`)
const hidden = () => readdirSync(cli.home).filter((name) => name.includes('.part'))

/** An export through a network that stands still; it is killed once so many MiB are on disk. */
async function killed(name: string, least = 3): Promise<void> {
  const stopped = proxy.taken(STOP)
  const { child, ended } = cli.start(alice.wallet.privateKey, 'export', '--no-key', '--out', cli.file(name))
  const over = ended.then(({ stdout, stderr }) => `${stdout}${stderr}`)
  expect(await Promise.race([stopped.then(() => null), over])).toBe(null)
  await waitFor('its leaves on disk', () => statSync(part(name)).size > least * MIB)
  child.kill('SIGKILL')
  expect((await ended).code).toBe(null)
  proxy.retarget(world.api)
}

/** The sealed files in an archive, each by its digest. */
async function contentsOf(name: string): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  let cid = ''
  for (const { header, data } of await unpackTar(readFileSync(cli.file(name)))) {
    const id = header.name.split('/')[1]!
    if (header.name.endsWith('record.json')) cid = JSON.parse(Buffer.from(data!).toString()).dataset.cid
    if (!header.name.endsWith('.car')) continue
    const leaves: Uint8Array[] = []
    for await (const leaf of readCar(cid, [data!])) leaves.push(leaf)
    found.set(id, sha256(Buffer.concat(leaves)))
  }
  return found
}

async function expectWhole(name: string): Promise<void> {
  const verified = await cli.run(undefined, 'export', 'verify', cli.file(name), '--on-chain')
  expect([verified.code, verified.json.datasets?.length]).toEqual([0, files.size])
  expect(new Map([...(await contentsOf(name))].sort())).toEqual(new Map([...files].sort()))
  expect(hidden()).toEqual([])
}

beforeAll(async () => {
  proxy = await flakyProxy(1, Number.MAX_SAFE_INTEGER)
  proxy.retarget(world.api)
  cli = commandLine({ api: proxy.url })
  alice = await newContributor(world)
  const terms = { pool: await world.createPool(), purposes: ['evaluation'], expires: null }
  for (const bytes of [randomBytes(5 * MIB), Buffer.from('a small one'), randomBytes(5 * MIB)]) {
    const { id } = await contributeBytes(alice, bytes, terms)
    const content = await fetch(`${world.api}/v1/datasets/${id}/content`)
    files.set(id, sha256(Buffer.from(await content.arrayBuffer())))
  }
}, 240_000)
afterAll(async () => {
  await proxy?.close()
  cli?.remove()
})

describe('granary export', () => {
  it('is refused while another writes the same file, which is not harmed', async () => {
    const stopped = proxy.taken(STOP)
    const out = cli.file('both.tar')
    const first = cli.start(alice.wallet.privateKey, 'export', '--no-key', '--out', out)
    await stopped
    const direct = commandLine(world)
    const second = await direct.run(alice.wallet.privateKey, 'export', '--no-key', '--out', out)
    direct.remove()
    expect([second.code, second.json.error.code]).toEqual([1, 'EXPORT_RUNNING'])
    expect(second.json.error.message).toContain(String(first.child.pid))
    expect(existsSync(out)).toBe(false)
    first.child.kill('SIGKILL')
    await first.ended
    proxy.retarget(world.api)
    expect((await run('--out', out)).code).toBe(0)
    await expectWhole('both.tar')
  })

  it('killed in the middle of a file leaves nothing under the name, and goes on there', async () => {
    await killed('mine.tar')
    expect(existsSync(cli.file('mine.tar'))).toBe(false)
    expect(statSync(part('mine.tar')).mode & 0o777).toBe(0o600)
    const before = proxy.received()
    const { code, json, stderr } = await run('--out', cli.file('mine.tar'))
    expect([code, json.datasets]).toEqual([0, 3])
    expect(json.resumedFrom).toBeGreaterThan(3 * MIB)
    expect(proxy.received() - before).toBeLessThan(10 * MIB - 3 * MIB + 300_000)
    expect(stderr).toContain('checking what is there')
    await expectWhole('mine.tar')
  })

  it('goes on behind whole files, which are not downloaded again, and as often as it is killed', async () => {
    await killed('often.tar')
    await killed('often.tar', 6)
    const { size } = statSync(part('often.tar'))
    expect(size).toBeGreaterThan(6 * MIB)
    const before = proxy.received()
    const { code, json } = await run('--out', cli.file('often.tar'))
    expect(code).toBe(0)
    expect(json.resumedFrom).toBeGreaterThan(6 * MIB)
    expect(proxy.received() - before).toBeLessThan(10 * MIB - 6 * MIB + 300_000)
    await expectWhole('often.tar')
  })

  it.each<[string, (bytes: Buffer) => number, number]>([
    ['in a block', () => 2 * MIB + 300_000, MIB],
    ['in a record', (bytes) => bytes.indexOf('"history"') + 2, 0],
    ['in the first entry', (bytes) => bytes.indexOf('"exported"') + 14, 0],
    ['in the head of an entry', (bytes) => bytes.indexOf('content.car') + 1, 0],
  ])('does not believe what it finds: altered %s, that is downloaded anew', async (where, at, least) => {
    const name = `${where.replaceAll(' ', '-')}.tar`
    await killed(name)
    const bytes = readFileSync(part(name))
    bytes[at(bytes)]! ^= 1
    writeFileSync(part(name), bytes)
    const before = proxy.received()
    const { code } = await run('--out', cli.file(name))
    expect(code).toBe(0)
    expect(proxy.received() - before).toBeGreaterThan(10 * MIB - 3 * MIB + 300_000)
    expect(proxy.received() - before).toBeLessThan(10 * MIB - least + 400_000)
    await expectWhole(name)
  })

  it('takes nothing of what another account left under the name', async () => {
    await killed('of-both.tar')
    const bob = await newContributor(world)
    const { code, json } = await cli.run(bob.wallet.privateKey, 'export', '--out', cli.file('of-both.tar'))
    expect([code, json.account, json.datasets, json.resumedFrom]).toEqual([0, bob.address, 0, 0])
    expect(hidden()).toEqual([])
    expect(await contentsOf('of-both.tar')).toEqual(new Map())
  })
})
