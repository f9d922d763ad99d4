// What a metadata document says of the file inside, read with care: its owner wrote it, and nobody checked it.

export interface Column {
  name: string
  type: string
}

export interface Described {
  format: string | null
  /** `exact`: counted to the end. */
  rows: { count: number; exact: boolean } | null
  columns: Column[]
  /** First and last day or time found in it. */
  from: string | null
  to: string | null
  /** Of an archive: how many files of which kind. */
  entries: { kind: string; count: number; bytes: number | null }[]
}

const FORMATS = ['csv', 'jsonl', 'json', 'parquet', 'zip']
const MOST = 500

const text = (value: unknown, most = 200): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, most) : null
const number = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.floor(value) : null
const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}
const list = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.slice(0, MOST).map(record) : []
const time = (value: unknown): string | null => {
  const given = text(value, 40)
  return given !== null && !Number.isNaN(Date.parse(given)) ? given : null
}

/** Reads `metadata.schema`; what is missing or makes no sense is left out. */
export function readSchema(metadata: unknown): Described {
  const schema = record(record(metadata).schema)
  const rows = number(schema.rows)
  const format = text(schema.format)
  return {
    format: format !== null && FORMATS.includes(format) ? format : null,
    rows: rows === null ? null : { count: rows, exact: schema.rowsExact === true },
    columns: list(schema.columns).flatMap(({ name, type }) => {
      const named = text(name)
      return named === null ? [] : [{ name: named, type: text(type, 60) ?? '' }]
    }),
    from: time(schema.from),
    to: time(schema.to),
    entries: list(schema.entries).flatMap(({ kind, count, bytes }) => {
      const [named, many] = [text(kind, 60), number(count)]
      return named === null || many === null ? [] : [{ kind: named, count: many, bytes: number(bytes) }]
    }),
  }
}

const MEDIA: [RegExp, string][] = [
  [/^text\/(csv|tab-separated-values)$/, 'csv'],
  [/^application\/(jsonl|x-ndjson|x-jsonlines)$/, 'jsonl'],
  [/^application\/(json|geo\+json)$/, 'json'],
  [/^application\/(vnd\.apache\.parquet|x-parquet)$/, 'parquet'],
  [/^application\/(zip|x-zip-compressed)$/, 'zip'],
  [/^text\//, 'text'],
  [/^image\//, 'image'],
  [/^audio\//, 'audio'],
  [/^video\//, 'video'],
]

/** The format as the API's catalogue tells it: by the schema, else by the media type. */
export function formatOf(metadata: { mediaType?: unknown } | null | undefined): string {
  const { format } = readSchema(metadata)
  if (format !== null) return format
  const media = (text(metadata?.mediaType) ?? '').split(';')[0]!.toLowerCase()
  return MEDIA.find(([pattern]) => pattern.test(media))?.[1] ?? 'other'
}
