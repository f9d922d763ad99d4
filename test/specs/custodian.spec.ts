import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import {
  bytesToHex,
  canonicalJson,
  datasetsRoot,
  type Hex,
  ledgerPageSchema,
  messageSchema,
  messageToJson,
  openedAnswerSchema,
  recoverSigner,
  signMessage,
  ZERO_BYTES32,
} from '@granary/protocol'
import { openMessage, recipientToBytes } from '@granary/sealing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { keccak256 } from 'ethers'
import { type Answer, CustodyNetwork, get, post, readLines } from '../support/custody.js'
import {
  answerRequest,
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
  release,
  withdraw,
} from '../support/custody-actors.js'

const BOTH = [0, 1]

describe('a committee of three custodians, two of whom open a file', () => {
  let network: CustodyNetwork
  let alice: Person
  let mallory: Person
  let trent: Person
  let file: Contributed
  let request: Opened

  const share = (place: number, signed: unknown, shown: unknown[]): Promise<Answer> =>
    post(network.custodians[place]!.url, '/v1/shares', { order: signed, receipts: shown })
  const ledger = (place: number) => readLines(join(network.custodians[place]!.dir, 'ledger.jsonl'))

  beforeAll(async () => {
    network = await CustodyNetwork.twoOfThree()
    ;[alice, mallory, trent] = [await person(), await person(), await approvedTrainer(network)]
    file = await contribute(network, alice)
    request = await openRequest(network, trent, [file])
  })
  afterAll(() => network?.stop())

  it('opens files of one leaf and of several for a trainer', async () => {
    const anna = await person()
    const large = await contribute(network, anna, { plaintext: new Uint8Array(3 << 20).fill(7) })
    const empty = await contribute(network, anna, { plaintext: new Uint8Array() })
    const opened = await release(network, await openRequest(network, trent, [file, large, empty]), [2, 0])
    for (const { id, plaintext } of [file, large, empty]) {
      expect(Buffer.compare(opened.get(id)!, plaintext)).toBe(0)
    }
  })

  it('opens a dataset in ask mode after its owner said yes', async () => {
    const asking = await contribute(network, alice, { ask: true })
    const opened = await openRequest(network, trent, [asking])
    await answerRequest(network, asking, opened.id, true)
    expect(await release(network, opened, BOTH)).toEqual(
      new Map([[asking.id, new Uint8Array(asking.plaintext)]]),
    )
  })

  describe('gives a share against receipts of a quorum', () => {
    it('refusing fewer receipts than the threshold, and one member that shows several', async () => {
      const signed = await order(network, request)
      const [own] = await receipts(network, signed, [0])
      expect((await share(0, signed, [])).body.code).toBe('RECEIPTS_TOO_FEW')
      expect((await share(0, signed, [own])).body.code).toBe('RECEIPTS_TOO_FEW')
      expect((await share(0, signed, [own, own])).body.code).toBe('RECEIPTS_TOO_FEW')
      const again = await order(network, request, { deadline: (await network.now()) + 300 })
      const [another] = await receipts(network, again, [0])
      expect(another).not.toEqual(own)
      expect((await share(0, signed, [own, another])).body.code).toBe('RECEIPTS_TOO_FEW')
    })

    it('refusing receipts that are forged', async () => {
      const signed = await order(network, request)
      const [own, other] = await receipts(network, signed, BOTH)
      const receipt = messageSchema('Receipt').parse(other!.receipt)
      const signature = await signMessage(mallory.wallet, 'Receipt', receipt, network.deployment)
      const another = await contribute(network, alice)
      const forged = [
        { ...other, signature },
        { ...other, member: 3 },
        { ...other, member: 9 },
        { ...other, receipt: { ...receipt, time: receipt.time + 1 } },
        { ...other, passed: [another.id] },
        { ...other, receipt: { ...receipt, datasets: datasetsRoot([another.id]) }, passed: [another.id] },
      ]
      for (const shown of forged)
        expect((await share(0, signed, [own, shown])).body.code).toBe('RECEIPT_INVALID')
      const epoch = { ...other, epoch: 2, receipt: { ...receipt, epoch: 2 } }
      expect((await share(0, signed, [own, epoch])).body.code).toBe('EPOCH_MISMATCH')
    })

    it('refusing receipts of another request, and of another dataset', async () => {
      const other = await openRequest(network, trent, [file])
      const elsewhere = await receipts(network, await order(network, other), BOTH)
      const signed = await order(network, request)
      expect((await share(0, signed, elsewhere)).body.code).toBe('RECEIPT_INVALID')

      const second = await contribute(network, alice)
      const both = await openRequest(network, trent, [file, second])
      const one = await receipts(network, await order(network, both, { ids: [file.id] }), BOTH)
      expect((await share(0, await order(network, both, { ids: [second.id] }), one)).body.code).toBe(
        'RECEIPTS_TOO_FEW',
      )
    })

    it('refusing a quorum without its own receipt', async () => {
      const fresh = await openRequest(network, trent, [file])
      const signed = await order(network, fresh)
      const others = await receipts(network, signed, [1, 2])
      expect((await share(0, signed, others)).body.code).toBe('RECEIPT_MISSING')
    })

    it('refusing what was withdrawn after the receipts', async () => {
      const gone = await contribute(network, alice)
      const opened = await openRequest(network, trent, [gone])
      const signed = await order(network, opened)
      const shown = await receipts(network, signed, BOTH)
      await withdraw(network, gone)
      const { status, body } = await share(0, signed, shown)
      expect({ status, answer: body.answer, delivery: body.delivery }).toEqual({
        status: 200,
        answer: null,
        delivery: null,
      })
      expect(body.refused).toMatchObject([{ dataset: gone.id, code: 'CONSENT_WITHDRAWN' }])
    })

    it('with the quorum in its ledger before the share leaves, and the answer signed', async () => {
      const fresh = await openRequest(network, trent, [file])
      const signed = await order(network, fresh)
      const shown = await receipts(network, signed, BOTH)
      const { body } = await share(1, signed, shown)
      const last = ledger(1).at(-1)
      expect(last).toMatchObject({ type: 'quorum', body: { request: fresh.id, datasets: [file.id] } })
      expect(last.body.receipts.map((receipt: { member: number }) => receipt.member)).toEqual([1, 2])

      const sealed = Buffer.from(body.answer, 'base64')
      expect(body.delivery).toMatchObject({ request: fresh.id, epoch: 1, answer: keccak256(sealed) })
      const delivery = messageSchema('Delivery').parse(body.delivery)
      expect(recoverSigner('Delivery', delivery, body.signature, network.deployment)).toBe(
        network.custodians[1]!.address,
      )
      await expect(openMessage(sealed, mallory.identity)).rejects.toMatchObject({ code: 'OPEN_FAILED' })

      const before = ledger(1).length
      await share(1, signed, shown)
      expect(ledger(1)).toHaveLength(before)
    })
  })

  describe("opens an owner's datasets for the owner", () => {
    const ownerRelease = async (
      signer: Person,
      datasets: readonly Contributed[],
      wish: { deadline?: number; owner?: Hex } = {},
    ) => {
      const phone = await person()
      const ids = datasets.map(({ id }) => id).sort()
      const byId = new Map(datasets.map((dataset) => [dataset.id, dataset]))
      const message = {
        owner: wish.owner ?? signer.address,
        datasets: datasetsRoot(ids),
        recipient: bytesToHex(recipientToBytes(phone.recipient)),
        deadline: BigInt(wish.deadline ?? (await network.now()) + 600),
      }
      const signature = await signMessage(signer.wallet, 'OwnerRelease', message, network.deployment)
      const body = {
        release: messageToJson('OwnerRelease', message),
        signature,
        datasets: ids.map((dataset) => ({ dataset, content: byId.get(dataset)!.content })),
      }
      const ask = (place: number) => post(network.custodians[place]!.url, '/v1/owner-releases', body)
      return { phone, ask }
    }

    it('also when consent was withdrawn, free of charge', async () => {
      const gone = await contribute(network, alice)
      await withdraw(network, gone)
      const { phone, ask } = await ownerRelease(alice, [gone])
      const parts = await Promise.all(
        [0, 2].map(async (place) => {
          const { body } = await ask(place)
          const opened = await openMessage(Buffer.from(body.answer, 'base64'), phone.identity)
          const { member, shares } = openedAnswerSchema.parse(JSON.parse(new TextDecoder().decode(opened)))
          return { member, ...shares[0]! }
        }),
      )
      expect(await openWith(network, gone, parts)).toEqual(new Uint8Array(gone.plaintext))
    })

    it('and for nobody else', async () => {
      const codes = async ({ ask }: Awaited<ReturnType<typeof ownerRelease>>) => {
        const { body } = await ask(0)
        return body.code ?? body.refused.map(({ code }: { code: string }) => code)
      }
      expect(await codes(await ownerRelease(mallory, [file]))).toEqual(['NOT_OWNER'])
      expect(await codes(await ownerRelease(mallory, [file], { owner: alice.address }))).toBe(
        'SIGNATURE_INVALID',
      )
      const past = (await network.now()) - 5
      expect(await codes(await ownerRelease(alice, [file], { deadline: past }))).toBe('MESSAGE_EXPIRED')
      const other = { ...file, content: `0x${'77'.repeat(32)}` as Hex }
      expect(await codes(await ownerRelease(alice, [other]))).toEqual(['CONTENT_NOT_OF_DATASET'])
    })
  })

  it('shows its ledger to whoever asks, each entry naming the one before', async () => {
    const { url, dir } = network.custodians[0]!
    const pages = []
    for (let after = 0; ; ) {
      const { entries, last } = (await get(url, `/v1/ledger?after=${after}&limit=2`)).body
      pages.push(...entries)
      ledgerPageSchema.parse({ entries, last })
      after += entries.length
      if (after === last) break
    }
    expect(pages).toEqual(readLines(join(dir, 'ledger.jsonl')))
    let previous: Hex = ZERO_BYTES32
    for (const { hash, ...entry } of pages) {
      expect(entry.previous).toBe(previous)
      expect(hash).toBe(keccak256(canonicalJson(entry)))
      previous = hash
    }
  })

  it('keeps its secrets in files that only it can read, and out of its log', () => {
    for (const { dir, logged } of network.custodians) {
      expect(statSync(dir).mode & 0o777).toBe(0o700)
      const secrets = ['secrets.json', 'epochs/1.json'].flatMap((name) => {
        const path = join(dir, name)
        expect(statSync(path).mode & 0o777).toBe(0o600)
        const { privateKey, identity, shares } = JSON.parse(readFileSync(path, 'utf8'))
        return shares ? [shares[0].secret] : [privateKey, identity]
      })
      expect(secrets).toHaveLength(3)
      for (const secret of secrets) expect(logged()).not.toContain(secret.replace(/^0x/, ''))
    }
  })

  it('refuses receipts that are more than ten minutes old', async () => {
    const signed = await order(network, request, { deadline: (await network.now()) + 3000 })
    const shown = await receipts(network, signed, BOTH)
    await network.passTime(700)
    expect((await share(0, signed, shown)).body.code).toBe('RECEIPT_OLD')
    const renewed = await receipts(network, signed, BOTH)
    expect(renewed).not.toEqual(shown)
    expect((await share(0, signed, renewed)).status).toBe(200)
  })
})
