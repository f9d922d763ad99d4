import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cidToContent, datasetsRoot, type Hex, messageToJson, signMessage } from '@granary/protocol'
import type { Contributed } from '@granary/sdk'
import { generateIdentity, recipientToBytes } from '@granary/sealing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { hexlify } from 'ethers'
import {
  type Actor,
  contributeBytes,
  memorySink,
  newContributor,
  newStranger,
  sha256,
} from '../support/actors.js'
import { commandLine } from '../support/command-line.js'
import { codeOf } from '../support/releases.js'
import { call, refusal, signIn } from '../support/rest.js'
import { sharedWorld } from '../support/world.js'

// An owner gets the own data back: by the recovery file, or when that is lost by the custodians. Withdrawing does not
// change that. Nobody pays and nobody else can.

const world = sharedWorld()
const text = new TextEncoder().encode('mine, whatever happens')

let alice: Actor
let dataset: Contributed

beforeAll(async () => {
  const pool = await world.createPool()
  alice = await newContributor(world, 'Alice')
  dataset = await contributeBytes(alice, text, { pool, purposes: ['evaluation'], expires: null })
})

const byRelease = (actor: Actor, sink = memorySink()) =>
  actor.client.datasets.open(dataset.id, { ownerRelease: true, sink })
const byIdentity = (actor: Actor, identity: string, sink = memorySink()) =>
  actor.client.datasets.open(dataset.id, { identity, sink })

describe('opening an own dataset', () => {
  it('is refused to an identity that the file is not sealed to, and leaves nothing', async () => {
    const sink = memorySink()
    expect(await codeOf(byIdentity(alice, generateIdentity(), sink))).toBe('IDENTITY_MISMATCH')
    expect(sink.files.size).toBe(0)
  })
  it('is refused to a wallet that does not own it, by the client and by each custodian', async () => {
    const mallory = await newStranger(world)
    expect(await codeOf(byRelease(mallory))).toBe('NOT_OWNER')
    expect(refusal(await call(world, 'POST', '/v1/owner-releases', { body: {} }))).toBe('401 UNAUTHENTICATED')
    const release = {
      owner: mallory.address,
      datasets: datasetsRoot([dataset.id]),
      recipient: hexlify(recipientToBytes(mallory.recipient)) as Hex,
      deadline: BigInt(Math.floor(Date.now() / 1000) + 600),
    }
    const { body } = await call(world, 'POST', '/v1/owner-releases', {
      token: await signIn(world, mallory.wallet),
      body: {
        release: messageToJson('OwnerRelease', release),
        signature: await signMessage(mallory.wallet, 'OwnerRelease', release, world.deployment),
        datasets: [{ dataset: dataset.id, content: cidToContent(dataset.cid).content }],
      },
    })
    expect(body.custodians).toHaveLength(3)
    for (const { body: answer } of body.custodians)
      expect(answer).toMatchObject({ answer: null, refused: [{ dataset: dataset.id, code: 'NOT_OWNER' }] })
  })
  it('gives it back by the recovery file', async () => {
    const sink = memorySink()
    const file = await byIdentity(alice, alice.identity, sink)
    expect(file).toMatchObject({
      dataset: dataset.id,
      cid: dataset.cid,
      sha256: sha256(text),
      size: text.length,
    })
    expect(sink.files.get(dataset.id)).toEqual(text)
  })
  it('gives it back by the custodians when the recovery file is lost', async () => {
    const sink = memorySink()
    expect(await byRelease(alice, sink)).toMatchObject({ sha256: sha256(text), size: text.length })
    expect(sink.files.get(dataset.id)).toEqual(text)
  })
  it('does so for a withdrawn dataset, too', async () => {
    await alice.client.datasets.withdraw(dataset.id)
    expect(await byIdentity(alice, alice.identity)).toMatchObject({ sha256: sha256(text) })
    expect(await byRelease(alice)).toMatchObject({ sha256: sha256(text) })
  })
})

describe('granary open', () => {
  const cli = commandLine(world)
  const key = () => alice.wallet.privateKey
  let id: string
  afterAll(() => cli.remove())

  it('writes the file by the key in the home folder, and never over another', async () => {
    const pool = await world.createPool()
    writeFileSync(cli.file('diary.txt'), text)
    const contributed = await cli.run(
      key(),
      ...['contribute', cli.file('diary.txt'), '--pool', String(pool), '--purposes', 'evaluation'],
    )
    id = contributed.json.datasets[0].id
    const out = cli.file('one.txt')
    expect((await cli.run(key(), 'open', id, '--out', out)).json).toMatchObject({
      path: out,
      sha256: sha256(text),
    })
    expect(new Uint8Array(readFileSync(out))).toEqual(text)
    expect((await cli.run(key(), 'open', id, '--out', out)).json.error.code).toBe('FILE_EXISTS')
  })
  it('needs no wallet when it is given the recovery file', async () => {
    const identity = join(cli.home, 'identities', `${alice.address}.txt`)
    const { code } = await cli.run(
      undefined,
      'open',
      id,
      '--out',
      cli.file('two.txt'),
      '--identity',
      identity,
    )
    expect(code).toBe(0)
    expect(new Uint8Array(readFileSync(cli.file('two.txt')))).toEqual(text)
  })
  it('asks the custodians when the key is lost, for a withdrawn dataset, too', async () => {
    rmSync(join(cli.home, 'identities'), { recursive: true })
    await cli.run(key(), 'datasets', 'withdraw', id, '--yes')
    expect((await cli.run(key(), 'open', id, '--out', cli.file('three.txt'))).json.error.code).toBe(
      'FILE_UNREADABLE',
    )
    const { code } = await cli.run(key(), 'open', id, '--out', cli.file('three.txt'), '--release')
    expect(code).toBe(0)
    expect(new Uint8Array(readFileSync(cli.file('three.txt')))).toEqual(text)
    expect(readdirSync(cli.home).filter((name) => name.endsWith('.part'))).toEqual([])
  })
})
