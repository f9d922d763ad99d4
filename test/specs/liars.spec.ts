import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  bytesToHex,
  datasetsRoot,
  type Hex,
  hexToBytes,
  type MessageOf,
  messageToJson,
  signMessage,
} from '@granary/protocol'
import { committeeLabel, createShare, findCommitteeStanza, readHeader, verifyShare } from '@granary/sealing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Wallet } from 'ethers'
import {
  type Actor,
  contributeBytes,
  memorySink,
  newContributor,
  newTrainer,
  sha256,
} from '../support/actors.js'
import { CustodyNetwork, PRICE, post, readLines } from '../support/custody.js'
import {
  approvedTrainer,
  type Contributed,
  contribute,
  type Opened,
  openRequest,
  openWith,
  order,
  type Person,
  person,
  receipts,
  shares,
} from '../support/custody-actors.js'
import { contentOf, Liar, type Lie } from '../support/liar.js'
import { type OwnWorld, startWorld } from '../support/world.js'

describe('with one custodian of three that hands out its share without receipts', () => {
  const LIAR = 2
  let network: CustodyNetwork
  let trent: Person
  let file: Contributed
  let request: Opened
  let signed: Awaited<ReturnType<typeof order>>
  let stolen: { member: number; share: Hex; proof: Hex }

  const ledger = (place: number) => readLines(join(network.custodians[place]!.dir, 'ledger.jsonl'))
  const ask = async (place: number, shown: unknown[]) =>
    (await post(network.custodians[place]!.url, '/v1/shares', { order: signed, receipts: shown })).body
  const spent = async () =>
    (await network.contract('accessRequests').getFunction('request')(request.id)).spent as bigint

  /** What the liar signs for anybody who asks, under any member's number; it keeps no ledger. */
  async function liarsReceipt(member: number, change: Partial<MessageOf<'Receipt'>> = {}, key?: string) {
    const [true_] = await receipts(network, signed, [0])
    const receipt = { ...true_!.receipt, ...change } as MessageOf<'Receipt'>
    const { privateKey } = JSON.parse(
      readFileSync(join(network.custodians[LIAR]!.dir, 'secrets.json'), 'utf8'),
    )
    const signature = await signMessage(new Wallet(key ?? privateKey), 'Receipt', receipt, network.deployment)
    const { epoch } = receipt
    return { epoch, member, receipt: messageToJson('Receipt', receipt), signature, passed: [file.id] }
  }

  beforeAll(async () => {
    network = await CustodyNetwork.twoOfThree()
    trent = await approvedTrainer(network)
    file = await contribute(network, await person())
    request = await openRequest(network, trent, [file])
    signed = await order(network, request)
    await network.kill(LIAR)
  })
  afterAll(() => network?.stop())

  it('that share is true, and alone opens nothing', async () => {
    const held = JSON.parse(readFileSync(join(network.custodians[LIAR]!.dir, 'epochs/1.json'), 'utf8'))
    const { secret, verifyingShare, groupKey } = held.shares[0]
    const { chainId, datasetRegistry: registry } = network.deployment
    const stanza = findCommitteeStanza(readHeader(file.sealed))
    const owner = file.owner.address
    const label = committeeLabel({
      groupKey: hexToBytes(groupKey),
      chainId: BigInt(chainId),
      registry,
      owner,
    })
    const facts = {
      verifyingShare: hexToBytes(verifyingShare),
      stanza,
      label,
      dataset: hexToBytes(file.id),
    }
    const made = await createShare({ ...facts, secret: hexToBytes(secret) })
    expect(verifyShare({ ...facts, ...made })).toBe(true)
    stolen = { member: LIAR + 1, share: bytesToHex(made.share), proof: bytesToHex(made.proof) }
    await expect(openWith(network, file, [stolen])).rejects.toMatchObject({ code: 'SHARES_TOO_FEW' })
    await expect(openWith(network, file, [stolen, stolen])).rejects.toBeDefined()
  })

  it('no honest share leaves for less than a quorum of receipts', async () => {
    const [own] = await receipts(network, signed, [0])
    const other = `0x${'77'.repeat(32)}` as Hex
    const quorums = [0, 1].map((place) => ledger(place).filter(({ type }) => type === 'quorum').length)
    for (const [shown, code] of [
      [[], 'RECEIPTS_TOO_FEW'],
      [[own], 'RECEIPTS_TOO_FEW'],
      [[own, own], 'RECEIPTS_TOO_FEW'],
      [[await liarsReceipt(3)], 'RECEIPTS_TOO_FEW'],
      [
        [await liarsReceipt(3), await liarsReceipt(3, { time: (await network.now()) - 1 })],
        'RECEIPTS_TOO_FEW',
      ],
      [[own, await liarsReceipt(2)], 'RECEIPT_INVALID'],
      [[await liarsReceipt(1), await liarsReceipt(3)], 'RECEIPT_INVALID'],
      [[own, await liarsReceipt(4)], 'RECEIPT_INVALID'],
      [[own, await liarsReceipt(3, {}, Wallet.createRandom().privateKey)], 'RECEIPT_INVALID'],
      [[own, await liarsReceipt(3, { request: other })], 'RECEIPT_INVALID'],
      [[own, await liarsReceipt(3, { datasets: datasetsRoot([other]) })], 'RECEIPT_INVALID'],
      [[own, await liarsReceipt(3, { epoch: 2 })], 'EPOCH_MISMATCH'],
      [[own, await liarsReceipt(3, { time: (await network.now()) - 700 })], 'RECEIPT_OLD'],
      [[own, await liarsReceipt(3, { time: (await network.now()) + 700 })], 'RECEIPT_INVALID'],
    ] as const)
      expect(await ask(0, [...shown])).toMatchObject({ code })
    // The liar and the first custodian made a quorum, but not with the second one's own word.
    expect(await ask(1, [own, await liarsReceipt(3)])).toMatchObject({ code: 'RECEIPT_MISSING' })
    const after = [0, 1].map((place) => ledger(place).filter(({ type }) => type === 'quorum').length)
    expect(after).toEqual(quorums)
    expect(await spent()).toBe(0n)
  })

  it('a receipt of its that does not hold spoils no quorum of the others, and is not stored', async () => {
    const honest = await receipts(network, signed, [0, 1])
    const old = await liarsReceipt(3, { time: 1 })
    const { answer } = await ask(0, [old, ...honest])
    expect(answer).toEqual(expect.any(String))
    const stored = ledger(0)
      .filter(({ type }) => type === 'quorum')
      .at(-1)
    expect(stored.body.receipts.map(({ member }: { member: number }) => member)).toEqual([1, 2])
  })

  it('the file opens only with an honest share, which is charged though the liar denies it all', async () => {
    const [own] = await receipts(network, signed, [0])
    const given = await shares(network, request, signed, [own, await liarsReceipt(3)], 0)
    const parts = [{ member: given.member, ...given.shares.get(file.id)! }, stolen]
    expect(await openWith(network, file, parts)).toEqual(new Uint8Array(file.plaintext))
    // The liar is gone, with whatever ledger it had: the two others settle.
    expect((await post(network.custodians[1]!.url, '/v1/settlements')).status).toBe(200)
    expect(await spent()).toBe(PRICE)
  })
})

