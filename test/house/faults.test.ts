import { describe, expect, it } from '@jest/globals'
import { randomOf } from '../faults/random.js'
import { KINDS, scheduleOf } from '../faults/schedule.js'

// What `npm run test:faults` says of its seed.

describe('the schedule of faults', () => {
  it('is the same for the same seed, another for another', () => {
    expect(scheduleOf('wheat', 10, KINDS)).toEqual(scheduleOf('wheat', 10, KINDS))
    expect(scheduleOf('wheat', 10, KINDS)).not.toEqual(scheduleOf('rye', 10, KINDS))
  })

  it('begins alike however long the run', () => {
    const long = scheduleOf('wheat', 20, KINDS)
    const short = scheduleOf('wheat', 5, KINDS).filter(({ at }) => at < 280_000)
    expect(long.slice(0, short.length)).toEqual(short)
  })

  it('draws only what is asked for, and all of it in time', () => {
    for (const kind of KINDS) {
      const faults = scheduleOf('wheat', 10, [kind])
      expect(new Set(faults.map((fault) => fault.kind))).toEqual(new Set([kind]))
    }
    expect(new Set(scheduleOf('wheat', 20, KINDS).map(({ kind }) => kind)).size).toBe(KINDS.length)
  })

  it('is over before the end, and meets nobody twice at a time', () => {
    for (const seed of ['1', '2', 'wheat', 'ein Same']) {
      const until = new Map<string, number>()
      for (const { at, ms, targets } of scheduleOf(seed, 10, KINDS)) {
        expect(at + ms).toBeLessThanOrEqual(600_000)
        for (const target of targets) {
          expect(until.get(target) ?? 0).toBeLessThanOrEqual(at)
          until.set(target, at + ms)
        }
      }
    }
  })
})

describe('random numbers of a seed', () => {
  it('lie where they should, and differ between children', () => {
    const random = randomOf('barley')
    const drawn = Array.from({ length: 1_000 }, () => random.whole(3, 7))
    expect([...new Set(drawn)].sort()).toEqual([3, 4, 5, 6, 7])
    expect(random.bytes(5)).toHaveLength(5)
    const [one, same, other] = ['a', 'a', 'b'].map((name) => randomOf('barley').child(name).bytes(16))
    expect(one).toEqual(same)
    expect(one).not.toEqual(other)
  })
})
