import { describe, expect, it } from '@jest/globals'
import { approvedSince, trainerStatus } from './trainer.status.js'

const now = new Date(1_000_000)
const row = { suspended: false, revoked: false, approvedUntil: 0n, applied: false }

describe('trainerStatus', () => {
  it.each([
    ['none', null],
    ['applied', { ...row, applied: true }],
    ['approved', { ...row, approvedUntil: 1_000n }],
    ['ended', { ...row, approvedUntil: 999n }],
    ['ended', { ...row, approvedUntil: 2_000n, revoked: true }],
    ['applied', { ...row, approvedUntil: 2_000n, revoked: true, applied: true }],
    ['suspended', { ...row, approvedUntil: 2_000n, suspended: true }],
  ])('is %s for %j', (expected, given) => {
    expect(trainerStatus(given && { ...given }, now)).toBe(expected)
  })
})

describe('approvedSince', () => {
  const at = (seconds: number, until: number | null) => ({
    time: new Date(seconds * 1000),
    until: until === null ? null : BigInt(until),
  })
  it.each([
    ['never', [], null],
    ['revoked', [at(1, 100), at(5, null)], null],
    ['once', [at(1, 100)], 1],
    ['prolonged in time', [at(1, 100), at(50, 200)], 1],
    ['prolonged at its last second', [at(1, 100), at(100, 200)], 1],
    ['again after it ran out', [at(1, 100), at(101, 200)], 101],
    ['again after it was revoked', [at(1, 100), at(5, null), at(7, 200)], 7],
  ])('%s', (_, events, since) => {
    expect(approvedSince(events)?.getTime() ?? null).toBe(since === null ? null : since * 1000)
  })
})
