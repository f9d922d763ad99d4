import { describe, expect, it } from '@jest/globals'
import { Wallet } from 'ethers'
import { rejectionOf, vectors } from '../../testing/vectors.js'
import type { Deployment } from '../deployment.js'
import type { Hex } from '../hex.js'
import { messageSchema, signMessage } from '../messages/index.js'
import {
  type ConsentReceipt,
  consentEvidenceSchema,
  consentReceiptBytes,
  deriveConsentReceipt,
  MAX_CONSENT_RECEIPT_BYTES,
  verifyConsentReceipt,
} from './index.js'

// biome-ignore lint/suspicious/noExplicitAny: receipts are changed here at any place
type Loose = any

interface Vectors {
  dataset: Hex
  owner: Hex
  otherKey: Hex
  cases: { name: string; receipt: Loose }[]
}

const known = vectors<Vectors>('consent-receipts')
const named = (name: string): Loose => known.cases.find((one) => one.name === name)!.receipt
const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const evidenceOf = (receipt: Loose) => consentEvidenceSchema.parse(receipt['granary:evidence'])

/** What Mallory makes of a receipt: everything in it follows from altered evidence, signatures as they were. */
function derived(name: string, change: (evidence: Loose) => void): ConsentReceipt {
  const evidence = structuredClone(named(name)['granary:evidence'])
  change(evidence)
  return deriveConsentReceipt(consentEvidenceSchema.parse(evidence))
}

/** The receipt with its text changed and its evidence as it was. */
function altered(name: string, change: (receipt: Loose) => void): Loose {
  const receipt = structuredClone(named(name))
  change(receipt)
  return receipt
}

const record = (receipt: Loose) => receipt['dpv:hasRecordOfActivity']

describe('a consent receipt', () => {
  it.each(known.cases.map(({ name, receipt }) => [name, receipt] as const))(
    'of a dataset that was %s is the one of the vectors',
    async (_name, receipt) => {
      expect(deriveConsentReceipt(evidenceOf(receipt))).toEqual(receipt)
      const verified = await verifyConsentReceipt(bytesOf(receipt))
      expect(verified).toMatchObject({ dataset: known.dataset, owner: known.owner, signedBy: 'key' })
      expect(verified.withdrawn).toBe(_name.includes('withdrawn') && !_name.includes('until'))
      await verifyConsentReceipt(consentReceiptBytes(receipt))
    },
  )

  it('says what is allowed now: the last change', async () => {
    const { purposes, ask, expires } = await verifyConsentReceipt(bytesOf(named('changed and withdrawn')))
    expect({ purposes, ask, expires }).toEqual({ purposes: ['evaluation'], ask: true, expires: 0 })
  })

  it('may be indented in any way', async () => {
    await verifyConsentReceipt(new TextEncoder().encode(JSON.stringify(named('given'), null, '\t')))
  })
})

