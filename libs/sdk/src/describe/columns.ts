// What a table's columns hold, learnt row by row. Values are looked at and forgotten, except for the first and last day.
import {
  type DatasetColumn,
  type DatasetSchema,
  MAX_SCHEMA_COLUMN_NAME,
  MAX_SCHEMA_COLUMNS,
} from '@granary/protocol'

type Type = DatasetColumn['type']

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/
const DATE =
  /^(\d{4})([-/.])(\d\d?)\2(\d\d?)(?:[T ]\d\d?:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?)?$/
const ABSENT = new Set(['na', 'n/a', 'nan', 'null', 'none', '-', '\\n'])

/** `2024-2-9 10:00` → `2024-02-09`; null when it is no day. Days whose order is ambiguous are none. */
export function dayOf(text: string): string | null {
  if (text.length < 8 || text.length > 40) return null
  const [, year, , month, day] = DATE.exec(text) ?? []
  if (!year || !month || !day) return null
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  const exists = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day)
  return exists && Number(year) > 0 ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` : null
}

export class Column {
  private readonly seen = new Set<Type>()
  from: string | null = null
  to: string | null = null

  /** A cell of a text file, where everything is text. */
  text(cell: string): void {
    const value = cell.trim()
    if (value === '' || (value.length < 5 && ABSENT.has(value.toLowerCase()))) return
    if (NUMBER.test(value)) this.seen.add('number')
    else if (/^(?:true|false)$/i.test(value)) this.seen.add('boolean')
    else this.string(value)
  }

  /** A value of JSON. */
  value(value: unknown): void {
    if (value === null || value === undefined) return
    if (typeof value === 'string') this.string(value.trim())
    else if (typeof value === 'number' || typeof value === 'boolean')
      this.seen.add(typeof value as 'number' | 'boolean')
    else this.seen.add('object')
  }

  add(type: Type, from: string | null = null, to: string | null = null): void {
    this.seen.add(type)
    if (from !== null) this.day(from)
    if (to !== null) this.day(to)
  }

  /** The one type of all values; `string` when there is none. */
  get type(): Type {
    if (this.seen.size > 1) return 'mixed'
    return [...this.seen][0] ?? 'string'
  }

  private string(value: string): void {
    if (value === '') return
    const day = dayOf(value)
    this.seen.add(day ? 'date' : 'string')
    if (day) this.day(day)
  }

  private day(day: string): void {
    if (this.from === null || day < this.from) this.from = day
    if (this.to === null || day > this.to) this.to = day
  }
}

/** A name as it may be published: one line, whole characters, not too long. */
export function nameOf(name: string, position: number): string {
  const line = name
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
  if (line === '') return `column ${position + 1}`
  return line.slice(0, MAX_SCHEMA_COLUMN_NAME).replace(/\p{Surrogate}$/u, '')
}

/** Columns with their days as they are published; those past the limit are left out. */
export function published(
  columns: readonly (readonly [name: string, column: Column])[],
): Pick<DatasetSchema, 'columns' | 'from' | 'to'> {
  const days = columns.map(([, column]) => column).filter(({ type }) => type === 'date')
  const from = days.flatMap((column) => column.from ?? []).sort()[0]
  const to = days
    .flatMap((column) => column.to ?? [])
    .sort()
    .at(-1)
  return {
    ...(columns.length > 0
      ? {
          columns: columns
            .slice(0, MAX_SCHEMA_COLUMNS)
            .map(([name, { type }], position) => ({ name: nameOf(name, position), type })),
        }
      : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
  }
}