describe('with one custodian of three that answers rubbish, the trainer opens the file and names it', () => {
  const MEMBER = 3
  const plaintext = new TextEncoder().encode('what the liar could not keep')
  const BASE_POINT = '0xe2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76'
  let world: OwnWorld
  let liar: Liar
  let trent: Actor
  let dataset: Hex

  const open = async () =>
    (
      await trent.client.requests.open({
        pool: 1,
        purposes: ['evaluation'],
        recipient: trent.recipient,
        datasets: [dataset],
      })
    ).request
  /** Opens a request about which the liar lies, and fetches its file. */
  async function fetchWith(step: 'receipts' | 'shares', lie: Lie, request?: Hex) {
    request ??= await open()
    liar.tell(step, request, lie)
    const sink = memorySink()
    const { files, failed, custodians } = await trent.client.fetch(request, {
      identity: trent.identity,
      sink,
    })
    expect(failed).toEqual([])
    expect(files).toMatchObject([{ dataset, sha256: sha256(plaintext) }])
    expect(sink.files.get(dataset)).toEqual(plaintext)
    return custodians
  }
  /** The same, with shares altered under its own seal and signature. */
  const withShares = (change: (share: { share: Hex; proof: Hex }) => object | object[]) =>
    fetchWith('shares', async ({ body }) => {
      const content = await contentOf(body, trent.identity)
      const altered = { ...content, shares: content.shares.flatMap(change) }
      return liar.sealed(body, JSON.stringify(altered), trent.recipient)
    })
  const named = (code: string) => [{ member: MEMBER, code }]

  beforeAll(async () => {
    world = await startWorld()
    const alice = await newContributor(world)
    trent = await newTrainer(world)
    const terms = { pool: 1, purposes: ['evaluation'] as const, expires: null }
    dataset = (await contributeBytes(alice, plaintext, { ...terms, purposes: ['evaluation'] })).id
    await world.stop('custodian3')
    liar = await Liar.inPlaceOf(world, MEMBER)
  }, 240_000)
  afterAll(async () => {
    await liar?.end()
    await world?.end()
  })

  it('nobody while it tells the truth', async () => {
    expect(await fetchWith('shares', ({ body }) => body)).toEqual([])
  })

  it('for a wrong share, a wrong proof, an identity point and a point that is none', async () => {
    const ones = `0x${'ff'.repeat(32)}`
    for (const change of [
      (one: { share: Hex; proof: Hex }) => ({ ...one, share: BASE_POINT }),
      (one: { share: Hex; proof: Hex }) => ({ ...one, share: `0x${'00'.repeat(32)}` }),
      (one: { share: Hex; proof: Hex }) => ({ ...one, share: ones }),
      (one: { share: Hex; proof: Hex }) => ({ ...one, proof: `0x${one.proof.slice(4)}00` }),
      (one: { share: Hex; proof: Hex }) => ({ ...one, proof: `${one.proof.slice(0, 66)}${ones.slice(2)}` }),
    ])
      expect(await withShares(change)).toEqual(named('SHARE_INVALID'))
  })

  it('for one share given twice, for none, and for a sealed answer that says nothing', async () => {
    expect(await withShares((one) => [one, one])).toEqual(named('ANSWER_INVALID'))
    for (const content of ['[]', '{', new Uint8Array(64).fill(0xff)])
      expect(await fetchWith('shares', ({ body }) => liar.sealed(body, content, trent.recipient))).toEqual(
        named('ANSWER_INVALID'),
      )
  })

  it('for an answer that it did not seal, that is sealed to another, or that is not signed for', async () => {
    const elsewhere = (await newContributor(world, 'Nobody')).recipient
    for (const lie of [
      ({ body }) => liar.signed(body, new Uint8Array(300).fill(7)),
      ({ body }) => liar.sealed(body, '{}', elsewhere),
      ({ body }) => ({ ...body, answer: Buffer.alloc(300).toString('base64') }),
      ({ body }) => ({ ...body, signature: `0x${'11'.repeat(65)}` }),
    ] satisfies Lie[])
      expect(await fetchWith('shares', lie)).toEqual(named('ANSWER_INVALID'))
  })

  it("for another request's answer", async () => {
    let earlier: unknown
    await fetchWith('shares', ({ body }) => {
      earlier = body
      return body
    })
    expect(await fetchWith('shares', () => earlier)).toEqual(named('ANSWER_INVALID'))
    expect(
      await fetchWith('shares', ({ body }) =>
        liar.signed(body, Buffer.from((earlier as { answer: string }).answer, 'base64')),
      ),
    ).toEqual(named('ANSWER_INVALID'))
  })

  it('for receipts that are rubbish, and despite receipts that only custodians can tell', async () => {
    for (const [lie, names] of [
      [() => '<html>', named('ANSWER_INVALID')],
      [() => ({ code: 'OK' }), named('ANSWER_INVALID')],
      [({ body }) => liar.receipt(body, { request: `0x${'77'.repeat(32)}` }), named('RECEIPT_INVALID')],
      [({ body }) => liar.receipt(body, { epoch: 9 }), named('RECEIPT_INVALID')],
      [({ body }) => ({ ...body, passed: [...body.passed, ...body.passed] }), named('RECEIPT_INVALID')],
      [({ body }) => ({ ...body, member: 1 }), named('ANSWER_INVALID')],
      [({ body }) => liar.receipt(body, { time: 1 }), named('RECEIPT_INVALID')],
      [({ body }) => liar.receipt(body, { time: 2 ** 36 }), named('RECEIPT_INVALID')],
    ] satisfies [Lie, unknown][])
      expect(await fetchWith('receipts', lie)).toEqual(names)
  })

  it('for an answer that never comes, or begins and does not end', async () => {
    const [first, second] = [await open(), await open()]
    const begin: Lie = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"epoch":')
    }
    const [silent, slow] = await Promise.all([
      fetchWith('receipts', () => undefined, first),
      fetchWith('shares', begin, second),
    ])
    expect(silent).toEqual(named('UNREACHABLE'))
    expect(slow).toEqual(named('UNREACHABLE'))
  })
})
