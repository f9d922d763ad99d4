import { spawnSync } from 'node:child_process'
import { createCipheriv, createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Hex } from '@granary/protocol'
import { fileSource, fileSpool } from '@granary/sdk/node'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Decrypter } from 'age-encryption'
import { type Actor, newContributor, newTrainer } from '../support/actors.js'
import { commandLine, type Run } from '../support/command-line.js'
import { sharedWorld } from '../support/world.js'

// A fetch that was stopped goes on where it was. With --sealed it writes what any age tool opens.

const MB = 1_000_000
const world = sharedWorld()
const cli = commandLine(world)
const out = (name: string) => cli.file(name)
const large = createCipheriv('aes-256-ctr', Buffer.alloc(32, 7), Buffer.alloc(16)).update(
  Buffer.alloc(120 * MB),
)
const small = Buffer.from('a small file beside it')
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

let trent: Actor
let request: Hex
const ids: Record<'large' | 'small', Hex> = { large: '0x', small: '0x' }

const fetchArgs = (to: string, ...more: string[]) => [
  ...['fetch', request, '--out', out(to), '--identity', cli.file('trainer.txt'), ...more],
]
const run = (to: string, ...more: string[]) => cli.run(trent.wallet.privateKey, ...fetchArgs(to, ...more))
const fileOf = (done: Run, id: Hex) => done.json.files.find((file: { dataset: Hex }) => file.dataset === id)
const stateOf = (to: string, ending: string) => {
  const state = join(out(to), '.granary')
  return existsSync(state) ? readdirSync(state).filter((name) => name.endsWith(ending)) : []
}

beforeAll(async () => {
  const pool = await world.createPool({ price: 10n ** 15n })
  const alice = await newContributor(world)
  trent = await newTrainer(world)
  writeFileSync(cli.file('large.bin'), large)
  writeFileSync(cli.file('small.txt'), small)
  writeFileSync(cli.file('trainer.txt'), `${trent.identity}\n`)
  for (const [key, name] of [
    ['large', 'large.bin'],
    ['small', 'small.txt'],
  ] as const) {
    const { id } = await alice.client.contribute({
      source: await fileSource(cli.file(name)),
      pool,
      purposes: ['evaluation'],
      expires: null,
      identity: { recipient: alice.recipient },
      spool: fileSpool(cli.file('spool')),
    })
    ids[key] = id
  }
  request = (await trent.client.requests.open({ pool, purposes: ['evaluation'], recipient: trent.recipient }))
    .request
}, 240_000)
afterAll(() => cli.remove())

