import { describe, expect, it } from '@jest/globals'
import { FeedAge } from './feed.age.js'

describe('FeedAge', () => {
  it('is the time since the chain was last seen at a height that the tables have', () => {
    const age = new FeedAge()
    for (let second = 0; second <= 60; second++) age.saw(100 + second, second * 1000)
    expect(age.of(160, 60_000)).toBe(0)
    expect(age.of(130, 60_000)).toBe(30_000)
    expect(age.of(99, 60_000)).toBe(60_000)
  })

  it('does not grow while the chain stands still, or before anything was seen', () => {
    const age = new FeedAge()
    expect(age.of(0, 5_000)).toBe(0)
    for (let second = 0; second <= 60; second++) age.saw(100, second * 1000)
    expect(age.of(100, 60_000)).toBe(0)
  })

  it('forgets heights that a chain which went back does not have any more', () => {
    const age = new FeedAge()
    age.saw(100, 0)
    age.saw(90, 1_000)
    expect(age.of(90, 1_500)).toBe(500)
  })

  it('stays small', () => {
    const age = new FeedAge()
    for (let second = 0; second < 100_000; second++) age.saw(second, second * 1000)
    expect(age.of(99_999, 99_999_000)).toBe(0)
    expect(JSON.stringify(age).length).toBeLessThan(100_000)
  })
})
