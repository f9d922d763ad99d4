import type { Hex } from '@granary/protocol'
import { describe, expect, it } from '@jest/globals'
import { choose } from './choose.js'

const given = [
  { id: '0x1' as Hex, owner: 'A' },
  { id: '0x2' as Hex, owner: 'B' },
  { id: '0x3' as Hex, owner: 'A' },
]

describe('choose', () => {
  it('takes all, in order, unless told otherwise', () => {
    expect(choose(given, [], null)).toEqual(['0x1', '0x2', '0x3'])
    expect(choose(given, ['B'], null)).toEqual(['0x1', '0x3'])
    expect(choose(given, [], 1)).toEqual(['0x1', '0x2'])
    expect(choose(given, ['A', 'B'], 5)).toEqual([])
  })
})
