import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import {
  type ConsentMessageResource,
  consentReceiptBytes,
  deriveConsentReceipt,
  type Hex,
  messageToJson,
  signMessage,
} from '@granary/protocol'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Wallet } from 'ethers'
import { type Actor, contributeBytes, newContributor, newStranger } from '../support/actors.js'
import { type CommandLine, commandLine, type Run } from '../support/command-line.js'
import { call, refusal } from '../support/rest.js'
import { newCourier, newSharedWallet, type SharedWallet } from '../support/wallets.js'
import { sharedWorld, waitFor } from '../support/world.js'

// A consent receipt is made of what was signed, and says nothing else: whoever checks it needs nobody's word.

// biome-ignore lint/suspicious/noExplicitAny: receipts are altered here at any place
type Loose = any

const world = sharedWorld()
const nowhere = commandLine({ api: 'http://127.0.0.1:1' })
let cli: CommandLine
let courier: Wallet
let alice: Actor
let mallory: Actor
let family: SharedWallet
let pool: number
let id: Hex
let shared: Hex
/** The receipt of the first dataset as it was contributed. */
let genuine: string

const bytes = (text: string) => new TextEncoder().encode(text)
const terms = (purposes: string[], ask = false) => ({ pool, purposes, expires: null, ask })

beforeAll(async () => {
  cli = commandLine(world)
  pool = await world.createPool()
  courier = await newCourier(world)
  ;[alice, mallory] = [await newContributor(world), await newStranger(world)]
  family = await newSharedWallet(world, courier, [alice.wallet, mallory.wallet])
  const expires = new Date(Math.ceil(Date.now() / 1000) * 1000 + 86_400_000)
  const named = { name: 'diary.csv', type: 'text/csv' }
  id = (
    await contributeBytes(alice, bytes('a diary'), {
      ...terms(['fine-tuning', 'commercial']),
      ...named,
      expires,
    })
  ).id
  genuine = await get(id)
  shared = (await contributeBytes(family, bytes('recipes'), terms(['evaluation']))).id
})

afterAll(() => {
  cli.remove()
  nowhere.remove()
})

let files = 0
async function get(dataset: Hex): Promise<string> {
  const file = cli.file(`receipt-${++files}.jsonld`)
  const run = await cli.run(undefined, 'receipt', 'get', dataset, '--out', file)
  if (run.code !== 0) throw new Error(run.stderr)
  return file
}
const read = (file: string): Loose => JSON.parse(readFileSync(file, 'utf8'))
function write(receipt: unknown): string {
  const file = cli.file(`receipt-${++files}.jsonld`)
  writeFileSync(file, typeof receipt === 'string' ? receipt : JSON.stringify(receipt))
  return file
}
/** Checks a file where nothing can be reached. */
const verify = (file: string, ...more: string[]) => nowhere.run(undefined, 'receipt', 'verify', file, ...more)
const onChain = (file: string) => cli.run(undefined, 'receipt', 'verify', file, '--on-chain')
const codeOf = ({ code, json }: Run) => (code === 0 ? 'none' : json.error.code)
const evidenceOf = (receipt: Loose) => receipt['granary:evidence']
/** A receipt that follows wholly from altered evidence. */
function derived(receipt: Loose, change: (evidence: Loose) => void): Loose {
  const evidence = structuredClone(evidenceOf(receipt))
  change(evidence)
  for (const { message } of evidence.events) message.deadline = BigInt(message.deadline ?? 0)
  return new TextDecoder().decode(consentReceiptBytes(deriveConsentReceipt(evidence)))
}

describe('GET /v1/datasets/{id}/consents', () => {
  it('refuses a dataset that is not there', async () => {
    const answer = await call(world, 'GET', `/v1/datasets/0x${'1'.repeat(64)}/consents`)
    expect(refusal(answer)).toBe('404 DATASET_UNKNOWN')
  })

  it('refuses more than fifty at once', async () => {
    expect(refusal(await call(world, 'GET', `/v1/datasets/${id}/consents?limit=51`))).toBe(
      '400 VALIDATION_FAILED',
    )
  })

  it('answers what was signed, page by page', async () => {
    const other = (await contributeBytes(alice, bytes('pages'), terms(['retrieval']))).id
    await alice.client.datasets.updateConsent(other, { purposes: ['evaluation'], expires: null, ask: true })
    await alice.client.datasets.withdraw(other)
    const found: ConsentMessageResource[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const { body }: Loose = await call(
        world,
        'GET',
        `/v1/datasets/${other}/consents?limit=1${cursor && `&cursor=${cursor}`}`,
      )
      found.push(...body.items)
      cursor = body.next
    }
    expect(found.map(({ type }) => type)).toEqual(['Contribution', 'ConsentUpdate', 'Withdrawal'])
    expect(found.every(({ signed }) => /^0x[0-9a-f]{130}$/.test(signed?.signature ?? ''))).toBe(true)
  })
})

