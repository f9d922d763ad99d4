import { describe, expect, it } from '@jest/globals'
import { Interface } from 'ethers'
import { rewardPoolAbi } from './abi/index.js'
import { documentDigest, parseDocument } from './document.js'
import { SETTLEMENT_VERSION, type SettlementDocument, settlementDocumentSchema } from './documents/index.js'
import type { Address, Hex } from './hex.js'
import { settlementInCall, settlementOf } from './settlement.js'

const word = (digit: string) => `0x${digit.repeat(64)}` as Hex
const account = `0x${'1'.repeat(40)}` as Address
const use = (request: Hex, price: string) => ({
  request,
  dataset: word('d'),
  owner: account,
  price,
  earned: '1',
  receipts: [0, 1],
})
const document: SettlementDocument = {
  version: SETTLEMENT_VERSION,
  chainId: 31_337,
  number: 7,
  epoch: 2,
  previousDocument: word('6'),
  treasury: account,
  uses: [use(word('b'), '5'), use(word('a'), '3'), use(word('b'), '2')],
  receipts: [],
  leaves: [],
  finals: [word('c'), word('a')],
  root: word('e'),
  total: '10',
}
const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))

describe('the settlement that a document stands for', () => {
  it('adds up by request, in order', () => {
    expect(settlementOf(document, word('9'))).toEqual({
      number: 7n,
      epoch: 2,
      root: word('e'),
      total: 10n,
      document: word('9'),
      previousDocument: word('6'),
      spending: [
        { request: word('a'), amount: 3n },
        { request: word('b'), amount: 7n },
      ],
      finals: [word('a'), word('c')],
    })
  })

  it('is found in the calldata of its transaction, and in no other', () => {
    const rewardPool = new Interface(rewardPoolAbi)
    const settlement = settlementOf(document, word('9'))
    expect(settlementInCall(rewardPool.encodeFunctionData('settle', [settlement, []]))).toEqual(settlement)
    expect(settlementInCall(rewardPool.encodeFunctionData('giveBack', [settlement]))).toBeUndefined()
    for (const data of ['0x', '0x12345678', word('1')]) expect(settlementInCall(data)).toBeUndefined()
  })
})

describe('how often was voided, in a settlement document', () => {
  const parse = (value: unknown) => parseDocument(settlementDocumentSchema, bytesOf(value))

  it('is left out for never, so that documents from before keep their bytes', async () => {
    expect(parse(document)).toEqual(document)
    expect(() => parse({ ...document, voidings: 0 })).toThrow(
      expect.objectContaining({ code: 'DOCUMENT_INVALID' }),
    )
  })

  it('makes another document of the same facts', async () => {
    const digests = await Promise.all(
      [document, { ...document, voidings: 1 }, { ...document, voidings: 2 }].map(
        async (one) => (await documentDigest(parse(one))).digest,
      ),
    )
    expect(new Set(digests).size).toBe(3)
  })
})
