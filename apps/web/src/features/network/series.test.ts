import { describe, expect, it } from '@jest/globals'
import { runningTotal, whole } from './series.js'

const day = (name: string, contributors: number) => ({ day: name, contributors, datasets: 0, uses: 0 })

it('runningTotal begins with what was there before', () => {
  const before = { contributors: 5, datasets: 0, uses: 0 }
  expect(runningTotal([day('2026-11-25', 0), day('2026-11-26', 2)], before, 'contributors')).toEqual([
    { at: '2026-11-25T00:00:00Z', value: 5 },
    { at: '2026-11-26T00:00:00Z', value: 7 },
  ])
  expect(runningTotal([], before, 'contributors')).toEqual([])
})

describe('whole', () => {
  it.each([
    ['0', 18, 0],
    ['1700000000000000000', 18, 1.7],
    ['5', 18, 5e-18],
    ['42', 0, 42],
    ['1000000000000000000000000', 18, 1_000_000],
  ])('%s of %d decimals is %d', (smallest, decimals, value) => expect(whole(smallest, decimals)).toBe(value))
})
