import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { englishTables, textsOf, translatedTables } from '../support/message-tables.js'
import { visibleText } from '../support/visible-text.js'

const WEB = join(import.meta.dirname, '../../apps/web/src')
const files = readdirSync(WEB, { recursive: true, encoding: 'utf8' }).sort()

describe('texts in components', () => {
  it.each([
    ['<p>Hello</p>', ['1: Hello']],
    ['<p>{"Hello"}</p>', ['1: Hello']],
    ['<p>{ok ? `Hello $' + '{name}` : more && "Goodbye"}</p>', ['1: Hello', '1: Goodbye']],
    ['<p>{"one " + count}</p>', ['1: one']],
    ['<input aria-label="Amount" placeholder={found ?? "None"} />', ['1: Amount', '1: None']],
    ['<img alt="An ear" title={ok ? "Yes" : undefined} />', ['1: An ear', '1: Yes']],
    ['(document.title = "Granary, a page")', ['1: Granary, a page']],
    ['<p className="text" id="what" data-tone="good">{text.hello} · {text.count(3)} – </p>', []],
    ['<p>{text.held(count(n, "copy", "copies"))}</p>', ['1: copy', '1: copies']],
    ['<p>Granary</p>', []],
    ['<a href="/data" role="link" type="button">{kind === "own" ? text.own : text.other}</a>', []],
  ])('are found: %s', (source, found) => expect(visibleText(`const x = ${source}`)).toEqual(found))

  it.each(files.filter((name) => name.endsWith('.tsx')))('are in message files: %s', (name) => {
    expect(visibleText(readFileSync(join(WEB, name), 'utf8'), name)).toEqual([])
  })
})

describe('French', () => {
  const read = (name: string) => readFileSync(join(WEB, name), 'utf8')
  const english = new Map(
    files
      .filter((name) => /\.ts$/.test(name) && !/\.(?:fr|test)\.ts$/.test(name) && name !== 'lib/language.ts')
      .flatMap((name) => [...englishTables(read(name), name)]),
  )
  const french = new Map(
    files
      .filter((name) => name.endsWith('.fr.ts'))
      .flatMap((name) => [...translatedTables(read(name), name)]),
  )

  it('is missed where a key is, in whatever way the table is written', () => {
    const table =
      "const names = { a: '' }\nexport const x = texts('x', { a: '', b: { c: [{ d: '' }, ''] }, e: (n) => n })"
    expect([...englishTables(`${table}\nexport const y = texts<T>('y', names)`)]).toEqual([
      ['x', ['a', 'b.c.0.d', 'b.c.1', 'e']],
      ['y', ['a']],
    ])
    const translated = "export default { 'x': { a: '', 'f-g': '' } satisfies typeof x, y: {} as T }"
    expect([...translatedTables(translated)]).toEqual([
      ['x', ['a', 'f-g']],
      ['y', []],
    ])
  })

  it('is there for every table of texts', () => {
    expect(english.size).toBeGreaterThan(15)
    expect([...english.keys()].filter((name) => !french.has(name))).toEqual([])
    expect([...french.keys()].filter((name) => !english.has(name))).toEqual([])
  })

  it.each([...english])('has every key of %s', (name, keys) => {
    const translated = french.get(name) ?? []
    expect(keys.filter((key) => !translated.includes(key))).toEqual([])
  })

  it.each(files.filter((name) => name.endsWith('.fr.ts')))('is set as French is: %s', (name) => {
    // No-break spaces before high punctuation and within guillemets, and no straight apostrophe between letters.
    const odd = /[^\s\u00a0\u202f:/][;?!»](?!\w)| [;:?!»%](?!\w)|« |«\w|\p{L}'\p{L}|\p{L}:(?= |$)/u
    expect(textsOf(read(name), name).filter((text) => odd.test(text))).toEqual([])
  })

  it.each([...files.filter((name) => /messages\.ts$/.test(name))])(
    'has no text left out of its tables: %s',
    (name) => {
      // What is no table of texts cannot be translated: `export const x = { … }` without `texts`.
      const bare = /^export const \w+(?::[^=]+)? = (?:\{|\[|['"`])/m
      expect(bare.exec(read(name))?.[0]).toBeUndefined()
    },
  )
})
