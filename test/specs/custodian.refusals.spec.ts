import { join } from 'node:path'
import { type Hex, hexToBytes, importFile } from '@granary/protocol'
import { generateIdentity, identityToRecipient, readHeader } from '@granary/sealing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { CustodyNetwork, post, readLines } from '../support/custody.js'
import {
  answerRequest,
  approvedTrainer,
  bytesOf,
  type Contributed,
  changeConsent,
  contribute,
  groupKeyOf,
  type Opened,
  openRequest,
  order,
  type Person,
  person,
  receipts,
  sealFor,
  withdraw,
} from '../support/custody-actors.js'

// Custodians see an order and nothing else: whatever is wrong with it, or with what the chain and the file say, is
// refused by its own code, by each custodian for itself, and leaves no line in the ledger.
describe('what a custodian refuses to receipt', () => {
  let network: CustodyNetwork
  let alice: Person
  let mallory: Person
  let trent: Person
  let file: Contributed
  let request: Opened
  let before: number

  const ledgerLength = () => readLines(join(network.custodians[0]!.dir, 'ledger.jsonl')).length
  const ask = (signed: unknown) => post(network.custodians[0]!.url, '/v1/receipts', { order: signed })
  const refusal = async (signed: unknown) => (await ask(signed)).body.code
  /** The code with which the only dataset of the order is refused; the order itself is in order. */
  const refusedDataset = async (signed: unknown) => {
    const { status, body } = await ask(signed)
    expect({ status, receipt: body.receipt, signature: body.signature, passed: body.passed }).toEqual({
      status: 200,
      receipt: null,
      signature: null,
      passed: [],
    })
    expect(body.refused).toHaveLength(1)
    return body.refused[0].code
  }
  const refusedAlone = async (dataset: Contributed, purposes?: readonly string[]) =>
    refusedDataset(await order(network, await openRequest(network, trent, [dataset], { purposes })))

  beforeAll(async () => {
    network = await CustodyNetwork.twoOfThree()
    ;[alice, mallory, trent] = [await person(), await person(), await approvedTrainer(network)]
    file = await contribute(network, alice)
    request = await openRequest(network, trent, [file])
  })
  afterAll(() => network?.stop())
  beforeEach(() => {
    before = ledgerLength()
  })
  afterEach(() => {
    expect(ledgerLength()).toBe(before)
  })

  describe('1: the order', () => {
    it('signed by somebody else', async () => {
      expect(await refusal(await order(network, request, { signer: mallory }))).toBe(
        'ORDER_SIGNATURE_INVALID',
      )
    })
    it('signed for another chain, or for another contract', async () => {
      const elsewhere = [{ chainId: 1 }, { accessRequests: network.deployment.rewardPool }]
      for (const domain of elsewhere) {
        expect(await refusal(await order(network, request, { domain }))).toBe('ORDER_SIGNATURE_INVALID')
      }
    })
    it('after its deadline', async () => {
      const deadline = (await network.now()) - 5
      expect(await refusal(await order(network, request, { deadline }))).toBe('ORDER_EXPIRED')
    })
    it('with other datasets than it signs', async () => {
      const signed = await order(network, request)
      const [only] = signed.datasets
      const other = { ...only, dataset: `0x${'ab'.repeat(32)}` }
      expect(await refusal({ ...signed, datasets: [other] })).toBe('ORDER_DATASETS_MISMATCH')
      expect(await refusal({ ...signed, datasets: [only, only] })).toBe('DATASETS_NOT_ASCENDING')
      expect(await refusal({ ...signed, datasets: [] })).toBe('VALIDATION_FAILED')
      expect(await refusal({ ...signed, datasets: Array(257).fill(only) })).toBe('VALIDATION_FAILED')
    })
    it('that is not well formed', async () => {
      expect(await refusal({})).toBe('VALIDATION_FAILED')
      const answer = await fetch(`${network.custodians[0]!.url}/v1/receipts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{',
      })
      expect(await answer.json()).toMatchObject({ status: 400, code: 'MALFORMED_JSON' })
    })
  })

  describe('2: request and trainer', () => {
    it('of a request that does not exist', async () => {
      const unknown = { ...request, id: `0x${'cd'.repeat(32)}` as Hex }
      expect(await refusal(await order(network, unknown))).toBe('REQUEST_UNKNOWN')
    })
    it('of a trainer that is suspended, or no longer approved', async () => {
      const troy = await approvedTrainer(network)
      const signed = await order(network, await openRequest(network, troy, [file]))
      await network.asCouncil('trainerRegistry', 'setSuspended', troy.address, true)
      expect(await refusal(signed)).toBe('TRAINER_IS_SUSPENDED')
      await network.asCouncil('trainerRegistry', 'setSuspended', troy.address, false)
      await network.asCouncil('trainerRegistry', 'revoke', troy.address)
      expect(await refusal(signed)).toBe('TRAINER_NOT_APPROVED')
    })
  })

  describe('3: the manifest', () => {
    it('a dataset outside of it', async () => {
      const other = await contribute(network, alice)
      const signed = await order(
        network,
        { ...request, datasets: new Map([[other.id, other]]) },
        { ids: [other.id] },
      )
      expect(await refusedDataset(signed)).toBe('DATASET_NOT_IN_MANIFEST')
    })
    it('an index at or above the count that was paid for', async () => {
      const two = await Promise.all([file, contribute(network, alice)])
      const paidForOne = await openRequest(network, trent, two, { count: 1 })
      const second = await order(network, paidForOne, { ids: [paidForOne.manifest[1]!] })
      expect(second.datasets[0]!.index).toBe(1)
      expect(await refusedDataset(second)).toBe('DATASET_NOT_IN_MANIFEST')
      expect(await refusedDataset(await order(network, request, { index: 1 }))).toBe(
        'DATASET_NOT_IN_MANIFEST',
      )
    })
  })

  describe('4: consent', () => {
    it('without the purpose asked', async () => {
      expect(await refusedAlone(file, ['evaluation'])).toBe('CONSENT_PURPOSE_MISSING')
      expect(await refusedAlone(file, ['fine-tuning', 'commercial'])).toBe('CONSENT_PURPOSE_MISSING')
      const narrowed = await contribute(network, alice)
      await changeConsent(network, narrowed, { purposes: ['retrieval'] })
      expect(await refusedAlone(narrowed)).toBe('CONSENT_PURPOSE_MISSING')
    })
    it('that is withdrawn', async () => {
      const gone = await contribute(network, alice)
      const signed = await order(network, await openRequest(network, trent, [gone]))
      await withdraw(network, gone)
      expect(await refusedDataset(signed)).toBe('CONSENT_WITHDRAWN')
    })
    it('for another pool, or for a dataset that nobody registered', async () => {
      const unknown = { ...file, id: `0x${'ef'.repeat(32)}` as Hex }
      expect(await refusedAlone(unknown)).toBe('DATASET_UNKNOWN')
      await network.asDao('datasetRegistry', 'createPool', `0x${'33'.repeat(32)}`, 1, 1)
      const elsewhere = await contribute(network, alice, { pool: 2 })
      expect(await refusedAlone(elsewhere)).toBe('DATASET_OTHER_POOL')
    })
    it('in ask mode without a yes, and after a no', async () => {
      const asking = await contribute(network, alice, { ask: true })
      const opened = await openRequest(network, trent, [asking])
      expect(await refusedDataset(await order(network, opened))).toBe('APPROVAL_MISSING')
      await answerRequest(network, asking, opened.id, false)
      expect(await refusedDataset(await order(network, opened))).toBe('APPROVAL_REFUSED')
    })
  })

  describe('5: the file', () => {
    it('another content than the dataset has', async () => {
      const other = await contribute(network, alice)
      const signed = await order(network, request, { content: other.content })
      expect(await refusedDataset(signed)).toBe('CONTENT_NOT_OF_DATASET')
    })
    it('that no gateway has, or of which it has other bytes', async () => {
      const lost = await contribute(network, alice)
      network.blocks.delete(lost.cid)
      expect(await refusedAlone(lost)).toBe('CONTENT_UNAVAILABLE')
      network.blocks.set(lost.cid, file.sealed)
      expect(await refusedAlone(lost)).toBe('CONTENT_ALTERED')
    })
    it('whose first leaf is altered behind an honest root', async () => {
      const large = await contribute(network, alice, { plaintext: new Uint8Array(2 << 20) })
      const { cid: leaf } = await importFile([large.sealed.subarray(0, 1 << 20)], { put: () => undefined })
      network.blocks.set(leaf, file.sealed)
      expect(await refusedAlone(large)).toBe('CONTENT_ALTERED')
    })
    it('that is not sealed, not to a committee, or twice', async () => {
      const plain = await contribute(network, alice, { sealed: new TextEncoder().encode('name,age\n') })
      expect(await refusedAlone(plain)).toBe('HEADER_INVALID')
      const { length } = readHeader(file.sealed)
      const [text, payload] = [
        Buffer.from(file.sealed.subarray(0, length)).toString(),
        file.sealed.subarray(length),
      ]
      const stanza = text.slice(text.indexOf('-> granary/v1'), text.indexOf('---'))
      const without = Buffer.concat([Buffer.from(text.replace(stanza, '')), payload])
      expect(await refusedAlone(await contribute(network, alice, { sealed: without }))).toBe('STANZA_MISSING')
      const twice = Buffer.concat([Buffer.from(text.replace(stanza, stanza + stanza)), payload])
      expect(await refusedAlone(await contribute(network, alice, { sealed: twice }))).toBe('STANZA_REPEATED')
    })
  })

  describe('6: the stanza', () => {
    it("of Alice's file, registered by Mallory as her own", async () => {
      const stolen = await contribute(network, mallory, { sealed: file.sealed })
      expect(await refusedAlone(stolen)).toBe('STANZA_INVALID')
    })
    it("with Alice's R in a stanza of Mallory's", async () => {
      const own = await sealFor(network, mallory.address, mallory.recipient, new Uint8Array(9))
      const line = /-> granary\/v1 [0-9a-f]{32} (\S+)\n/
      const [theirs, hers] = [
        Buffer.from(file.sealed).toString('latin1'),
        Buffer.from(own).toString('latin1'),
      ]
      const copied = hers.replace(line.exec(hers)![1]!, line.exec(theirs)![1]!)
      const sealed = Buffer.from(copied, 'latin1')
      expect(await refusedAlone(await contribute(network, mallory, { sealed }))).toBe('STANZA_INVALID')
    })
    it('of which one letter is altered', async () => {
      const own = Buffer.from(await sealFor(network, alice.address, alice.recipient, new Uint8Array(9)))
      const body = own.indexOf('\n', own.indexOf('-> granary/v1')) + 5
      own[body] = own[body] === 0x41 ? 0x42 : 0x41
      expect(await refusedAlone(await contribute(network, alice, { sealed: own }))).toBe('STANZA_INVALID')
    })
    it('for a committee whose share it does not hold', async () => {
      const recipient = await identityToRecipient(generateIdentity())
      const { seal } = await import('@granary/sealing')
      const { chainId, datasetRegistry: registry } = network.deployment
      // Another valid point: the verifying share of a member.
      const epoch = await network.contract('custodianCommittee').getFunction('epoch')(1)
      const groupKey = hexToBytes(epoch.verifyingShares[0])
      expect(epoch.verifyingShares[0]).not.toBe(await groupKeyOf(network))
      const committee = { groupKey, chainId: BigInt(chainId), registry, owner: alice.address }
      const { stream } = await seal({ recipients: [recipient], committee })
      const sealed = await bytesOf(new Blob(['x']).stream().pipeThrough(stream as never))
      expect(await refusedAlone(await contribute(network, alice, { sealed }))).toBe('COMMITTEE_UNKNOWN')
    })
  })

  // These move the chain's clock or close the request, so they come last.
  describe('later', () => {
    it('consent that has expired, and a request that has expired or was refunded', async () => {
      const soon = await contribute(network, alice, { expires: (await network.now()) + 100 })
      const asked = await openRequest(network, trent, [soon])
      const short = await openRequest(network, trent, [file], { seconds: 100 })
      await network.passTime(150)
      expect(await refusedDataset(await order(network, asked))).toBe('CONSENT_EXPIRED')
      expect(await refusal(await order(network, short))).toBe('REQUEST_EXPIRED')
      await network.passTime(100)
      await network.asCouncil('accessRequests', 'refund', short.id)
      expect(await refusal(await order(network, short))).toBe('REQUEST_REFUNDED')
    })
  })

  it('and what it receipts nevertheless: the datasets of an order that pass', async () => {
    const gone = await contribute(network, alice)
    const both = await openRequest(network, trent, [file, gone])
    await withdraw(network, gone)
    const [given] = await receipts(network, await order(network, both), [0])
    expect(given!.passed).toEqual([file.id])
    before++
  })
})
