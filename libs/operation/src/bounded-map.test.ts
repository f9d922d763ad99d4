import { describe, expect, it } from '@jest/globals'
import { BoundedMap } from './bounded-map.js'

describe('a bounded map', () => {
  it('holds as many entries as it may, and for one more forgets the one set longest ago', () => {
    const map = new BoundedMap<string, number>(2).set('a', 1).set('b', 2)
    expect([...map]).toEqual([
      ['a', 1],
      ['b', 2],
    ])
    map.set('c', 3)
    expect([...map.keys()]).toEqual(['b', 'c'])
  })

  it('counts an entry that is set again once, as the newest', () => {
    const map = new BoundedMap<string, number>(2).set('a', 1).set('b', 2).set('a', 3).set('c', 4)
    expect([...map]).toEqual([
      ['a', 3],
      ['c', 4],
    ])
  })

  it('holds nothing where it may hold nothing', () => {
    expect(new BoundedMap<string, number>(0).set('a', 1).size).toBe(0)
  })

  it('stays at its bound however much comes', () => {
    const map = new BoundedMap<number, number>(100)
    for (let i = 0; i < 10_000; i++) map.set(i, i)
    expect(map.size).toBe(100)
    expect(map.get(9_900)).toBe(9_900)
    expect(map.has(9_899)).toBe(false)
  })
})
