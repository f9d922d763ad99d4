import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { Loop } from './loop.js'

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
    await wait(100)
    expect(steps).toBe(3)
    loop.poke()
    await wait(30)
    expect(steps).toBe(4)
    await loop.stop()
    expect(under).toBe(0)
  })

  it('hears of failures and tries again, later each time', async () => {
    const errors: unknown[] = []
    const loop = new Loop(
      10,
      async () => {
        throw new Error('no')
      },
      (error) => errors.push(error),
    )
    loop.start()
    await wait(200)
    await loop.stop()
    expect(errors.length).toBeGreaterThan(1)
    expect(errors.length).toBeLessThan(8)
  })
})
