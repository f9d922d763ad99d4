import { describe, expect, it } from '@jest/globals'
import { parseRange } from './content.range.js'

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
