import { describe, expect, it } from '@jest/globals'
import { fitting, walletGas } from './relay.calls.js'

const signed = (bytes: number) => ({ payload: { signature: `0x${'ab'.repeat(bytes)}` } })

describe('a batch', () => {
  it('takes a hundred ordinary signatures', () => {
    expect(fitting(Array.from({ length: 100 }, () => signed(65)))).toHaveLength(100)
  })

  it('leaves for the next one what would make its transaction too long for a node', () => {
    const long = Array.from({ length: 100 }, () => signed(4096))
    expect(fitting(long)).toHaveLength(7)
    expect(fitting([...long.slice(0, 7), signed(65)])).toHaveLength(8)
  })

  it('leaves contract wallets for the next one before they could fill a block, and has gas for those it takes', () => {
    const wallets = Array.from({ length: 100 }, () => ({ payload: { signature: '0x', by: 'wallet' } }))
    expect(fitting(wallets)).toHaveLength(32)
    expect(walletGas(fitting(wallets).map(({ payload }) => payload))).toBe(32 * 150_000)
    expect(walletGas([{ by: 'key' }, {}])).toBe(0)
  })

  it('takes the first one whatever its length, and what has no signature', () => {
    expect(fitting([signed(100_000), signed(65)])).toHaveLength(1)
    expect(fitting([{ payload: {} }, { payload: { signature: '0x' } }])).toHaveLength(2)
    expect(fitting([])).toEqual([])
  })
})
