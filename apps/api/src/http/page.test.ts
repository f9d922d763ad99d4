import { describe, expect, it } from '@jest/globals'
import { decodeCursor, encodeCursor, POSITION, toPage } from './page.js'

describe('cursors', () => {
  it('give back the place that was put in', () => {
    expect(decodeCursor(encodeCursor(12n, '0xab'), POSITION, /^0x/)).toEqual(['12', '0xab'])
    expect(decodeCursor(undefined, POSITION)).toBeNull()
  })

  it.each(['', 'x', encodeCursor('1; DROP TABLE'), encodeCursor(1, 2), encodeCursor('-1')])(
    'refuse %j, which is from no list',
    (cursor) => {
      expect(() => decodeCursor(cursor, POSITION)).toThrow(
        expect.objectContaining({ code: 'CURSOR_INVALID' }),
      )
    },
  )
})

describe('toPage', () => {
  it('names the next page only if there is one', () => {
    const page = (rows: number[]) => toPage(rows, 2, String, (row) => row * 10)
    expect(page([1, 2, 3])).toEqual({ items: [10, 20], next: '2' })
    expect(page([1, 2])).toEqual({ items: [10, 20], next: null })
    expect(page([])).toEqual({ items: [], next: null })
  })
})
