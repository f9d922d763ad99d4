import { randomBytes } from 'node:crypto'
import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type Address, bytesToHex, type KeyGenerationState } from '@granary/protocol'
import { generateIdentity, identityToRecipient } from '@granary/sealing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Wallet } from 'ethers'
import { scopeOf, sessionOf, signStatement } from '../../apps/custodian/src/key-generation/packages.js'
import { Session } from '../../apps/custodian/src/key-generation/session.js'
import { CustodyNetwork, get, PRICE, post, readLines, until } from '../support/custody.js'
import {
  approvedTrainer,
  type Contributed,
  contribute,
  openRequest,
  order,
  type Person,
  person,
  receipts,
  release,
  shares,
} from '../support/custody-actors.js'

const ledgerOf = (network: CustodyNetwork, place: number) =>
  join(network.custodians[place]!.dir, 'ledger.jsonl')

describe('custodians that stop, start and lie', () => {
  let network: CustodyNetwork
  let alice: Person
  let trent: Person
  let file: Contributed

  const spent = async (request: string) =>
    (await network.contract('accessRequests').getFunction('request')(request)).spent as bigint

  beforeAll(async () => {
    network = await CustodyNetwork.start()
    for (let i = 0; i < 3; i++) await network.addCustodian()
  })
  const closing: (() => void)[] = []
  afterAll(async () => {
    for (const close of closing) close()
    await network.stop()
  })

  it('make a key although members are killed in the middle of it, again and again', async () => {
    const epoch = await network.formCommittee(2, false)
    await until(() => network.custodians[1]!.logged().includes('key generation begins'), 'the key generation')
    await network.restart(1)
    await until(
      () => network.custodians.some(({ logged }) => logged().includes('confirmed on chain')),
      'a confirmation',
    )
    await network.restart(0)
    await network.restart(2)
    await network.active(epoch)
    ;[alice, trent] = [await person(), await approvedTrainer(network)]
    file = await contribute(network, alice)
    const opened = await release(network, await openRequest(network, trent, [file]), [0, 1])
    expect(opened.get(file.id)).toEqual(new Uint8Array(file.plaintext))
    for (const { dir } of network.custodians) {
      expect(JSON.parse(readFileSync(join(dir, 'epochs/1.json'), 'utf8')).shares).toHaveLength(1)
    }
  })

  it('release and settle with one of them stopped, whichever it is', async () => {
    for (const stopped of [0, 1, 2]) {
      const others = [0, 1, 2].filter((place) => place !== stopped)
      await network.kill(stopped)
      const request = await openRequest(network, trent, [file])
      expect((await release(network, request, others)).get(file.id)).toEqual(new Uint8Array(file.plaintext))
      const { status, body } = await post(network.custodians[others[1]!]!.url, '/v1/settlements')
      expect({ status, body }).toMatchObject({ status: 200 })
      expect(await spent(request.id)).toBe(PRICE)
      await network.restart(stopped)
    }
  })

  it('release nothing and charge nothing with two of them stopped, and go on when they are back', async () => {
    const request = await openRequest(network, trent, [file])
    const signed = await order(network, request)
    await Promise.all([network.kill(1), network.kill(2)])
    const [own] = await receipts(network, signed, [0])
    const { url } = network.custodians[0]!
    const { body } = await post(url, '/v1/shares', { order: signed, receipts: [own] })
    expect(body.code).toBe('RECEIPTS_TOO_FEW')
    expect((await post(url, '/v1/settlements')).body).toMatchObject({ number: null, uses: 0, paid: '0' })
    expect(await spent(request.id)).toBe(0n)

    await Promise.all([network.restart(1), network.restart(2)])
    await network.active(1)
    expect((await release(network, request, [1, 0])).get(file.id)).toEqual(new Uint8Array(file.plaintext))
  })

  it('give the share for a receipt that they gave before they were killed', async () => {
    const request = await openRequest(network, trent, [file])
    const signed = await order(network, request)
    const shown = await receipts(network, signed, [0, 2])
    await network.restart(0)
    await network.active(1)
    const given = await shares(network, request, signed, shown, 0)
    expect([...given.shares.keys()]).toEqual([file.id])
  })

  it('cut off what a power cut left of a line, and start on a damaged ledger never', async () => {
    const path = ledgerOf(network, 2)
    await network.kill(2)
    const whole = readFileSync(path)
    writeFileSync(path, Buffer.concat([whole, Buffer.from('{"sequence":')]))
    await network.restart(2)
    expect(readFileSync(path)).toEqual(whole)

    await network.kill(2)
    const damaged = Buffer.from(whole)
    const place = damaged.indexOf('"signature":"0x') + 20
    damaged[place] = damaged[place] === 0x61 ? 0x62 : 0x61
    writeFileSync(path, damaged)
    await expect(network.restart(2)).rejects.toThrow('LEDGER_CORRUPT')
    writeFileSync(path, whole)
    truncateSync(path, whole.length)
    await network.restart(2)
    expect(readLines(path).length).toBeGreaterThan(0)
  })

  it('activate no epoch with a member that tells them different things', async () => {
    const liar = await lyingMember()
    const members = [...network.custodians.slice(0, 2), liar].map(({ address, url, recipient }) => ({
      account: address,
      endpoint: url,
      recipient,
    }))
    await network.asDao('custodianCommittee', 'propose', 2, members)
    const told = () => network.custodians.filter(({ logged }) => logged().includes('KEY_GENERATION_CONFLICT'))
    await until(() => told().length > 0, 'a custodian that notices')
    expect((await network.contract('custodianCommittee').getFunction('epoch')(2)).active).toBe(false)
    expect(Number(await network.contract('custodianCommittee').getFunction('currentEpoch')())).toBe(1)
    const request = await openRequest(network, trent, [file])
    expect((await release(network, request, [0, 1])).get(file.id)).toEqual(new Uint8Array(file.plaintext))
  })

  /** A member of epoch 2 that answers each poll with another round-1 package of the same session, all signed. */
  async function lyingMember() {
    const wallet = new Wallet(bytesToHex(randomBytes(32)))
    const identity = generateIdentity()
    const address = wallet.address as Address
    const recipient = await identityToRecipient(identity)
    const secrets = { wallet, address, identity, recipient }
    const scope = scopeOf(network.deployment, 2)
    const nonce = bytesToHex(randomBytes(32))
    const statement = { kind: 'hello', from: 3, session: null, body: nonce } as const
    const hello = { nonce, signature: await signStatement(wallet, scope, statement) }
    const answer = async (): Promise<KeyGenerationState> => {
      const state = { epoch: 2, member: 3, hello, session: null, round1: null, round2: [] }
      const others = network.custodians.slice(0, 2).map(({ url }) => get(url, '/v1/key-generations/2'))
      const nonces = (await Promise.all(others)).map(({ body }) => body.hello?.nonce)
      if (nonces.includes(undefined)) return state
      const record = await network.contract('custodianCommittee').getFunction('epoch')(2)
      const listed = Array.from(record.members as { account: Address; endpoint: string; recipient: string }[])
      const members = listed.map(({ account, endpoint, recipient }) => ({ account, endpoint, recipient }))
      const epoch = { number: 2, threshold: 2, members }
      const session = sessionOf(scope, epoch, [...nonces, nonce])
      const { round1 } = await Session.begin({ scope, epoch, index: 3, session, secrets })
      return { ...state, session, round1 }
    }
    const server = createServer((_, response) => {
      void answer().then(
        (state) => response.end(JSON.stringify(state)),
        () => response.destroy(),
      )
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    closing.push(() => {
      server.closeAllConnections()
      server.close()
    })
    return { url, address, recipient }
  }
})
