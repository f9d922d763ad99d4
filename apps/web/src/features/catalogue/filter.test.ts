import { DATASET_FORMATS, DATASET_ORDERS, PURPOSES } from '@granary/protocol'
import { describe, expect, it } from '@jest/globals'
import { isPicky, queryOf, readFilter, writeFilter } from './filter.js'
import * as names from './names.js'

describe('the filter in an address', () => {
  it.each([
    '',
    'q=sleep+diary&pool=3&purposes=fine-tuning%2Ccommercial&format=csv%2Cjson&ask=no&minSize=0&maxSize=10000&since=2026-01-31&sort=largest',
  ])('comes back as it was: %s', (search) => expect(writeFilter(readFilter(search))).toBe(search))

  it.each([
    ['pool=0', ''],
    ['pool=70000&pool=1', ''],
    ['pool=-1', ''],
    ['purposes=world-domination,evaluation,evaluation', 'purposes=evaluation'],
    ['format=exe', ''],
    ['ask=maybe', ''],
    ['minSize=1e9', ''],
    ['since=2026-99-99', ''],
    ['since=2026-02-30', ''],
    ['sort=best', ''],
    ['limit=9999&owner=0x12&cursor=abc', ''],
  ])('passes over what is none: %s', (search, left) => expect(writeFilter(readFilter(search))).toBe(left))

  it('asks for what can be requested now, in no order of its own', () => {
    expect(queryOf(readFilter('q=a&sort=largest'))).toBe('q=a&status=active')
    expect(queryOf(readFilter(''))).toBe('status=active')
  })

  it('knows what a request says by itself', () => {
    expect(isPicky(readFilter('pool=1&purposes=evaluation&sort=oldest'))).toBe(false)
    expect(isPicky(readFilter('pool=1&ask=no'))).toBe(true)
  })
})

it('knows the names that the API knows', () => {
  expect(names.DATASET_FORMATS).toEqual(DATASET_FORMATS)
  expect(names.DATASET_ORDERS).toEqual(DATASET_ORDERS)
  const offered = PURPOSES.filter((purpose) => !purpose.reserved)
  expect([...names.PURPOSES].sort()).toEqual(offered.map(({ name }) => name).sort())
})
