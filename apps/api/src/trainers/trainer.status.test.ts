import { describe, expect, it } from '@jest/globals'
import { trainerStatus } from './trainer.status.js'

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