describe('a consent receipt is refused', () => {
  const purposes = (receipt: Loose) => record(receipt)['dpv:hasProcess']['dpv:hasPurpose']
  const other = `0x${'1'.repeat(64)}`
  const stranger = '0x00000000000000000000000000000000000000AA'

  it.each<[string, string, () => unknown]>([
    // What it says is changed, what was signed is not.
    ['with one purpose more', 'CONSENT_RECEIPT_ALTERED', () => altered('given', (r) => purposes(r).push(1))],
    ['with one less', 'CONSENT_RECEIPT_ALTERED', () => altered('given', (r) => purposes(r).pop())],
    [
      'with a prohibition less',
      'CONSENT_RECEIPT_ALTERED',
      () => altered('given', (r) => record(r)['dpv:hasProhibition']['dpv:hasPurpose'].pop()),
    ],
    [
      'with a later expiry',
      'CONSENT_RECEIPT_ALTERED',
      () =>
        altered('given', (r) => {
          record(r)['dpv:hasConsentStatus'][0]['dpv:hasDuration']['rdf:value'] = '2099-01-01T00:00:00Z'
        }),
    ],
    [
      'with its withdrawal left out of the text',
      'CONSENT_RECEIPT_ALTERED',
      () => altered('withdrawn', (r) => record(r)['dpv:hasConsentStatus'].pop()),
    ],
    [
      'with another data subject',
      'CONSENT_RECEIPT_ALTERED',
      () =>
        altered('given', (r) => {
          record(r)['dpv:hasDataSubject']['dpv:hasIdentifier'] = stranger
        }),
    ],
    [
      'with a field that it does not have',
      'CONSENT_RECEIPT_ALTERED',
      () => altered('given', (r) => Object.assign(record(r), { 'dpv:hasRecipient': 'everybody' })),
    ],
    [
      'with a field at the top that it does not have',
      'CONSENT_RECEIPT_ALTERED',
      () => ({ ...named('given'), 'dct:title': 'Genuine' }),
    ],
    [
      'with another meaning of its prefixes',
      'CONSENT_RECEIPT_ALTERED',
      () =>
        altered('given', (r) => {
          r['@context'].dpv = 'https://evil.example/dpv#'
        }),
    ],
    // What was signed is changed, and everything else after it.
    [
      'for another purpose than was signed',
      'SIGNATURE_INVALID',
      () =>
        derived('given', (e) => {
          e.events[0].message.purposes = 1
        }),
    ],
    [
      'of another owner than signed',
      'SIGNATURE_INVALID',
      () =>
        derived('given', (e) => {
          e.events[0].message.owner = stranger
        }),
    ],
    [
      'of another chain',
      'SIGNATURE_INVALID',
      () =>
        derived('given', (e) => {
          e.contracts.chainId = 1
        }),
    ],
    [
      'of another registry',
      'SIGNATURE_INVALID',
      () =>
        derived('given', (e) => {
          e.contracts.datasetRegistry = stranger
        }),
    ],
    [
      'with a change that was not signed',
      'SIGNATURE_INVALID',
      () =>
        derived('changed twice', (e) => {
          e.events[2].message.expires = 0
        }),
    ],
    [
      'with the signature of another message',
      'SIGNATURE_INVALID',
      () =>
        derived('changed twice', (e) => {
          e.events[2].signature = e.events[1].signature
        }),
    ],
    [
      'with metadata that was not signed',
      'DOCUMENT_MISMATCH',
      () =>
        derived('given', (e) => {
          e.metadata.title = 'Something else'
        }),
    ],
    [
      'that passes a key’s signature for a contract wallet’s',
      'SIGNATURE_INVALID',
      () =>
        derived('given', (e) => {
          e.events[0].signedBy = 'wallet'
        }),
    ],
    [
      'of a contract wallet, which cannot be checked here',
      'CONSENT_RECEIPT_NEEDS_CHAIN',
      () =>
        derived('given', (e) => {
          e.events[0].signature = '0x1234'
          e.events[0].signedBy = 'wallet'
        }),
    ],
    // What no history looks like.
    [
      'without events',
      'CONSENT_RECEIPT_INVALID',
      () => altered('given', (r) => r['granary:evidence'].events.pop()),
    ],
    [
      'that begins with a change',
      'CONSENT_RECEIPT_INVALID',
      () => altered('changed twice', (r) => r['granary:evidence'].events.shift()),
    ],
    [
      'with two contributions',
      'CONSENT_RECEIPT_INVALID',
      () => altered('given', (r) => r['granary:evidence'].events.push(r['granary:evidence'].events[0])),
    ],
    [
      'whose older change comes last',
      'CONSENT_RECEIPT_INVALID',
      () =>
        altered('changed twice', (r) => r['granary:evidence'].events.push(r['granary:evidence'].events[1])),
    ],
    [
      'with something after its withdrawal',
      'CONSENT_RECEIPT_INVALID',
      () => altered('withdrawn', (r) => r['granary:evidence'].events.push(r['granary:evidence'].events[1])),
    ],
    [
      'with a change of another dataset',
      'CONSENT_RECEIPT_INVALID',
      () =>
        altered('changed twice', (r) => {
          r['granary:evidence'].events[1].message.dataset = other
        }),
    ],
    [
      'with a withdrawal of another dataset',
      'CONSENT_RECEIPT_INVALID',
      () =>
        altered('withdrawn', (r) => {
          r['granary:evidence'].events[1].message.content = other
        }),
    ],
    [
      'for a purpose without meaning',
      'PURPOSES_UNDEFINED',
      () =>
        altered('given', (r) => {
          r['granary:evidence'].events[0].message.purposes = 2 ** 15
        }),
    ],
    [
      'with a field in its evidence that does not exist',
      'CONSENT_RECEIPT_INVALID',
      () => altered('given', (r) => Object.assign(r['granary:evidence'], { more: true })),
    ],
    [
      'with a field in a message that does not exist',
      'CONSENT_RECEIPT_INVALID',
      () => altered('given', (r) => Object.assign(r['granary:evidence'].events[0].message, { more: true })),
    ],
    [
      'of a later version',
      'VERSION_UNKNOWN',
      () =>
        altered('given', (r) => {
          r['granary:evidence'].version = 'granary/consent-receipt/v2'
        }),
    ],
    ['without evidence', 'CONSENT_RECEIPT_INVALID', () => ({ '@type': 'dpv:ConsentReceipt' })],
    ['that is a list', 'CONSENT_RECEIPT_INVALID', () => [named('given')]],
    ['that is a text', 'CONSENT_RECEIPT_INVALID', () => 'receipt'],
    ['that is nothing', 'CONSENT_RECEIPT_INVALID', () => null],
  ])('%s', async (_what, code, make) => {
    expect(await rejectionOf(verifyConsentReceipt(bytesOf(make())))).toBe(code)
  })

  it.each([
    ['that names a field twice', (text: string) => text.replace('{', '{"@type":"dpv:ConsentReceipt",')],
    [
      'that names a field of a message twice',
      (text: string) => text.replace('"pool":1', '"pool":2,"pool":1'),
    ],
    ['that is cut off', (text: string) => text.slice(0, -20)],
    ['that is no JSON', () => 'receipt'],
    ['that is empty', () => ''],
    ['with half a character', (text: string) => text.replace('Pas', '\\ud800')],
    ['that is nested deeply', () => `${'['.repeat(5_000)}${']'.repeat(5_000)}`],
  ])('%s', async (_what, change) => {
    const bytes = new TextEncoder().encode(change(JSON.stringify(named('given'))))
    expect(await rejectionOf(verifyConsentReceipt(bytes))).toBe('CONSENT_RECEIPT_INVALID')
  })

  it('that is huge, before anything of it is read', async () => {
    const huge = new Uint8Array(MAX_CONSENT_RECEIPT_BYTES + 1)
    expect(await rejectionOf(verifyConsentReceipt(huge))).toBe('CONSENT_RECEIPT_TOO_LARGE')
    const most = new Uint8Array(MAX_CONSENT_RECEIPT_BYTES)
    expect(await rejectionOf(verifyConsentReceipt(most))).toBe('CONSENT_RECEIPT_INVALID')
  })

  it('when somebody else signed', async () => {
    const evidence = structuredClone(named('given')['granary:evidence'])
    const { message } = evidence.events[0]
    const mallory = new Wallet(known.otherKey)
    const parsed = messageSchema('Contribution').parse(message)
    const deployment = evidence.contracts as Deployment
    evidence.events[0].signature = await signMessage(mallory, 'Contribution', parsed, deployment)
    const receipt = deriveConsentReceipt(consentEvidenceSchema.parse(evidence))
    expect(await rejectionOf(verifyConsentReceipt(bytesOf(receipt)))).toBe('SIGNATURE_INVALID')
  })
})
