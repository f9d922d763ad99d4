import { spawnSync } from 'node:child_process'
import { createCipheriv, createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Hex } from '@granary/protocol'
import { fileSource, fileSpool, folderSink } from '@granary/sdk/node'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Decrypter } from 'age-encryption'
import { type Actor, contributeBytes, newContributor, newTrainer, sha256 } from '../support/actors.js'
import { sharedWorld } from '../support/world.js'

// Files that nobody here chose come back identical.

const KIB = 1024
const MIB = 1024 * KIB
const SIZES = [0, 1, 64 * KIB - 1, 64 * KIB, 64 * KIB + 1, MIB - 1, MIB, MIB + 1, 5 * MIB + 12_345]
const LARGE = 200 * 1000 * 1000

const NAMES = [
  'Straße & Übermut.csv',
  '数据 – データ.jsonl',
  'emoji 🌾🔏.txt',
  '-rf.txt',
  '.hidden',
  'it\'s "quoted".md',
  'no ending',
  `${'long '.repeat(40)}.bin`,
]

const world = sharedWorld()
let folder: string
let pool: number
let alice: Actor
let trent: Actor

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'granary-files-'))
  pool = await world.createPool({ price: 10n ** 15n })
  alice = await newContributor(world)
  trent = await newTrainer(world)
})

afterAll(() => rm(folder, { recursive: true, force: true }))

/** Bytes of a size, the same in every run, unlike those of any other size. */
function* stream(size: number): Generator<Buffer> {
  const cipher = createCipheriv('aes-256-ctr', Buffer.alloc(32, String(size + 1)), Buffer.alloc(16))
  for (let left = size; left > 0; left -= MIB) yield cipher.update(Buffer.alloc(Math.min(left, MIB)))
}

async function roundTrip(paths: readonly string[], name: string): Promise<Map<string, string>> {
  const titles = new Map<Hex, string>()
  for (const path of paths) {
    const { id } = await alice.client.contribute({
      source: await fileSource(path),
      pool,
      purposes: ['synthetic-data'],
      expires: null,
      identity: { recipient: alice.recipient },
      spool: fileSpool(join(folder, 'spool')),
    })
    titles.set(id, basename(path))
  }
  const opened = await trent.client.requests.open({
    pool,
    purposes: ['synthetic-data'],
    recipient: trent.recipient,
    datasets: [...titles.keys()].sort(),
  })
  const out = join(folder, name)
  const { files, failed } = await trent.client.fetch(opened.request, {
    identity: trent.identity,
    sink: folderSink(out),
  })
  expect(failed).toEqual([])
  expect(await readdir(join(folder, 'spool'))).toEqual([])
  expect((await readdir(out)).filter((file) => file.endsWith('.part'))).toEqual([])
  return new Map(files.map((file) => [titles.get(file.dataset)!, file.sha256]))
}

describe('every size comes back identical', () => {
  it('at the edges of chunks and blocks', async () => {
    const paths: string[] = []
    const expected = new Map<string, string>()
    await mkdir(join(folder, 'sizes'))
    for (const size of SIZES) {
      const bytes = Buffer.concat([...stream(size)])
      const path = join(folder, 'sizes', `${size}.bin`)
      await writeFile(path, bytes)
      paths.push(path)
      expected.set(`${size}.bin`, sha256(bytes))
    }
    expect(await roundTrip(paths, 'sizes-out')).toEqual(expected)
  }, 240_000)

  it('at 200 MB, with flat memory', async () => {
    const path = join(folder, 'large.bin')
    await pipeline(Readable.from(stream(LARGE)), createWriteStream(path))
    const held = () => process.memoryUsage().arrayBuffers
    const before = held()
    let most = 0
    const watch = setInterval(() => {
      most = Math.max(most, held() - before)
    }, 20)
    const got = await roundTrip([path], 'large-out').finally(() => clearInterval(watch))
    const hash = createHash('sha256')
    for (const chunk of stream(LARGE)) hash.update(chunk)
    expect(got.get('large.bin')).toBe(hash.digest('hex'))
    // Buffers that are garbage count until they are collected; a file held in memory would be all of it, twice.
    expect(most).toBeLessThan(LARGE * 0.75)
  }, 300_000)
})

describe('every name', () => {
  it('is kept as far as a file system can keep it, and never leaves the folder', async () => {
    await mkdir(join(folder, 'names'))
    const paths = NAMES.map((name) => join(folder, 'names', name))
    for (const path of paths) await writeFile(path, `the file ${basename(path)}`)
    const got = await roundTrip(paths, 'names-out')
    expect(got).toEqual(new Map(NAMES.map((name) => [name, sha256(Buffer.from(`the file ${name}`))])))
    const names = (await readdir(join(folder, 'names-out'))).filter((name) => name !== '.granary')
    expect(names).toHaveLength(NAMES.length)
    expect(names).toEqual(
      expect.arrayContaining([
        'Straße & Übermut.csv',
        '数据 – データ.jsonl',
        '-rf.txt',
        'hidden',
        'no ending',
      ]),
    )
  }, 240_000)
})

describe('a dataset', () => {
  const plain = Buffer.concat([...stream(3 * MIB + 7)])
  let sealed: Uint8Array

  beforeAll(async () => {
    const { id } = await contributeBytes(alice, plain, { pool, purposes: ['retrieval'], expires: null })
    sealed = new Uint8Array(await (await fetch(`${world.api}/v1/datasets/${id}/content`)).arrayBuffer())
  })

  it("opens with another implementation of age and the contributor's identity", async () => {
    const decrypter = new Decrypter()
    decrypter.addIdentity(alice.identity)
    expect(sha256(await decrypter.decrypt(sealed))).toBe(sha256(plain))
  })

  it("opens with Debian's age, where it is installed", async () => {
    const installed = spawnSync('age', ['--version']).status === 0
    if (!installed && process.env.GRANARY_REQUIRE_TOOLS) throw new Error('age is not installed')
    if (!installed) return
    await writeFile(join(folder, 'sealed.age'), sealed)
    await writeFile(join(folder, 'identity.txt'), `# Alice\n${alice.identity}\n`, { mode: 0o600 })
    const opened = spawnSync('age', ['-d', '-i', join(folder, 'identity.txt'), join(folder, 'sealed.age')], {
      maxBuffer: 1 << 28,
    })
    expect(opened.stderr.toString()).toBe('')
    expect(sha256(opened.stdout)).toBe(sha256(plain))
  })
})
