import type { InboxItem } from '@granary/protocol'
import { describe, expect, it } from '@jest/globals'
import { byTrainer, sumOf } from './group.js'

const item = (trainer: string, dataset: string, status: InboxItem['status'] = 'pending') =>
  ({ dataset, status, request: { id: `of ${trainer}`, trainer } }) as unknown as InboxItem

describe('byTrainer', () => {
  it('puts those first that are favoured and wait, and last those of whom nothing waits', () => {
    const items = [
      item('done', 'a', 'granted'),
      item('new', 'b'),
      item('friend', 'c'),
      item('new', 'd', 'refused'),
    ]
    const groups = byTrainer(items, (trainer) => trainer === 'friend' || trainer === 'done')
    expect(groups.map(({ trainer }) => trainer)).toEqual(['friend', 'new', 'done'])
    expect(groups[1]!.items.map(({ dataset }) => dataset)).toEqual(['b', 'd'])
    expect(groups[1]!.waiting.map(({ dataset }) => dataset)).toEqual(['b'])
  })

  it('of nothing is nothing', () => expect(byTrainer([], () => true)).toEqual([]))
})

it('sumOf adds beyond what a number holds', () => {
  expect(sumOf(['9007199254740993', '1'])).toBe('9007199254740994')
  expect(sumOf([])).toBe('0')
})
