import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { GranaryError } from './errors.js'
import { readJson } from './i-json.js'

const read = (text: string, depth = 4) => readJson(new TextEncoder().encode(text), depth)
const codeOf = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    return error instanceof GranaryError ? error.code : error
  }
  return null
}

describe('a body', () => {
  it.each([
    ['nothing', ''],
    ['half of it', '{"a":'],
    ['two values', '{} {}'],
    ['a comma too many', '[1,]'],
    ['a name twice', '{"a":1,"a":2}'],
    ['a name twice, once escaped', String.raw`{"a":1,"\u0061":2}`],
    ['a name twice further in', '[{"b":{"a":1,"c":[],"a":2}}]'],
    ['a prototype', '{"__proto__":{"admin":true}}'],
    ['a constructor', '{"constructor":{"prototype":{"admin":true}}}'],
    ['an escaped prototype', String.raw`{"\u005f_proto__":1}`],
    ['U+0000', String.raw`{"a":"\u0000"}`],
    ['U+0000 in a name', String.raw`{"\u0000":1}`],
    ['the first half of a pair', String.raw`["\ud83d"]`],
    ['the second half of a pair', String.raw`["\ude00x"]`],
    ['the halves in wrong order', String.raw`["\ude00\ud83d"]`],
    ['one level too many', '[[[[[1]]]]]'],
    ['one level too many of objects', '{"a":{"a":{"a":{"a":{}}}}}'],
  ])('with %s is refused', (_, text) => {
    expect(codeOf(() => read(text))).toBe('MALFORMED_JSON')
  })

  it('that is not UTF-8 is refused', () => {
    expect(codeOf(() => readJson(new Uint8Array([0x22, 0xff, 0x22]), 4))).toBe('MALFORMED_JSON')
  })

  it('may have as many levels as are allowed, and the same name in different objects', () => {
    expect(read('[[[[1]]]]')).toEqual([[[[1]]]])
    expect(read('[{"a":1},{"a":{"a":"a"}}]')).toEqual([{ a: 1 }, { a: { a: 'a' } }])
    expect(read(String.raw`{"a:\"{[":"\ud83d\ude00 }]"}`)).toEqual({ 'a:"{[': '😀 }]' })
  })

  it('of any other JSON is what JSON.parse makes of it', () => {
    const value = fc.jsonValue({ maxDepth: 3 }).filter((it) => !JSON.stringify(it).includes('\\u0000'))
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 2), (it, space) => {
        const text = JSON.stringify(it, null, space)
        if (/\\u[dD][89a-fA-F]/.test(text) || /__proto__|constructor/.test(text)) return
        expect(read(text, 10)).toEqual(JSON.parse(text))
      }),
    )
  })

  it('of a megabyte is read in a moment, whatever it is made of', () => {
    const depth = `${'['.repeat(500_000)}${']'.repeat(500_000)}`
    const texts = [depth, `"${'\\"'.repeat(500_000)}"`, `[${'1,'.repeat(500_000)}1]`, ' '.repeat(1_000_000)]
    const started = Date.now()
    for (const text of texts) codeOf(() => read(text))
    expect(Date.now() - started).toBeLessThan(3_000)
  })
})
