import { describe, expect, it } from '@jest/globals'
import { parseRange, rangeOf } from './content.range.js'

describe('parseRange', () => {
  it.each<[string | undefined, { offset: number; length: number } | null]>([
    [undefined, null],
    ['bytes=0-0', { offset: 0, length: 1 }],
    ['bytes=90-', { offset: 90, length: 10 }],
    ['bytes=-10', { offset: 90, length: 10 }],
    ['bytes=-1000', { offset: 0, length: 100 }],
    ['bytes=0-1000', { offset: 0, length: 100 }],
    ['bytes=-', null],
    ['bytes=9-5', null],
    ['bytes=0-1,5-6', null],
    ['items=0-1', null],
  ])('reads %s', (header, expected) => {
    expect(parseRange(header, 100)).toEqual(expected)
  })

  it.each(['bytes=100-', 'bytes=-0'])('refuses %s of 100 bytes', (header) => {
    expect(() => parseRange(header, 100)).toThrow(expect.objectContaining({ code: 'RANGE_NOT_SATISFIABLE' }))
  })
})

describe('rangeOf', () => {
  it('takes a range of this very content only', () => {
    const range = 'bytes=0-9'
    expect(rangeOf({ range }, '"a"')).toBe(range)
    expect(rangeOf({ range, 'if-range': '"a"' }, '"a"')).toBe(range)
    for (const other of ['"b"', 'W/"a"', 'Fri, 27 Nov 2026 02:00:00 GMT'])
      expect(rangeOf({ range, 'if-range': other }, '"a"')).toBeUndefined()
  })
})
