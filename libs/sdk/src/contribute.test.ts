import { describe, expect, it } from '@jest/globals'
import { shortName } from './contribute.js'

describe('shortName', () => {
  it('keeps what fits', () => expect(shortName('harvest.csv')).toBe('harvest.csv'))
  it('keeps the ending of what does not, and whole characters', () => {
    const name = shortName(`${'🌾'.repeat(150)}.csv`)
    expect(name.length).toBeLessThanOrEqual(200)
    expect(name).toMatch(/^🌾+\.csv$/u)
  })
})
