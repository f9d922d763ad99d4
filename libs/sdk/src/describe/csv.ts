import Papa from 'papaparse'
import { type Bytes, type Clock, recognise } from './bytes.js'
import { Column, published } from './columns.js'
import type { Description } from './description.js'
import type { DescribeLimits } from './limits.js'
import { type TextWindow, tailOf } from './text.js'

const DELIMITERS = [',', '\t', ';', '|']
/** Rows by which a table is told from other text. */
const SAMPLE_ROWS = 200
/** Part of the rows that may have another number of cells. */
const RAGGED = 0.05

/** A table of text: its delimiter is found, quoted cells may hold anything. Throws NotRecognised. */
export async function describeCsv(
  bytes: Bytes,
  windows: AsyncIterable<TextWindow>,
  limits: DescribeLimits,
  clock: Clock,
): Promise<Description> {
  let parser: ReturnType<typeof parserOf> | null = null
  let width = 0
  let header: readonly string[] | null = null
  const columns: Column[] = []
  let rows = 0
  let ragged = 0
  let faults = 0
  let pending = ''
  let read = 0
  let whole = false
  let skip = false
  const learn = (row: readonly string[]) => {
    for (let at = 0; at < width; at += 1) columns[at]!.text(row[at]!)
  }
  const take = (row: readonly string[]) => {
    if (row.length === 1 && row[0] === '') return
    if (skip) {
      skip = false
      return
    }
    rows += 1
    if (row.length === width) learn(row)
    else ragged += 1
  }
  for await (const window of windows) {
    pending += window.text
    read = window.read
    whole = window.last
    if (!parser) {
      const found = layoutOf(pending, bytes, whole)
      recognise(found.width <= limits.columns, 'too many columns')
      parser = parserOf(found.delimiter, found.newline)
      width = found.width
      header = found.header
      skip = header !== null
      for (let at = 0; at < width; at += 1) columns.push(new Column())
    }
    const { data, errors, meta } = parser(pending, !whole)
    pending = whole ? '' : pending.slice(meta.cursor)
    recognise(pending.length <= limits.record, 'a row without end')
    faults += errors.length
    for (const row of data) take(row)
    if (clock.isOver) break
  }
  recognise(parser, 'no rows')
  recognise(ragged <= rows * RAGGED + 1 && faults <= rows * RAGGED, 'rows of different lengths')
  if (!whole && limits.tailBytes > 0) {
    for (const row of parser(await tailOf(bytes, limits.tailBytes), true).data) {
      if (row.length === width) learn(row)
    }
  }
  const taken = read - pending.length
  const count = whole ? rows : Math.round((rows / Math.max(1, taken)) * bytes.size)
  const names = header ?? columns.map(() => '')
  return {
    schema: {
      version: 'granary/schema/v1',
      format: 'csv',
      rows: count,
      rowsExact: whole,
      ...published(columns.map((column, at) => [names[at]!, column] as const)),
    },
    columnsInAll: width,
    isTitled: header !== null,
    tables: [],
  }
}

type Parsed = { data: string[][]; errors: unknown[]; meta: { cursor: number } }

const parserOf = (delimiter: string, newline: '\n' | '\r' | '\r\n') => {
  const parser = new Papa.Parser({ delimiter, newline, quoteChar: '"' })
  return (text: string, withoutLast: boolean) => parser.parse(text, 0, withoutLast) as Parsed
}

/** Delimiter, number of cells a row, and the names in the first row if it has any. */
function layoutOf(text: string, { name, type }: Bytes, complete: boolean) {
  const { data, meta } = Papa.parse<string[]>(text, {
    preview: SAMPLE_ROWS,
    delimitersToGuess: DELIMITERS,
    skipEmptyLines: true,
  })
  const isNamed = /\.(?:csv|tsv)$/i.test(name) || /csv|tab-separated/.test(type)
  const rows = complete && data.length < SAMPLE_ROWS ? data : data.slice(0, -1)
  recognise(rows.length > 0, 'no rows')
  const counts = new Map<number, number>()
  for (const row of rows) counts.set(row.length, (counts.get(row.length) ?? 0) + 1)
  const [width, often] = [...counts].sort(([, a], [, b]) => b - a)[0]!
  recognise(rows.length - often <= rows.length * RAGGED, 'rows of different lengths')
  recognise(isNamed || (width > 1 && rows.length > 1), 'one column, or one row')
  const header = rows[0]!.length === width && isHeader(rows) ? rows[0]! : null
  return { delimiter: meta.delimiter, newline: meta.linebreak as '\n' | '\r' | '\r\n', width, header }
}

/** Cells that are more likely somebody's than a column's name. */
const PERSONAL = /@|:\/\/|\d{5}|^[^\p{L}\p{N}_]*$/u

/** Whether the first row names the columns. In doubt it does not: names are published, cells are not. */
function isHeader([first, ...others]: readonly string[][]): boolean {
  const names = first!.map((cell) => cell.trim())
  if (new Set(names).size !== names.length) return false
  const isName = (name: string, at: number) => {
    const own = new Column()
    own.text(name)
    if (own.type !== 'string' || name.length > 100 || PERSONAL.test(name)) return false
    return !others.some((row) => row[at]?.trim() === name && name !== '')
  }
  // The first column often has no name: it is a number of the row.
  return names.every((name, at) => (name === '' ? at === 0 && names.length > 1 : isName(name, at)))
}
