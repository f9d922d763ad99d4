import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  documentDigest,
  type Hex,
  type MessageOf,
  messageToJson,
  rewardTree,
  type SettlementDocument,
  settlementInCall,
  settlementOf,
  signMessage,
  structHash,
} from '@granary/protocol'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { getBytes, hexlify, randomBytes, Wallet } from 'ethers'
import { CustodyNetwork, PRICE, post, until } from '../support/custody.js'
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
} from '../support/custody-actors.js'

/** Shorter than the window, as the contract wants it; the specs move the chain's clock. */
const CLAIM_DELAY = 40

describe('custodians after a voiding', () => {
  let network: CustodyNetwork
  let alice: Person
  let anna: Person
  let trent: Person
  let hers: Contributed
  let annas: Contributed

  const settleNow = (place: number) => post(network.custodians[place]!.url, '/v1/settlements')
  const documentOf: CustodyNetwork['documentOf'] = (...which) => network.documentOf(...which)
  const request = async (id: Hex) => network.contract('accessRequests').getFunction('request')(id)
  const pool = () => network.contract('rewardPool')
  const lastNumber = async () => Number(await pool().getFunction('settlements')())
  const voidFrom = (number: number) => network.asCouncil('rewardPool', 'voidFrom', number)
  const quorum = async (opened: Opened, places: readonly number[] = [0, 1]) =>
    receipts(network, await order(network, opened), places)
  const returned = async () =>
    (await pool().queryFilter(pool().filters.SettlementReturned!(), 0)).map((log) =>
      Number((log as unknown as { args: { sequence: bigint } }).args.sequence),
    )
  /** All of a settlement's uses, as request and dataset. */
  const usesOf = ({ uses }: SettlementDocument) =>
    uses.map(({ request, dataset }) => `${request} ${dataset}`).sort()

  beforeAll(async () => {
    network = await CustodyNetwork.start({ claimDelay: CLAIM_DELAY })
    // Nobody takes another one's turn: what it sent while blocks stood still would hold it up for two minutes.
    for (let i = 0; i < 3; i++) await network.addCustodian({ SETTLE_AFTER_SECONDS: '3600' })
    await network.formCommittee(2)
    ;[alice, anna, trent] = [await person(), await person(), await approvedTrainer(network)]
    ;[hers, annas] = [await contribute(network, alice), await contribute(network, anna)]
  })
  afterAll(() => network?.stop())

  it('give back what the settlement took and settle its uses again, by another document of the same number', async () => {
    const opened = await openRequest(network, trent, [hers, annas])
    await quorum(opened, [0, 2])
    const { body } = await settleNow(1)
    expect(body).toMatchObject({ number: 1, uses: 2 })
    const first = await documentOf(0, 1)
    expect(first).not.toHaveProperty('voidings')
    const spent = (await request(opened.id)).spent
    expect(spent).toBe(2n * PRICE)
    await voidFrom(1)
    expect(await lastNumber()).toBe(0)

    // The signatures that t members gave are worth nothing any more.
    const { data } = (await network.provider.getTransaction(body.transaction))!
    const again = network.council.sendTransaction({ to: network.deployment.rewardPool, data })
    await expect(again).rejects.toMatchObject({
      data: expect.stringContaining(pool().interface.getError('SettlementRepeated')!.selector),
    })
    network.council.reset()

    expect((await settleNow(2)).body).toMatchObject({ number: 1, uses: 2, paid: String(2n * PRICE) })
    const second = await documentOf(2, 1)
    expect(second.voidings).toBe(1)
    expect(usesOf(second)).toEqual(usesOf(first))
    expect(second.leaves).toEqual(first.leaves)
    expect((await request(opened.id)).spent).toBe(2n * PRICE)
    expect(await returned()).toEqual([1])
    for (const place of [0, 1, 2]) expect((await settleNow(place)).body.uses).toBe(0)
  })

  it('sign no document that names another count of voidings', async () => {
    const opened = await openRequest(network, trent, [hers])
    await quorum(opened)
    await settleNow(0)
    const number = await lastNumber()
    const { voidings, ...without } = await documentOf(0, number)
    expect(voidings).toBe(1)
    await voidFrom(number)
    await until(async () => (await returned()).length === 2, 'the giving back')
    // What it signed before it may give again: the chain never takes it twice.
    for (const wrong of [without, { ...without, voidings: 3 }])
      expect(await proposed(wrong, 0)).toBe('SETTLEMENT_INVALID')
    // That very document with the right count is what they propose themselves.
    await settleNow(1)
    expect(await documentOf(1, number)).toEqual({ ...without, voidings: 2 })
  })

  it('sign one document after a voiding and no third, also when they were restarted in between', async () => {
    const opened = await openRequest(network, trent, [annas])
    await quorum(opened)
    await settleNow(0)
    const number = await lastNumber()
    await voidFrom(number)
    await network.restart(1)
    await until(async () => (await request(opened.id)).spent === 0n, 'the giving back')

    // Signed by the first two, and lost on its way to the chain.
    await network.provider.send('evm_setAutomine', [false])
    const lost = settleNow(0).catch(() => undefined)
    const { selector } = pool().interface.getFunction('settle')!
    await until(async () => {
      const block = await network.provider.send('eth_getBlockByNumber', ['pending', true])
      return block.transactions.some(({ input }: { input: string }) => input.startsWith(selector))
    }, 'the transaction')
    await network.kill(0)
    await lost
    await network.provider.send('anvil_dropAllTransactions', [])
    await network.provider.send('evm_setAutomine', [true])
    const signed = await documentOf(1, number, ({ voidings }) => voidings === 3)

    const more = await openRequest(network, trent, [hers])
    await quorum(more, [1, 2])
    await network.restart(1)
    const third = { ...signed, uses: [], receipts: [], finals: [] as Hex[] }
    expect(await proposed(third, 1)).toBe('SETTLEMENT_ALREADY_SIGNED')
    await network.restart(0)
    await settleNow(0)
    await until(async () => (await lastNumber()) >= number, 'the settlement')
    await settleNow(2)
    expect(await documentOf(2, number)).toEqual(signed)
  })

  it('take up everything that was voided at once, after a restart, too', async () => {
    const number = (await lastNumber()) + 1
    const [one, two] = [await openRequest(network, trent, [hers]), await openRequest(network, trent, [annas])]
    await quorum(one)
    await settleNow(0)
    await quorum(two)
    await settleNow(1)
    expect(await lastNumber()).toBe(number + 1)
    for (const place of [0, 1, 2]) await network.kill(place)
    await voidFrom(number)
    for (const place of [0, 1, 2]) await network.restart(place)
    await until(async () => {
      await settleNow(2)
      return (await lastNumber()) === number
    }, 'the settlement')
    expect(usesOf(await documentOf(2, number))).toEqual(
      [`${one.id} ${hers.id}`, `${two.id} ${annas.id}`].sort(),
    )
    for (const { id } of [one, two]) expect((await request(id)).spent).toBe(PRICE)
  })

  it('mark a request final again whose end was voided', async () => {
    const opened = await openRequest(network, trent, [hers, annas], { seconds: 60 })
    await receipts(network, await order(network, opened, { ids: [hers.id] }), [0, 1])
    await network.passTime(70)
    await until(async () => {
      await settleNow(0)
      return (await request(opened.id)).isFinal
    }, 'the end of the request')
    await voidFrom(await lastNumber())
    // As the voiding left it: custodians mark it final again by their own timers, too.
    const voided = (await pool().queryFilter(pool().filters.SettlementsVoided!(), 0)).at(-1)!
    const then = { blockTag: voided.blockNumber }
    const asOfThen = await network.contract('accessRequests').getFunction('request')(opened.id, then)
    expect(asOfThen.isFinal).toBe(false)
    await until(async () => {
      await settleNow(1)
      return (await request(opened.id)).isFinal
    }, 'the end of the request, again')
    await expect(
      network.contract('accessRequests', network.council).getFunction('refund').staticCall(opened.id),
    ).rejects.toMatchObject({ revert: { name: 'RequestNotRefundable' } })
    await network.passTime(CLAIM_DELAY + 1)
    const balance = async (): Promise<bigint> =>
      network.contract('token').getFunction('balanceOf')(trent.address)
    const before = await balance()
    await network.asCouncil('accessRequests', 'refund', opened.id)
    expect((await balance()) - before).toBe(PRICE)
  })

  it('are not held up by what two of them settled falsely, once it is voided', async () => {
    const opened = await openRequest(network, trent, [hers, annas])
    await quorum(opened, [0, 1])
    const [number, total, previousDocument] = [
      (await lastNumber()) + 1,
      (await pool().getFunction('total')()) + 2n * PRICE,
      await pool().getFunction('document')(),
    ]
    const mallory = Wallet.createRandom().address as Hex
    const false_: MessageOf<'Settlement'> = {
      number: BigInt(number),
      epoch: 1,
      root: rewardTree([{ account: mallory, total }]).root,
      total,
      document: hexlify(randomBytes(32)) as Hex,
      previousDocument,
      spending: [{ request: opened.id, amount: 2n * PRICE }],
      finals: [opened.id],
    }
    const wallets = [1, 2]
      .map(walletOf)
      .sort((a, b) => (a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1))
    const signatures = await Promise.all(
      wallets.map((wallet) => signMessage(wallet, 'Settlement', false_, network.deployment)),
    )
    await network.asCouncil('rewardPool', 'settle', false_, signatures)
    await expect(pool().getFunction('claim').staticCall(mallory, total, [])).rejects.toMatchObject({
      revert: { name: 'ProofInvalid' },
    })
    expect((await settleNow(0)).body.code).toBe('SETTLEMENT_DOCUMENT_UNAVAILABLE')

    await voidFrom(number)
    await until(async () => {
      await settleNow(0)
      return (await lastNumber()) === number
    }, 'the settlement')
    const honest = await documentOf(0, number)
    expect(usesOf(honest)).toEqual([`${opened.id} ${hers.id}`, `${opened.id} ${annas.id}`].sort())
    const { spent, isFinal } = await request(opened.id)
    expect({ spent, isFinal }).toEqual({ spent: 2n * PRICE, isFinal: false })
  })

  it('compose what the message on chain is, to the byte', async () => {
    const logs = await pool().queryFilter(pool().filters.SettlementTaken!(), 0)
    const { data } = (await network.provider.getTransaction(logs.at(-1)!.transactionHash))!
    const document = await documentOf(0, await lastNumber())
    const { digest } = await documentDigest(document)
    expect(settlementInCall(data)).toEqual(settlementOf(document, digest))
  })

  it('leave escrow and rewards whole', async () => {
    const [total, claimed] = [await pool().getFunction('total')(), await pool().getFunction('totalClaimed')()]
    const held = await network.contract('token').getFunction('balanceOf')(network.deployment.rewardPool)
    expect(held).toBe(total - claimed)
  })

  function walletOf(place: number): Wallet {
    const secrets = readFileSync(join(network.custodians[place]!.dir, 'secrets.json'), 'utf8')
    return new Wallet(JSON.parse(secrets).privateKey)
  }

  /** The third custodian's key, in Mallory's hands: what another one says to her proposal. */
  async function proposed(document: SettlementDocument, place: number): Promise<string> {
    const { digest } = await documentDigest(document)
    const settlement = settlementOf(document, digest)
    const proposal = await walletOf(2).signMessage(getBytes(structHash('Settlement', settlement)))
    const json = messageToJson('Settlement', settlement)
    const body = { settlement: json, document, proposer: 3, proposal, signatures: [] }
    return (await post(network.custodians[place]!.url, '/v1/settlements/signatures', body)).body.code
  }
})
