import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { Loop, pauseOf } from './loop.js'

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await wait(5)
}

describe('Loop', () => {
  it('goes on at once while there is more, never twice at a time, and ends with the step under way', async () => {
    let steps = 0
    let under = 0
    const loop = new Loop(
      60_000,
      async () => {
        under += 1
        expect(under).toBe(1)
        await wait(5)
        under -= 1
        steps += 1
        return steps < 3
      },
      () => {},
    )
    loop.start()
    loop.start()
    await until(() => steps >= 3)
    await wait(50)
    expect(steps).toBe(3)
    loop.poke()
    await until(() => steps >= 4)
    await loop.stop()
    expect(under).toBe(0)
  })

  it.each([10, 10_000, 10_001, 3_600_000])('of %i ms keeps to them while nothing fails', (interval) => {
    expect(pauseOf(interval, 0)).toBe(interval)
  })

  it.each([500, 15_000, 3_600_000])(
    'of %i ms tries again within ten seconds after any number of failures',
    (interval) => {
      for (const failures of [1, 5, 10, 1_000]) {
        expect(pauseOf(interval, failures)).toBeGreaterThanOrEqual(interval > 2_500 ? 5_000 : interval)
        expect(pauseOf(interval, failures)).toBeLessThanOrEqual(10_000)
      }
    },
  )

  it('hears of failures and tries again, later each time', async () => {
    const interval = 10
    const failed: number[] = []
    const loop = new Loop(
      interval,
      async () => {
        throw new Error('no')
      },
      () => failed.push(performance.now()),
    )
    loop.start()
    await until(() => failed.length >= 4)
    await loop.stop()
    const pauses = failed.slice(1, 4).map((time, place) => time - failed[place]!)
    // Half of it is left to chance, and a timer may be a millisecond early.
    for (const [place, pause] of pauses.entries())
      expect(pause).toBeGreaterThan((interval * 2 ** (place + 1)) / 2 - 2)
  })
})
