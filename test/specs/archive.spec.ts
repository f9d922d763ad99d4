import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { canonicalJson, documentCids, type Hex } from '@granary/protocol'
import { createClient } from '@granary/sdk'
import { recoveryFile } from '@granary/sealing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { packTar, type TarEntry, unpackTar } from 'modern-tar'
import {
  type Actor,
  contributeBytes,
  memorySink,
  newContributor,
  newStranger,
  newTrainer,
} from '../support/actors.js'
import { type CommandLine, commandLine } from '../support/command-line.js'
import { type FlakyProxy, flakyProxy } from '../support/flaky-proxy.js'
import { spentOf } from '../support/releases.js'
import { signIn } from '../support/rest.js'
import { type SecondApi, startSecondApi } from '../support/second-api.js'
import { BlockFolder } from '../support/second-locations.js'
import { sharedWorld, waitFor } from '../support/world.js'

// Everything that somebody owns leaves as one archive, which nobody can alter unnoticed, and comes back elsewhere.

const world = sharedWorld()
const MIB = 1 << 20
const large = randomBytes(3_000_000)
let cli: CommandLine
let elsewhere: CommandLine
let second: SecondApi
let proxy: FlakyProxy
let alice: Actor
let trent: Actor
let mallory: Actor
let pool: number
let ids: Hex[]
let archive: string

type Entries = { name: string; data: Uint8Array }[]
const read = async (file: string): Promise<Entries> =>
  (await unpackTar(readFileSync(file))).map(({ header, data }) => ({ name: header.name, data: data! }))
const write = async (entries: Entries, name = `${randomBytes(4).toString('hex')}.tar`) => {
  const file = cli.file(name)
  const packed: TarEntry[] = entries.map(({ name, data }) => ({
    header: { name, size: data.length, type: 'file' },
    body: data,
  }))
  writeFileSync(file, await packTar(packed))
  return file
}
const json = (value: unknown) => canonicalJson(value)
const text = (data: Uint8Array) => JSON.parse(Buffer.from(data).toString())
/** With a list that fits what is there: what Mallory would do. */
function relisted(entries: Entries): Entries {
  const rest = entries.filter(({ name }) => name !== 'manifest.json')
  const list = rest.map(({ name, data }) => ({
    name,
    size: data.length,
    sha256: createHash('sha256').update(data).digest('hex'),
  }))
  return [
    ...rest,
    { name: 'manifest.json', data: json({ version: 'granary/archive/v1', entries: list, absent: [] }) },
  ]
}
const changed = (entries: Entries, name: RegExp, change: (data: Buffer) => Uint8Array): Entries =>
  entries.map((entry) =>
    name.test(entry.name) ? { ...entry, data: change(Buffer.from(entry.data)) } : entry,
  )

beforeAll(async () => {
  proxy = await flakyProxy(1, Number.MAX_SAFE_INTEGER)
  second = await startSecondApi(world, { publicUrl: proxy.url })
  cli = commandLine(world)
  proxy.retarget(second.api)
  elsewhere = commandLine({ api: proxy.url })
  pool = await world.createPool()
  ;[alice, mallory] = [await newContributor(world), await newStranger(world)]
  trent = await newTrainer(world)
  mkdirSync(join(cli.home, 'identities'), { mode: 0o700 })
  writeFileSync(join(cli.home, 'identities', `${alice.address}.txt`), recoveryFile(alice.identity, 'test'), {
    mode: 0o600,
  })
  const terms = { pool, purposes: ['evaluation'], expires: null }
  const first = await contributeBytes(alice, large, terms)
  const other = await contributeBytes(alice, new TextEncoder().encode('small'), terms)
  await alice.client.datasets.updateConsent(other.id, {
    purposes: ['evaluation', 'retrieval'],
    expires: null,
    ask: false,
  })
  ids = [first.id, other.id]
  const wish = { pool, purposes: ['evaluation'], recipient: trent.recipient, datasets: [first.id] }
  const { request } = await trent.client.requests.open(wish)
  await trent.client.fetch(request, { identity: trent.identity, sink: memorySink() })
  await waitFor('the settlement', async () => {
    await trent.client.settle()
    return (await spentOf(world, request)) > 0n
  })
  await waitFor('the reward', async () => BigInt((await alice.client.rewards.get(alice.address)).earned) > 0n)
  archive = cli.file('mine.tar')
}, 240_000)
afterAll(async () => {
  await proxy?.close()
  await second?.end()
  cli?.remove()
  elsewhere?.remove()
})

