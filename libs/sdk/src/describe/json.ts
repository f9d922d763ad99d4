import { type Bytes, type Clock, recognise } from './bytes.js'
import type { Description } from './description.js'
import { elementsOf } from './json.elements.js'
import type { DescribeLimits } from './limits.js'
import { isObject, parseJson, Records } from './records.js'
import { encodingOf, type TextWindow, tailOf } from './text.js'

type Windows = AsyncIterable<TextWindow>

/** JSON: one value a line, one array of values, or one object. Throws NotRecognised. */
export async function describeJson(
  bytes: Bytes,
  windows: Windows,
  limits: DescribeLimits,
  clock: Clock,
): Promise<Description> {
  const parts = windows[Symbol.asyncIterator]()
  const first = await parts.next()
  recognise(!first.done, 'empty')
  async function* all() {
    yield first.value as TextWindow
    for (let next = await parts.next(); !next.done; next = await parts.next()) yield next.value
  }
  if (isLines(first.value)) return describeLines(bytes, all(), limits, clock)
  if (first.value.text.trimStart().startsWith('[')) return describeArray(bytes, all(), limits, clock)
  return describeObject(bytes, limits)
}

/** Whether each line is a value of its own: the first one is complete, and not all there is unless it is an object. */
function isLines({ text, last }: TextWindow): boolean {
  const [line, ...others] = text.trimStart().split('\n', 3)
  if (!line || !(others.length > 0 || last)) return false
  const rest = others.join('').trim()
  if (line.startsWith('[') && rest === '') return false
  if (rest === '' && !text.includes('\n')) return false
  try {
    JSON.parse(line)
    return true
  } catch {
    return false
  }
}

async function describeLines(
  bytes: Bytes,
  windows: Windows,
  limits: DescribeLimits,
  clock: Clock,
): Promise<Description> {
  const records = new Records(limits.columns)
  let pending = ''
  let read = 0
  let whole = false
  for await (const window of windows) {
    const lines = (pending + window.text).split('\n')
    read = window.read
    whole = window.last
    pending = whole ? '' : (lines.pop() ?? '')
    recognise(pending.length <= limits.record, 'a line without end')
    for (const line of lines) if (line.trim() !== '') records.add(parseJson(line))
    if (clock.isOver) break
  }
  const seen = records.count
  recognise(seen > 0, 'no lines')
  if (!whole && limits.tailBytes > 0) {
    // The last line may still be on its way to the disk.
    const lines = (await tailOf(bytes, limits.tailBytes)).split('\n')
    for (const line of lines.filter((text) => text.trim() !== '').slice(0, -1)) records.add(parseJson(line))
  }
  return describeRecords('jsonl', records, seen, { bytes, taken: read - pending.length, whole })
}

async function describeArray(
  bytes: Bytes,
  windows: Windows,
  limits: DescribeLimits,
  clock: Clock,
): Promise<Description> {
  const records = new Records(limits.columns)
  const progress = { read: 0, pending: 0, whole: false }
  for await (const element of elementsOf(windows, limits.record, progress)) {
    records.add(parseJson(element))
    if ((records.count & 1023) === 0 && clock.isOver) break
  }
  const { read, pending, whole } = progress
  return describeRecords('json', records, records.count, { bytes, taken: read - pending, whole })
}

/** One object: of rows, if one of its members is a list of objects and no other is; else its members are the columns. */
async function describeObject(bytes: Bytes, limits: DescribeLimits): Promise<Description> {
  recognise(bytes.size <= limits.objectBytes, 'one object, too large to be read as a whole')
  const data = await bytes.read(0, bytes.size)
  recognise(data.length === bytes.size, 'not all of it is there')
  const value = parseJson(new TextDecoder(encodingOf(data), { fatal: true }).decode(data))
  recognise(isObject(value), 'neither array nor object')
  const lists = Object.values(value).filter((member) => Array.isArray(member) && member.some(isObject))
  const whole = { bytes, taken: bytes.size, whole: true }
  const records = new Records(limits.columns)
  if (lists.length === 1) {
    for (const element of lists[0] as unknown[]) records.add(element)
    return describeRecords('json', records, records.count, whole)
  }
  const hasNames = Object.keys(value).length <= limits.members
  if (hasNames) records.add(value)
  const { rows: _, rowsExact: __, ...schema } = describeRecords('json', records, 1, whole).schema
  return { schema, columnsInAll: records.columns.size, isTitled: true, tables: [] }
}

function describeRecords(
  format: 'json' | 'jsonl',
  records: Records,
  seen: number,
  { bytes, taken, whole }: { bytes: Bytes; taken: number; whole: boolean },
): Description {
  const rows = whole ? seen : Math.round((seen / Math.max(1, taken)) * bytes.size)
  return {
    schema: { version: 'granary/schema/v1', format, rows, rowsExact: whole, ...records.schema },
    columnsInAll: records.columns.size,
    isTitled: true,
    tables: [],
  }
}
