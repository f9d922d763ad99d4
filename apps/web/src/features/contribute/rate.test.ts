import { describe, expect, it } from '@jest/globals'
import { Rate, secondsLeft } from './rate.js'

describe('Rate', () => {
  it('knows nothing before it has seen two moments', () => {
    const rate = new Rate()
    expect(rate.perSecond).toBeNull()
    rate.see(5, 0)
    expect(rate.perSecond).toBeNull()
    rate.see(1005, 1000)
    expect(rate.perSecond).toBe(1000)
  })

  it('follows a change slowly, and begins anew when it goes back or rests', () => {
    const rate = new Rate()
    rate.see(0, 0)
    rate.see(1000, 1000)
    rate.see(1000, 2000)
    expect(rate.perSecond).toBeGreaterThan(800)
    for (let second = 3; second < 90; second += 1) rate.see(1000, second * 1000)
    expect(rate.perSecond).toBeLessThan(1)
    rate.see(10, 100_000)
    expect(rate.perSecond).toBeNull()
    rate.see(20, 101_000)
    expect(rate.perSecond).toBe(10)
    rate.rest()
    expect(rate.perSecond).toBeNull()
  })
})

describe('secondsLeft', () => {
  it('says nothing without a speed, or of a time beyond days', () => {
    expect(secondsLeft(100, null)).toBeNull()
    expect(secondsLeft(100, 0)).toBeNull()
    expect(secondsLeft(1e9, 1)).toBeNull()
    expect(secondsLeft(100, 30)).toBe(4)
    expect(secondsLeft(0, 30)).toBe(0)
  })
})
