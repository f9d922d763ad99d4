import { describe, expect, it } from '@jest/globals'
import type { Config } from '../../config.js'
import { filesARound, nextCheck, nextTry } from './pace.js'

const config = {
  STORAGE_CHECK_INTERVAL_MS: 10_000,
  STORAGE_CHECK_FILES: 5,
  STORAGE_CHECK_PERIOD_SECONDS: 1_000,
  STORAGE_RETRY_SECONDS: 10,
} as Config

describe('the keeper’s pace', () => {
  it('looks at every file again within the period', () => {
    for (let i = 0; i < 200; i += 1) {
      const after = nextCheck(config, 0).getTime()
      expect(after).toBeGreaterThanOrEqual(500_000)
      expect(after).toBeLessThanOrEqual(900_000)
    }
  })

  it('takes more files a round when there are too many for the period', () => {
    expect(filesARound(config, 0)).toBe(5)
    expect(filesARound(config, 250)).toBe(5)
    expect(filesARound(config, 251)).toBe(6)
    expect(filesARound(config, 5_000)).toBe(100)
  })

  it('tries again later and later, but within the period', () => {
    expect([1, 2, 3, 8, 100].map((failures) => nextTry(config, failures, 0).getTime())).toEqual([
      10_000, 20_000, 40_000, 1_000_000, 1_000_000,
    ])
  })
})