describe('granary receipt verify', () => {
  it.each<[string, string, (receipt: Loose) => unknown]>([
    [
      'one purpose more in the text',
      'CONSENT_RECEIPT_ALTERED',
      (r) => {
        r['dpv:hasRecordOfActivity']['dpv:hasProcess']['dpv:hasPurpose'].push('dpv:Marketing')
        return r
      },
    ],
    [
      'another purpose than signed',
      'SIGNATURE_INVALID',
      (r) =>
        derived(r, (e) => {
          e.events[0].message.purposes = 1
        }),
    ],
    [
      'another chain than signed for',
      'SIGNATURE_INVALID',
      (r) =>
        derived(r, (e) => {
          e.contracts.chainId = 1
        }),
    ],
    ['a field of its own', 'CONSENT_RECEIPT_ALTERED', (r) => ({ ...r, 'dct:title': 'Genuine' })],
    [
      'a field that stands there twice',
      'CONSENT_RECEIPT_INVALID',
      (r) => JSON.stringify(r).replace('"@type":', '"@type":"dpv:ConsentReceipt","@type":'),
    ],
    ['something else', 'CONSENT_RECEIPT_INVALID', () => '%PDF-1.7'],
    [
      'a version of tomorrow',
      'VERSION_UNKNOWN',
      (r) => ({ ...r, 'granary:evidence': { ...evidenceOf(r), version: 'granary/consent-receipt/v9' } }),
    ],
  ])('refuses %s', async (_what, code, change) => {
    expect(codeOf(await verify(write(change(read(genuine)))))).toBe(code)
  })

  it('refuses what somebody else signed', async () => {
    const receipt = read(genuine)
    const { message } = evidenceOf(receipt).events[0]
    const own = { ...message, deadline: BigInt(message.deadline) }
    const signature = await signMessage(mallory.wallet, 'Contribution', own, world.deployment)
    const forged = derived(receipt, (e) => {
      e.events[0].signature = signature
    })
    expect(codeOf(await verify(write(forged)))).toBe('SIGNATURE_INVALID')
    const disguised = derived(receipt, (e) => {
      Object.assign(e.events[0], { signature, signedBy: 'wallet' })
    })
    expect(codeOf(await verify(write(disguised)))).toBe('CONSENT_RECEIPT_NEEDS_CHAIN')
    expect(codeOf(await onChain(write(disguised)))).toBe('CONSENT_RECEIPT_NOT_ON_CHAIN')
  })

  it('refuses a huge file without reading it, a folder, and a file that is not there', async () => {
    const huge = write('')
    truncateSync(huge, 10_000_000_000)
    expect(codeOf(await verify(huge))).toBe('CONSENT_RECEIPT_TOO_LARGE')
    expect(codeOf(await verify(cli.home))).toBe('FILE_UNREADABLE')
    expect(codeOf(await verify(cli.file('nothing')))).toBe('FILE_UNREADABLE')
  })

  it('takes a receipt where nothing can be reached, and says what it says', async () => {
    const run = await verify(genuine)
    expect(run.json).toMatchObject({
      dataset: id,
      owner: alice.address,
      chainId: 31337,
      title: 'diary.csv',
      purposes: ['fine-tuning', 'commercial'],
      ask: false,
      withdrawn: false,
      signedBy: 'key',
      onChain: false,
    })
    expect(run.code).toBe(0)
  })

  it('refuses with --on-chain a transaction, a time and terms that the chain does not have', async () => {
    const receipt = read(genuine)
    const claims: [string, (e: Loose) => void][] = [
      [
        'CONSENT_RECEIPT_NOT_ON_CHAIN',
        (e) => Object.assign(e.events[0], { transaction: `0x${'1'.repeat(64)}` }),
      ],
      [
        'CONSENT_RECEIPT_NOT_ON_CHAIN',
        (e) => Object.assign(e.events[0], { time: '2020-01-01T00:00:00.000Z' }),
      ],
      ['CONSENT_RECEIPT_NOT_ON_CHAIN', (e) => Object.assign(e.events[0], { block: 1 })],
      ['CONSENT_RECEIPT_NOT_ON_CHAIN', (e) => Object.assign(e, { terms: `0x${'2'.repeat(64)}` })],
      ['CONSENT_RECEIPT_OTHER_NETWORK', (e) => Object.assign(e.contracts, { timelock: mallory.address })],
    ]
    for (const [code, change] of claims) {
      const file = write(derived(receipt, change))
      expect(codeOf(await verify(file))).toBe('none')
      expect(codeOf(await onChain(file))).toBe(code)
    }
  })

  it('refuses with --on-chain a change that was signed but never taken', async () => {
    const receipt = read(genuine)
    const now = Math.floor(Date.now() / 1000)
    const update = {
      dataset: id,
      purposes: 1,
      expires: 0,
      ask: false,
      issued: now,
      deadline: BigInt(now + 60),
    }
    const signature = await signMessage(alice.wallet, 'ConsentUpdate', update, world.deployment)
    const longer = derived(receipt, (e) => {
      const { message: _, ...place } = e.events[0]
      const message = messageToJson('ConsentUpdate', update)
      e.events.push({ ...place, type: 'ConsentUpdate', message, signature })
    })
    expect(codeOf(await verify(write(longer)))).toBe('none')
    expect(codeOf(await onChain(write(longer)))).toBe('CONSENT_RECEIPT_NOT_ON_CHAIN')
  })

  it('says with --on-chain that a receipt is current, and after a change that it is not', async () => {
    const first = genuine
    expect((await onChain(first)).json).toMatchObject({ current: true, withdrawnNow: false, onChain: true })
    await alice.client.datasets.updateConsent(id, { purposes: ['evaluation'], expires: null, ask: true })
    expect((await onChain(first)).json).toMatchObject({ current: false, withdrawnNow: false })

    const second = await get(id)
    expect((await onChain(second)).json).toMatchObject({ purposes: ['evaluation'], ask: true, current: true })
    expect(read(second)['dpv:hasRecordOfActivity']['dpv:hasConsentStatus']).toHaveLength(2)

    await alice.client.datasets.withdraw(id)
    expect((await onChain(second)).json).toMatchObject({ current: false, withdrawnNow: true })
    const third = await get(id)
    expect((await verify(third)).json).toMatchObject({ withdrawn: true })
    expect((await onChain(third)).json).toMatchObject({ withdrawn: true, current: true })
  })

  it('cannot tell of a contract wallet’s signature by itself, and can by the chain', async () => {
    const file = await get(shared)
    expect(codeOf(await verify(file))).toBe('CONSENT_RECEIPT_NEEDS_CHAIN')
    expect((await onChain(file)).json).toMatchObject({
      owner: family.address,
      signedBy: 'wallet',
      current: true,
    })
  })

  it('overwrites nothing', async () => {
    const file = await get(shared)
    const again = await cli.run(undefined, 'receipt', 'get', shared, '--out', file)
    expect(codeOf(again)).toBe('FILE_EXISTS')
    const other = cli.file('other.jsonld')
    expect(codeOf(await cli.run(undefined, 'receipt', 'get', `0x${'1'.repeat(64)}`, '--out', other))).toBe(
      'DATASET_UNKNOWN',
    )
  })
})

it('a receipt is made, too, of messages that went to the chain past the API', async () => {
  const other = (await contributeBytes(alice, bytes('by hand'), terms(['fine-tuning']))).id
  const dataset = await alice.client.datasets.get(other)
  const message = { owner: alice.address, content: dataset.content }
  const signature = await signMessage(alice.wallet, 'Withdrawal', message, world.deployment)
  const registry = world.contract('datasetRegistry').connect(courier) as ReturnType<typeof world.contract>
  await (await registry.getFunction('withdraw')([message, message], [signature, signature])).wait()
  await waitFor('the withdrawal', async () => (await alice.client.datasets.get(other)).withdrawn)
  const file = await get(other)
  expect((await verify(file)).json).toMatchObject({ withdrawn: true })
  expect((await onChain(file)).json).toMatchObject({ withdrawn: true, current: true })
})
