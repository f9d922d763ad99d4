import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Address,
  documentDigest,
  type Hex,
  type MessageOf,
  messageToJson,
  rewardTree,
  type SettlementDocument,
  splitUse,
  structHash,
  verifyReward,
} from '@granary/protocol'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { getBytes, Wallet } from 'ethers'
import { compose } from '../../apps/custodian/src/settlement/compose.js'
import { CustodyNetwork, get, PRICE, post, until, WINDOW } from '../support/custody.js'
import {
  approvedTrainer,
  type Contributed,
  contribute,
  type Opened,
  openRequest,
  order,
  type Person,
  person,
  receipts,
  release,
} from '../support/custody-actors.js'

describe('settlement among custodians', () => {
  let network: CustodyNetwork
  let alice: Person
  let anna: Person
  let trent: Person
  let hers: Contributed
  let annas: Contributed

  const settleNow = (place: number) => post(network.custodians[place]!.url, '/v1/settlements')
  const documentOf: CustodyNetwork['documentOf'] = (...which) => network.documentOf(...which)
  const request = async (id: Hex) => network.contract('accessRequests').getFunction('request')(id)
  const lastNumber = async () => Number(await network.contract('rewardPool').getFunction('settlements')())
  const quorum = async (opened: Opened, places: readonly number[]) =>
    receipts(network, await order(network, opened), places)

  /** Receipts as a document lists them. */
  const flatten = (signed: Awaited<ReturnType<typeof quorum>>) =>
    signed.map(({ receipt, signature, passed, member }) => ({
      ...receipt,
      member: network.custodians[member - 1]!.address,
      signature,
      passed,
    }))

  /** Whether one custodian has pulled what another one receipted of a request. */
  const hasPulled = (place: number, from: number, id: Hex) => {
    const file = `${network.custodians[from]!.address.toLowerCase()}.jsonl`
    const path = join(network.custodians[place]!.dir, 'peers', file)
    return existsSync(path) && readFileSync(path, 'utf8').includes(id)
  }

  beforeAll(async () => {
    network = await CustodyNetwork.start()
    // Nobody takes another one's turn: what it sent while blocks stood still would hold it up for two minutes.
    for (let i = 0; i < 3; i++) await network.addCustodian({ SETTLE_AFTER_SECONDS: '3600' })
    await network.formCommittee(2)
    ;[alice, anna, trent] = [await person(), await person(), await approvedTrainer(network)]
    ;[hers, annas] = [await contribute(network, alice), await contribute(network, anna)]
  })
  afterAll(() => network?.stop())

  it('pays owners, treasury and the custodians of the receipts to the unit, once', async () => {
    const opened = await openRequest(network, trent, [hers, annas])
    await release(network, opened, [0, 2])
    const { status, body } = await settleNow(1)
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { number: 1, uses: 2, paid: String(2n * PRICE) },
    })
    expect((await request(opened.id)).spent).toBe(2n * PRICE)

    const document = await documentOf(2, 1)
    const expected = new Map<Address, bigint>()
    for (const owner of [alice.address, anna.address]) {
      const custodians = [network.custodians[0]!.address, network.custodians[2]!.address]
      const { treasury } = network
      const parts = splitUse({
        price: PRICE,
        treasuryBps: 500,
        custodiansBps: 1000,
        custodians,
        owner,
        treasury,
      })
      for (const [account, amount] of parts) expected.set(account, (expected.get(account) ?? 0n) + amount)
    }
    expect(new Map(document.leaves.map(({ account, total }) => [account, BigInt(total)]))).toEqual(expected)
    expect([...expected.values()].reduce((sum, amount) => sum + amount)).toBe(2n * PRICE)
    expect(document.uses.map(({ earned }) => earned)).toEqual(Array(2).fill(String((PRICE * 85n) / 100n)))

    const entries = [...expected].map(([account, total]) => ({ account, total }))
    const tree = rewardTree(entries)
    const pool = network.contract('rewardPool', network.council)
    expect(tree.root).toBe(await pool.getFunction('root')())
    const earned = { account: alice.address, total: expected.get(alice.address)! }
    const proof = tree.proof(alice.address)
    expect(verifyReward(tree.root, earned, proof)).toBe(true)
    await network.asCouncil('rewardPool', 'claim', earned.account, earned.total, proof)
    expect(await network.contract('token').getFunction('balanceOf')(alice.address)).toBe(earned.total)
    await expect(
      pool.getFunction('claim').staticCall(earned.account, earned.total, proof),
    ).rejects.toMatchObject({ revert: { name: 'NothingToClaim' } })

    await release(network, opened, [1, 2])
    expect((await settleNow(0)).body).toEqual({ number: null, transaction: null, uses: 0, paid: '0' })
  })

  it('serves its documents to whoever has the digest that is on chain', async () => {
    const digest = await network.contract('rewardPool').getFunction('document')()
    for (const [place, { url }] of network.custodians.entries()) {
      await documentOf(place, 1)
      const { cid, digest: told } = (await get(url, '/v1/settlements/1')).body
      expect(told).toBe(digest)
      const bytes = new Uint8Array(await (await fetch(`${url}/ipfs/${cid}?format=raw`)).arrayBuffer())
      expect((await documentDigest(JSON.parse(new TextDecoder().decode(bytes)))).digest).toBe(digest)
    }
    expect((await get(network.custodians[0]!.url, '/v1/settlements/99')).body.code).toBe('SETTLEMENT_UNKNOWN')
  })

  it('makes one settlement when all members propose at once', async () => {
    const before = await lastNumber()
    await quorum(await openRequest(network, trent, [hers]), [0, 1])
    const answers = await Promise.all([0, 1, 2].map(settleNow))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(answers.map(({ body }) => body.uses).sort()).toEqual([0, 0, 1])
    expect(await lastNumber()).toBe(before + 1)
  })

  it('signs nothing that does not follow from receipts, price and split', async () => {
    const opened = await openRequest(network, trent, [hers, annas])
    await quorum(opened, [0, 1])
    const before = await lastNumber()
    const settled = await documentOf(0, before)
    await settleNow(0)
    const good = await documentOf(0, before + 1)
    expect(good.uses).toHaveLength(2)
    const next = { ...good, number: before + 2, previousDocument: (await documentDigest(good)).digest }
    expect(await proposed(next, 2)).toBe('SIGNATURE_INVALID')
    expect(await proposed(next)).toBe('SETTLEMENT_USE_REPEATED')
    expect(await proposed({ ...next, number: before + 3 })).toBe('SETTLEMENT_INVALID')
    expect(await proposed({ ...next, previousDocument: settled.previousDocument })).toBe('SETTLEMENT_INVALID')

    const other = await openRequest(network, trent, [hers])
    const [one, two] = await quorum(other, [0, 1])
    const flat = flatten([one!, two!])
    const use = {
      ...good.uses[0]!,
      request: other.id,
      dataset: hers.id,
      owner: alice.address,
      receipts: [0, 1],
    }
    const honest = { ...next, uses: [use], receipts: flat, finals: [] as Hex[] }
    expect(await proposed(honest)).toBe('SETTLEMENT_AMOUNT_WRONG')
    expect(await proposed({ ...honest, uses: [{ ...use, receipts: [0, 0] }] })).toBe('RECEIPTS_TOO_FEW')
    expect(await proposed({ ...honest, uses: [use, use] })).toBe('SETTLEMENT_USE_REPEATED')
    expect(await proposed({ ...honest, uses: [{ ...use, dataset: annas.id }] })).toBe('RECEIPT_INVALID')
    expect(await proposed({ ...honest, finals: [other.id] })).toBe('SETTLEMENT_INVALID')
    const forged = [flat[0]!, { ...flat[1]!, signature: flat[0]!.signature }]
    expect(await proposed({ ...honest, receipts: forged })).toBe('RECEIPT_INVALID')
    expect(await lastNumber()).toBe(before + 1)
    expect((await settleNow(2)).body).toMatchObject({ number: before + 2, uses: 1 })
  })

  it('signs nothing that leaves out a use whose quorum it has held for an hour', async () => {
    const paid = await openRequest(network, trent, [hers], { seconds: 9000 })
    const left = await openRequest(network, trent, [annas], { seconds: 9000 })
    const shown = await quorum(paid, [0, 1])
    await quorum(left, [0, 1])
    const number = await lastNumber()
    const documents = await Promise.all(Array.from({ length: number }, (_, i) => documentOf(0, i + 1)))
    const leaves = documents.flatMap((document) => document.leaves)
    const last = documents.at(-1)!
    const use = { request: paid.id, dataset: hers.id, owner: alice.address, receipts: flatten(shown) }
    const { document } = await compose({
      deployment: network.deployment,
      after: {
        number,
        document: (await documentDigest(last)).digest,
        total: BigInt(last.total),
        totals: new Map(leaves.map(({ account, total }) => [account, BigInt(total)])),
        voidings: 0,
      },
      epoch: 1,
      treasury: network.treasury,
      uses: [{ ...use, price: PRICE, treasuryBps: 500, custodiansBps: 1000 }],
      finals: [],
    })
    // All pull the others' receipts, and so hold the quorum, before the hour passes.
    const pulls = [0, 1, 2].flatMap((place) => [0, 1].map((from) => [place, from] as const))
    await until(
      () => pulls.every(([place, from]) => place === from || hasPulled(place, from, left.id)),
      'the receipts of the others',
    )
    // Requests of earlier tests end in this hour, too: two of them would settle all that by their own timers.
    await Promise.all([network.kill(1), network.kill(2)])
    await network.passTime(3700)
    expect(await proposed(document)).toBe('SETTLEMENT_USE_MISSING')
    await Promise.all([network.restart(1), network.restart(2)])
    await settleNow(0)
    const { uses } = await documentOf(0, number + 1)
    expect(uses.map((each) => each.request).sort()).toEqual([paid.id, left.id].sort())
    await until(async () => (await lastNumber()) === number + 1, 'the settlement')
  })

  it('lands the settlement that was signed, when its proposer was killed before it was mined', async () => {
    const before = await lastNumber()
    await quorum(await openRequest(network, trent, [annas]), [0, 1])
    await network.provider.send('evm_setAutomine', [false])
    const lost = settleNow(0).catch(() => undefined)
    await until(async () => {
      const { body } = await get(network.custodians[0]!.url, `/v1/settlements/${before + 1}`)
      return body.settled === false && (await pending()) > 0
    }, 'the transaction')
    const signed = await documentOf(0, before + 1)
    await network.kill(0)
    await lost
    await network.provider.send('anvil_dropAllTransactions', [])
    await network.provider.send('evm_setAutomine', [true])
    // More is due by now, but what was signed comes first.
    await quorum(await openRequest(network, trent, [hers]), [1, 2])
    await network.restart(0)
    await settleNow(0)
    await until(async () => (await lastNumber()) > before, 'the settlement')
    expect(await documentOf(1, before + 1)).toEqual(signed)
    await settleNow(1)
    expect(await lastNumber()).toBe(before + 2)
    expect((await documentOf(1, before + 2)).uses.map(({ owner }) => owner)).toEqual([alice.address])
  })

  it('reads what it lost of earlier settlements from the other members', async () => {
    await network.kill(2)
    rmSync(join(network.custodians[2]!.dir, 'settlements'), { recursive: true })
    await network.restart(2)
    const opened = await openRequest(network, trent, [hers])
    await quorum(opened, [0, 2])
    expect((await settleNow(2)).body).toMatchObject({ uses: 1 })
    expect((await documentOf(2, 1)).number).toBe(1)
  })

  it('goes back with the chain and settles again what the chain forgot', async () => {
    const opened = await openRequest(network, trent, [hers, annas])
    await quorum(opened, [1, 2])
    const before = await lastNumber()
    const snapshot = await network.provider.send('evm_snapshot', [])
    expect((await settleNow(0)).body).toMatchObject({ number: before + 1, uses: 2 })
    await network.provider.send('evm_revert', [snapshot])
    network.council.reset()
    expect((await request(opened.id)).spent).toBe(0n)
    // Whoever signed it proposes it again by its own timer, too.
    await settleNow(1)
    await until(async () => (await request(opened.id)).spent === 2n * PRICE, 'the settlement, again')
    expect(await lastNumber()).toBe(before + 1)
    expect((await documentOf(1, before + 1)).uses).toHaveLength(2)
  })

  it('is proposed by the next member when the one whose turn it is is stopped', async () => {
    const before = await lastNumber()
    const turn = (before + 1) % 3
    const others = [0, 1, 2].filter((place) => place !== turn)
    await network.kill(turn)
    for (const place of others) await network.restart(place, { SETTLE_DELAY_SECONDS: '0' })
    const opened = await openRequest(network, trent, [annas])
    await quorum(opened, others)
    await until(async () => (await lastNumber()) === before + 1, 'the settlement')
    expect((await request(opened.id)).spent).toBe(PRICE)
    await network.restart(turn)
  })

  it('marks a request final after its expiry, and what was not used goes back to the trainer', async () => {
    const opened = await openRequest(network, trent, [hers, annas], { seconds: 60 })
    const unused = await openRequest(network, trent, [hers], { seconds: 60 })
    await receipts(network, await order(network, opened, { ids: [hers.id] }), [0, 1])
    await network.passTime(70)
    expect(70 - 60).toBeLessThan(WINDOW)
    await until(async () => {
      await settleNow(0)
      return (await request(unused.id)).isFinal
    }, 'the end of the requests')
    const { isFinal, spent } = await request(opened.id)
    expect({ isFinal, spent }).toEqual({ isFinal: true, spent: PRICE })
    const balance = async () =>
      (await network.contract('token').getFunction('balanceOf')(trent.address)) as bigint
    const before = await balance()
    for (const { id } of [opened, unused]) await network.asCouncil('accessRequests', 'refund', id)
    expect((await balance()) - before).toBe(2n * PRICE)
    const refused = await post(network.custodians[0]!.url, '/v1/receipts', {
      order: await order(network, opened),
    })
    expect(refused.body.code).toMatch(/^REQUEST_(REFUNDED|FINAL)$/)
  })

  it('keeps claimed ≤ settled ≤ escrowed, in the tokens of the contracts themselves', async () => {
    const pool = network.contract('rewardPool')
    const [total, claimed] = [await pool.getFunction('total')(), await pool.getFunction('totalClaimed')()]
    const held = await network.contract('token').getFunction('balanceOf')(network.deployment.rewardPool)
    expect(held).toBe(total - claimed)
  })

  /** The third custodian's key, in Mallory's hands: what the first one says to her proposal. */
  async function proposed(document: SettlementDocument, proposer = 3): Promise<string> {
    const secrets = JSON.parse(readFileSync(join(network.custodians[2]!.dir, 'secrets.json'), 'utf8'))
    const wallet = new Wallet(secrets.privateKey)
    const spending = new Map<Hex, bigint>()
    for (const use of document.uses) {
      spending.set(use.request, (spending.get(use.request) ?? 0n) + BigInt(use.price))
    }
    const settlement: MessageOf<'Settlement'> = {
      number: BigInt(document.number),
      epoch: document.epoch,
      root: document.root,
      total: BigInt(document.total),
      document: (await documentDigest(document)).digest,
      previousDocument: document.previousDocument,
      spending: [...spending].map(([request, amount]) => ({ request, amount })),
      finals: document.finals,
    }
    const proposal = await wallet.signMessage(getBytes(structHash('Settlement', settlement)))
    const json = messageToJson('Settlement', settlement)
    const body = { settlement: json, document, proposer, proposal, signatures: [] }
    return (await post(network.custodians[0]!.url, '/v1/settlements/signatures', body)).body.code
  }

  async function pending(): Promise<number> {
    const block = await network.provider.send('eth_getBlockByNumber', ['pending', false])
    return block.transactions.length
  }
})
