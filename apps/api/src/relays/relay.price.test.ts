import { describe, expect, it } from '@jest/globals'
import { fromGwei, higherPrice, isTooCheap, priceOf } from './relay.price.js'

const market = (base: bigint | null, tip = 2n) => ({ base, tip, price: 10n })
const sent = (maxFeePerGas: bigint | null, tip: bigint | null = 2n) => ({
  maxFeePerGas,
  maxPriorityFeePerGas: maxFeePerGas === null ? null : tip,
  gasPrice: maxFeePerGas === null ? 100n : null,
})

describe('priceOf', () => {
  it('waits when the next block asks more than the limit, and not when it asks exactly that', () => {
    expect(priceOf(market(99n), 100n)).toBeNull()
    expect(priceOf(market(98n), 100n)).toEqual({ maxPriorityFeePerGas: 2n, maxFeePerGas: 100n })
    expect(priceOf({ ...market(null), price: 101n }, 100n)).toBeNull()
    expect(priceOf({ ...market(null), price: 100n }, 100n)).toEqual({ gasPrice: 100n })
  })

  it('leaves room for the base fee to double', () => {
    expect(priceOf(market(10n), 100n)).toEqual({ maxPriorityFeePerGas: 2n, maxFeePerGas: 22n })
  })
})

describe('higherPrice', () => {
  it('is none when the limit leaves no room for what nodes want, or the next block asks more', () => {
    expect(higherPrice(sent(100n), market(10n), 110n)).toBeNull()
    expect(higherPrice(sent(100n), market(200n), 150n)).toBeNull()
    expect(higherPrice(sent(null), market(null), 110n)).toBeNull()
  })

  it('is a quarter more with twice the tip, or what the market asks if that is more', () => {
    expect(higherPrice(sent(100n), market(10n), 1000n)).toEqual({
      maxFeePerGas: 126n,
      maxPriorityFeePerGas: 4n,
    })
    expect(higherPrice(sent(100n), market(200n), 1000n)).toEqual({
      maxFeePerGas: 404n,
      maxPriorityFeePerGas: 4n,
    })
    expect(higherPrice(sent(100n), market(10n), 111n)).toMatchObject({ maxFeePerGas: 111n })
    expect(higherPrice(sent(null), market(null), 1000n)).toEqual({ gasPrice: 126n })
  })

  it('never has a tip above the fee', () => {
    const { maxFeePerGas, maxPriorityFeePerGas } = higherPrice(sent(10n, 9n), market(1n), 12n)!
    expect(maxPriorityFeePerGas).toBeLessThanOrEqual(maxFeePerGas as bigint)
  })
})

describe('isTooCheap', () => {
  it('is what the base fee has passed', () => {
    expect(isTooCheap(sent(100n), market(101n))).toBe(true)
    expect(isTooCheap(sent(100n), market(100n))).toBe(false)
    expect(isTooCheap(sent(null), market(null))).toBe(false)
  })
})

describe('fromGwei', () => {
  it('knows parts of one', () => {
    expect(fromGwei(500)).toBe(500n * 10n ** 9n)
    expect(fromGwei(0.05)).toBe(50_000_000n)
  })
})