describe('granary fetch', () => {
  it('killed in the middle of a file, has no half file under its name', async () => {
    const { child, ended } = cli.start(trent.wallet.privateKey, ...fetchArgs('plain'))
    await untilPart('plain', 10 * MB, ended)
    child.kill('SIGKILL')
    await ended
    expect(readdirSync(out('plain')).filter((name) => name.startsWith('large'))).toEqual([])
    const [part] = stateOf('plain', '.part')
    const { size } = statSync(join(out('plain'), '.granary', part!))
    expect(size).toBeGreaterThan(0)
    expect(size).toBeLessThan(large.length)
  })
  it('started again, downloads only what is missing, and the file is identical', async () => {
    const [part] = stateOf('plain', '.part')
    const { size } = statSync(join(out('plain'), '.granary', part!))
    const done = await run('plain')
    expect(done).toMatchObject({ code: 0, json: { failed: [] } })
    expect(fileOf(done, ids.large)).toMatchObject({ resumedFrom: size, sha256: sha256(large) })
    expect(sha256(readFileSync(join(out('plain'), 'large.bin')))).toBe(sha256(large))
    expect(readFileSync(join(out('plain'), 'small.txt'))).toEqual(small)
    expect([...stateOf('plain', '.part'), ...stateOf('plain', '.plain')]).toEqual([])
  })
  it('started once more, downloads nothing that is still there', async () => {
    writeFileSync(join(out('plain'), 'small.txt'), 'somebody changed it')
    const done = await run('plain')
    expect(fileOf(done, ids.large)).toMatchObject({ resumedFrom: null, sha256: sha256(large) })
    expect(fileOf(done, ids.small)).toMatchObject({ resumedFrom: 0, sha256: sha256(small) })
    expect(readFileSync(fileOf(done, ids.small).path)).toEqual(small)
    expect(readFileSync(join(out('plain'), 'small.txt'), 'utf8')).toBe('somebody changed it')
  })
  it('does not believe what it finds: a part that was altered is fetched anew', async () => {
    const { child, ended } = cli.start(trent.wallet.privateKey, ...fetchArgs('altered'))
    await untilPart('altered', 10 * MB, ended)
    child.kill('SIGKILL')
    await ended
    const [part] = stateOf('altered', '.part')
    const path = join(out('altered'), '.granary', part!)
    const bytes = readFileSync(path)
    bytes[5 * MB]! ^= 1
    writeFileSync(`${path}.new`, bytes)
    await rename(`${path}.new`, path)
    const done = await run('altered')
    expect(done.json.failed).toEqual([])
    expect(fileOf(done, ids.large)).toMatchObject({ resumedFrom: 0, sha256: sha256(large) })
    expect(sha256(readFileSync(join(out('altered'), 'large.bin')))).toBe(sha256(large))
  })
})

describe('granary fetch --sealed', () => {
  it('writes files that any age tool opens with the trainer’s identity', async () => {
    const done = await run('sealed', '--sealed')
    expect(done.json.failed).toEqual([])
    expect(fileOf(done, ids.large)).toMatchObject({ sha256: sha256(large), size: large.length })
    const files = readdirSync(out('sealed')).filter((name) => name !== '.granary')
    expect(files.sort()).toEqual(['large.bin.age', 'small.txt.age'])
    const sealed = readFileSync(join(out('sealed'), 'small.txt.age'))
    expect(sealed.toString('latin1')).not.toContain('granary/v1')
    const decrypter = new Decrypter()
    decrypter.addIdentity(trent.identity)
    expect(Buffer.from(await decrypter.decrypt(new Uint8Array(sealed)))).toEqual(small)
  })
  it('and the age tool itself, byte for byte', async () => {
    const age = spawnSync(
      'age',
      ['-d', '-i', cli.file('trainer.txt'), join(out('sealed'), 'large.bin.age')],
      {
        maxBuffer: 2 * large.length,
      },
    )
    if (age.error && !process.env.GRANARY_REQUIRE_TOOLS) {
      console.warn('age is not installed: its own look at the file was left out')
      return
    }
    expect(age.status).toBe(0)
    expect(sha256(age.stdout)).toBe(sha256(large))
  })
  it('goes on where it was, too', async () => {
    const { child, ended } = cli.start(trent.wallet.privateKey, ...fetchArgs('sealed-2', '--sealed'))
    await untilPart('sealed-2', 10 * MB, ended)
    child.kill('SIGKILL')
    await ended
    const done = await run('sealed-2', '--sealed')
    expect(fileOf(done, ids.large).resumedFrom).toBeGreaterThan(0)
    expect(fileOf(done, ids.large).sha256).toBe(sha256(large))
  })
})

/** Waits until a file under way has so many bytes; fails when the command ends before. */
async function untilPart(to: string, bytes: number, ended: Promise<Run>): Promise<void> {
  let over: Run | undefined
  void ended.then((done) => {
    over = done
  })
  for (;;) {
    for (const part of stateOf(to, '.part')) {
      const { size } = statSync(join(out(to), '.granary', part), { throwIfNoEntry: false }) ?? { size: 0 }
      if (size >= bytes) return
    }
    if (over) throw new Error(`it was over before it could be stopped: ${over.stdout}${over.stderr}`)
    await sleep(2)
  }
}
