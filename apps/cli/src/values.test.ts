import { describe, expect, it } from '@jest/globals'
import {
  bytes,
  span,
  toAddress,
  toAmount,
  toIds,
  toNumber,
  toPool,
  toPurposes,
  toSeconds,
  toTime,
} from './values.js'

const code = (attempt: () => unknown) => {
  try {
    attempt()
    return undefined
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe('what people type', () => {
  it('refuses what it does not know, each by its own code', () => {
    expect(code(() => toPurposes('fine-tuning,world-domination'))).toBe('PURPOSE_UNKNOWN')
    expect(code(() => toIds('0x12'))).toBe('ARGUMENT_INVALID')
    expect(code(() => toAddress('0x12'))).toBe('ARGUMENT_INVALID')
    expect(code(() => toPool('0'))).toBe('ARGUMENT_INVALID')
    expect(code(() => toAmount('1.5'))).toBe('ARGUMENT_INVALID')
    expect(code(() => toNumber('0'))).toBe('ARGUMENT_INVALID')
    expect(code(() => toNumber('1e3'))).toBe('ARGUMENT_INVALID')
    expect(code(() => toSeconds('soon'))).toBe('ARGUMENT_INVALID')
    expect(code(() => toTime('tomorrow'))).toBe('DATE_INVALID')
    expect(code(() => toTime('2001-01-01'))).toBe('DATE_INVALID')
  })
  it('takes purposes in any order and with spaces', () => {
    expect(toPurposes('commercial, fine-tuning')).toEqual(['fine-tuning', 'commercial'])
  })
  it('takes a day to its end, a moment, and a time from now', () => {
    expect(toTime('2999-12-31').toISOString()).toBe('2999-12-31T23:59:59.000Z')
    expect(toTime('2999-12-31T12:00:00Z').toISOString()).toBe('2999-12-31T12:00:00.000Z')
    expect(Math.abs(toTime('90s').getTime() - Date.now() - 90_000)).toBeLessThan(1_000)
  })
  it('takes seconds in units', () => {
    expect([toSeconds('90'), toSeconds('90s'), toSeconds('24h'), toSeconds('7d')]).toEqual([
      90, 90, 86_400, 604_800,
    ])
  })
  it('shows sizes for people', () => {
    expect([bytes(0), bytes(1023), bytes(1 << 20)]).toEqual(['0 B', '1023 B', '1.0 MiB'])
  })
  it('shows how long something still lasts', () => {
    expect([-5, 1, 120_000, 121_000, 7_200_000, 86_400_000].map(span)).toEqual([
      '0 s',
      '1 s',
      '120 s',
      '3 min',
      '120 min',
      '24 h',
    ])
  })
})