describe('granary export', () => {
  it('needs a wallet, a file to write, and overwrites none', async () => {
    expect((await cli.run(undefined, 'export', '--out', archive)).json.error.code).toBe('SIGNER_MISSING')
    expect((await cli.run(alice.wallet.privateKey, 'export')).json.error.code).toBe('ARGUMENT_INVALID')
    writeFileSync(cli.file('there'), 'x')
    const taken = await cli.run(alice.wallet.privateKey, 'export', '--out', cli.file('there'))
    expect([taken.json.error.code, readFileSync(cli.file('there'), 'utf8')]).toEqual(['FILE_EXISTS', 'x'])
  })

  it('writes a file for its owner alone, and leaves nothing beside it', async () => {
    const { code, json } = await cli.run(alice.wallet.privateKey, 'export', '--out', archive)
    expect(json).toMatchObject({ account: alice.address, datasets: 2, settlements: 1, absent: [], key: true })
    expect([code, json.resumedFrom]).toEqual([0, 0])
    expect(statSync(archive).mode & 0o777).toBe(0o600)
    expect(readdirSync(cli.home).filter((name) => name.includes('.part'))).toEqual([])
  })

  it('holds files, records, consent history, rewards with proof, receipts and the key', async () => {
    const entries = await read(archive)
    expect(entries.map(({ name }) => name.replace(/0x[0-9a-f]{64}/, 'ID').replace(/\d+\./, 'N.'))).toEqual([
      'granary.json',
      ...['datasets/ID/record.json', 'datasets/ID/metadata.json', 'datasets/ID/content.car'],
      ...['datasets/ID/record.json', 'datasets/ID/metadata.json', 'datasets/ID/content.car'],
      ...['key.txt', 'rewards.json', 'settlements.json', 'settlements/N.json', 'manifest.json'],
    ])
    const of = (name: string) => entries.find((entry) => entry.name.endsWith(name))!.data
    expect(Buffer.from(of('key.txt')).toString()).toContain(alice.identity)
    const kinds = text(of('record.json')).history.map(({ type }: { type: string }) => type)
    expect(kinds).toEqual(['consent-updated', 'contributed'])
    const used = text(entries.find(({ name }) => name.startsWith('settlements/'))!.data)
    expect(used.uses.map(({ dataset }: { dataset: Hex }) => dataset)).toContain(ids[0])
    expect(used.receipts.length).toBeGreaterThanOrEqual(2)
  })

  it('leaves the key out or encrypts it when told to', async () => {
    const bare = await cli.run(alice.wallet.privateKey, 'export', '--out', cli.file('bare.tar'), '--no-key')
    expect(bare.json.key).toBe(false)
    expect(readFileSync(cli.file('bare.tar')).includes(alice.identity)).toBe(false)
    writeFileSync(cli.file('words'), 'correct horse')
    const out = cli.file('sealed.tar')
    await cli.run(alice.wallet.privateKey, 'export', '--out', out, '--passphrase-file', cli.file('words'))
    expect(readFileSync(out).includes(alice.identity)).toBe(false)
    expect((await cli.run(undefined, 'export', 'verify', out)).json.key).toBe('sealed')
  })
})

