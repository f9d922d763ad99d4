import { describe, expect, it } from '@jest/globals'
import { age, amount, bytes, count, dayValue, short } from './format.js'

const token = { symbol: 'gUSD', decimals: 18 }

describe('amount', () => {
  it.each([
    ['0', '0 gUSD'],
    ['1', '0.000000000000000001 gUSD'],
    ['850000000000000000', '0.85 gUSD'],
    ['1234567000000000000000', '1,234.567 gUSD'],
    ['999999999999999999', '0.9999 gUSD'],
    ['1000000000000000000000000', '1,000,000 gUSD'],
    ['12300000000000', '0.000012 gUSD'],
  ])('%s is %s', (smallest, text) => expect(amount(smallest, token)).toBe(text))

  it('takes a token without decimals', () => expect(amount('42', { symbol: 'X', decimals: 0 })).toBe('42 X'))
})

describe('bytes', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1.0 kB'],
    [999_499, '999 kB'],
    [999_999, '1.0 MB'],
    [52_428_800, '52 MB'],
  ])('%d is %s', (size, text) => expect(bytes(size)).toBe(text))
})

it('shortens addresses and counts in words', () => {
  expect(short('0x1234567890abcdef1234567890abcdef12345678')).toBe('0x1234…5678')
  expect(count(1, 'dataset')).toBe('1 dataset')
  expect(count(1200, 'use')).toBe('1,200 uses')
  expect(dayValue(new Date(2028, 0, 5))).toBe('2028-01-05')
})

describe('age', () => {
  it('is said in the largest unit that has passed once', () => {
    expect([0, 1, 59, 60, 119, 200, 3_599, 3_600, 86_399, 200_000].map(age)).toEqual([
      '0 seconds',
      '1 second',
      '59 seconds',
      '1 minute',
      '1 minute',
      '3 minutes',
      '59 minutes',
      '1 hour',
      '23 hours',
      '2 days',
    ])
  })
})
