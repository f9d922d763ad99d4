import { type FileMetaData, parquetMetadata, parquetSchema } from 'hyparquet'
import { type Bytes, recognise } from './bytes.js'
import { Column, published } from './columns.js'
import type { Description } from './description.js'
import type { DescribeLimits } from './limits.js'

type Element = FileMetaData['schema'][number]

const MAGIC = 'PAR1'
/** Length of the footer and the magic word after it. */
const END = 8

/** Rows, columns and days as the file's own footer states them. Throws NotRecognised. */
export async function describeParquet(bytes: Bytes, limits: DescribeLimits): Promise<Description> {
  recognise(bytes.size > MAGIC.length + END, 'too short')
  const end = await bytes.read(bytes.size - END, bytes.size)
  recognise(new TextDecoder().decode(end.subarray(4)) === MAGIC, 'no footer')
  const length = new DataView(end.buffer, end.byteOffset).getUint32(0, true)
  recognise(length <= limits.directoryBytes && length < bytes.size - END, 'a footer that is too large')
  const footer = await bytes.read(bytes.size - END - length, bytes.size)
  let metadata: FileMetaData
  let children: ReturnType<typeof parquetSchema>['children']
  try {
    metadata = parquetMetadata(footer.slice().buffer)
    children = parquetSchema(metadata).children
  } catch {
    recognise(false, 'a footer that cannot be read')
  }
  const rows = Number(metadata.num_rows)
  const groups = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0)
  recognise(Number.isSafeInteger(rows) && rows >= 0 && rows === groups, 'rows that do not add up')
  recognise(children.length > 0 && children.length <= limits.columns, 'no columns, or too many')
  const columns = children.map(({ element }) => {
    const column = new Column()
    column.add(typeOf(element))
    if (column.type === 'date') addDays(column, element.name, metadata)
    return [element.name, column] as const
  })
  return {
    schema: {
      version: 'granary/schema/v1',
      format: 'parquet',
      rows,
      rowsExact: true,
      ...published(columns),
    },
    columnsInAll: columns.length,
    isTitled: true,
    tables: [],
  }
}

function typeOf({ type, converted_type: converted, logical_type: logical, num_children }: Element) {
  if (num_children || converted === 'LIST' || converted === 'MAP') return 'object'
  if (logical?.type === 'DATE' || logical?.type === 'TIMESTAMP' || type === 'INT96') return 'date'
  if (converted === 'DATE' || converted?.startsWith('TIMESTAMP')) return 'date'
  if (logical?.type === 'DECIMAL' || converted === 'DECIMAL' || logical?.type === 'FLOAT16') return 'number'
  if (type === 'BOOLEAN') return 'boolean'
  return type === 'BYTE_ARRAY' || type === 'FIXED_LEN_BYTE_ARRAY' ? 'string' : 'number'
}

/** The first and last day of a column by the statistics of its row groups, if all have them. */
function addDays(column: Column, name: string, { row_groups: groups }: FileMetaData): void {
  const days: string[] = []
  for (const group of groups) {
    const facts = group.columns.find(({ meta_data: data }) => data?.path_in_schema.join('.') === name)
    const { min_value, max_value, min, max } = facts?.meta_data?.statistics ?? {}
    for (const value of [min_value ?? min, max_value ?? max]) {
      if (!(value instanceof Date) || Number.isNaN(value.getTime())) return
      const day = value.toISOString().slice(0, 10)
      if (!/^\d{4}-/.test(day)) return
      days.push(day)
    }
  }
  for (const day of days) column.add('date', day, day)
}