describe('an archive', () => {
  it('is whole by itself, and by the chain', async () => {
    const nowhere = commandLine({ api: 'http://127.0.0.1:9' })
    const offline = await nowhere.run(undefined, 'export', 'verify', archive)
    nowhere.remove()
    expect([offline.code, offline.json.datasets.map(({ id }: { id: Hex }) => id).sort()]).toEqual([
      0,
      [...ids].sort(),
    ])
    const online = await cli.run(undefined, 'export', 'verify', archive, '--on-chain')
    expect([online.code, online.json.onChain]).toEqual([0, true])
  })

  const flip = (data: Buffer) => {
    data[data.length >> 1]! ^= 1
    return data
  }
  const extra = (name: string) => (entries: Entries) =>
    relisted([...entries.slice(0, -1), { name, data: new Uint8Array(3) }])
  it.each<[string, string, (entries: Entries) => Entries]>([
    ['with an altered block', 'CONTENT_ALTERED', (all) => relisted(changed(all, /car$/, flip))],
    [
      'with the other dataset’s file',
      'ARCHIVE_INVALID',
      (all) => {
        const cars = all.filter(({ name }) => name.endsWith('car')).reverse()
        return relisted(
          all.map((entry) => (entry.name.endsWith('car') ? { ...entry, data: cars.shift()!.data } : entry)),
        )
      },
    ],
    ['with another text than its list says', 'ARCHIVE_ALTERED', (all) => changed(all, /^key/, flip)],
    [
      'with false metadata',
      'DOCUMENT_MISMATCH',
      (all) => relisted(changed(all, /metadata/, (data) => json({ ...text(data), title: 'false' }))),
    ],
    [
      'with false rewards',
      'PROOF_INVALID',
      (all) =>
        relisted(changed(all, /rewards/, (data) => json({ ...text(data), earned: '99999999999999999999' }))),
    ],
    [
      'with a false settlement',
      'DOCUMENT_MISMATCH',
      (all) => relisted(changed(all, /^settlements\//, (data) => json({ ...text(data), total: '1' }))),
    ],
    [
      'with the dataset of somebody else',
      'ARCHIVE_INVALID',
      (all) =>
        relisted(
          changed(all, /record/, (data) => {
            const record = text(data)
            return json({ ...record, dataset: { ...record.dataset, owner: mallory.address } })
          }),
        ),
    ],
    ['that leads out of its folder', 'ARCHIVE_INVALID', extra('../../.bashrc')],
    ['with an absolute name', 'ARCHIVE_INVALID', extra('/etc/passwd')],
    ['with a name twice', 'ARCHIVE_INVALID', extra('rewards.json')],
    ['without its list', 'ARCHIVE_TRUNCATED', (all) => all.slice(0, -1)],
    [
      'without a file that it lists',
      'ARCHIVE_ALTERED',
      (all) => all.filter(({ name }) => name !== 'key.txt'),
    ],
    [
      'of a version from the future',
      'VERSION_UNKNOWN',
      (all) =>
        relisted(changed(all, /^granary/, (data) => json({ ...text(data), version: 'granary/archive/v2' }))),
    ],
  ])('%s is refused', async (_, code, change) => {
    const file = await write(change(await read(archive)))
    const { json } = await cli.run(undefined, 'export', 'verify', file)
    expect(json.error?.code).toBe(code)
  })

  it('that is cut off, or is none, or promises a terabyte is refused', async () => {
    const all = readFileSync(archive)
    const codes = await Promise.all(
      [
        all.subarray(0, all.length - 1024),
        all.subarray(0, all.length >> 1),
        randomBytes(2000),
        Buffer.alloc(0),
      ].map(async (bytes, i) => {
        writeFileSync(cli.file(`cut${i}`), bytes)
        return (await cli.run(undefined, 'export', 'verify', cli.file(`cut${i}`))).json.error.code
      }),
    )
    expect(codes).toEqual(['ARCHIVE_TRUNCATED', 'ARCHIVE_TRUNCATED', 'ARCHIVE_INVALID', 'ARCHIVE_TRUNCATED'])
    const entries = await read(archive)
    const huge = await packTar([
      { header: { name: 'granary.json', size: entries[0]!.data.length }, body: entries[0]!.data },
    ])
    const bomb = (
      await packTar([{ header: { name: 'rewards.json', size: 3 }, body: new Uint8Array(3) }])
    ).slice(0, 512)
    bomb.set(Buffer.from([0x80, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]), 124)
    bomb.fill(32, 148, 156)
    const sum = bomb.reduce((all, byte) => all + byte, 0)
    bomb.set(Buffer.from(`${sum.toString(8).padStart(6, '0')}\0 `), 148)
    writeFileSync(cli.file('bomb'), Buffer.concat([huge.subarray(0, -1024), bomb]))
    expect((await cli.run(undefined, 'export', 'verify', cli.file('bomb'))).json.error.code).toBe(
      'ARCHIVE_TOO_LARGE',
    )
  })
})

describe('granary restore', () => {
  it('takes nothing from somebody else, and nothing of another network', async () => {
    const stolen = await elsewhere.run(mallory.wallet.privateKey, 'restore', archive)
    expect(stolen.json.error.code).toBe('NOT_OWNER')
    const entries = await read(archive)
    const mine = relisted(
      changed(entries, /^granary/, (data) => json({ ...text(data), account: mallory.address })),
    )
    expect(
      (await elsewhere.run(mallory.wallet.privateKey, 'restore', await write(mine))).json.error.code,
    ).toBe('ARCHIVE_INVALID')
    const other = relisted(changed(entries, /^granary/, (data) => json({ ...text(data), chainId: 1 })))
    expect(
      (await elsewhere.run(alice.wallet.privateKey, 'restore', await write(other))).json.error.code,
    ).toBe('ARCHIVE_OTHER_NETWORK')
    const metadata = await alice.client.datasets.get(ids[0]!)
    const token = await signIn({ ...world, api: second.api }, mallory.wallet)
    const answer = await fetch(`${second.api}/v1/datasets/${ids[0]}/metadata`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(metadata.metadata),
    })
    expect(((await answer.json()) as { code: string }).code).toBe('NOT_OWNER')
    expect((await fetch(`${second.api}/v1/datasets/${ids[0]}/content`)).status).toBe(503)
  })

  it('brings files and documents to another installation, which serves them under the same CID', async () => {
    // Killed in the middle of an upload it goes on there.
    const killed = elsewhere.start(alice.wallet.privateKey, 'restore', archive)
    const over = killed.ended.then(({ stdout, stderr }) => `${stdout}${stderr}`)
    const first = await Promise.race([proxy.reached(1_600_000).then(() => null), over])
    killed.child.kill('SIGKILL')
    expect([first, (await killed.ended).code]).toEqual([null, null])
    const sent = proxy.sent()
    proxy.retarget(second.api)
    const { code, json } = await elsewhere.run(alice.wallet.privateKey, 'restore', archive)
    expect(json).toMatchObject({ documents: 0, key: 'written', failed: [] })
    expect([code, [...json.sent, ...json.present].sort()]).toEqual([0, [...ids].sort()])
    expect(json.sent).toContain(ids[0])
    expect(proxy.sent() - sent).toBeLessThan(large.length - MIB + 200_000)
    for (const id of ids) {
      const [here, there] = await Promise.all(
        [world.api, second.api].map(async (api) => {
          const about = (await (await fetch(`${api}/v1/datasets/${id}`)).json()) as object
          const file = Buffer.from(await (await fetch(`${api}/v1/datasets/${id}/content`)).arrayBuffer())
          return { about, sha256: createHash('sha256').update(file).digest('hex') }
        }),
      )
      expect(there).toEqual(here)
    }
    expect(readFileSync(join(elsewhere.home, 'identities', `${alice.address}.txt`), 'utf8')).toContain(
      alice.identity,
    )
    expect(readdirSync(join(elsewhere.home, 'spool'))).toEqual([])
  })

  it('brings documents of settlements that were lost there', async () => {
    const store = new BlockFolder(second.blocks)
    const { document, sequence } = text(
      (await read(archive)).find(({ name }) => name === 'settlements.json')!.data,
    )[0]
    const [cid] = documentCids(document)
    const served = async () => (await fetch(`${second.api}/ipfs/${cid}?format=raw`)).status
    await waitFor('the settlement there', async () => (await served()) === 200)
    store.remove(cid)
    expect(await served()).toBe(404)
    const { code, json } = await elsewhere.run(alice.wallet.privateKey, 'restore', archive)
    expect([code, json.explained, json.failed]).toEqual([0, [sequence], []])
    expect(await served()).toBe(200)
    expect((await elsewhere.run(alice.wallet.privateKey, 'restore', archive)).json.explained).toEqual([])
  })

  it('sends only what is missing when it is run again', async () => {
    const { json } = await elsewhere.run(alice.wallet.privateKey, 'restore', archive)
    expect(json).toMatchObject({ sent: [], documents: 0, key: 'kept' })
    expect(json.present.sort()).toEqual([...ids].sort())
  })

  it('lets a trainer ask and fetch there', async () => {
    const client = createClient({ api: proxy.url, rpc: world.rpc, signer: trent.wallet })
    const wish = { pool, purposes: ['evaluation'], recipient: trent.recipient, datasets: [ids[0]!] }
    const { request } = await client.requests.open(wish)
    const sink = memorySink()
    const { failed } = await client.fetch(request, { identity: trent.identity, sink })
    expect(failed).toEqual([])
    expect(Buffer.from(sink.files.get(ids[0]!)!).equals(large)).toBe(true)
  })
})
