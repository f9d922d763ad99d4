import { type DatasetEntry, type DatasetSchema, MAX_SCHEMA_ENTRIES } from '@granary/protocol'
import { configure, type Entry, type FileEntry, Reader, ZipReader } from '@zip.js/zip.js'
import { type Bytes, type Clock, NotRecognised, recognise } from './bytes.js'
import { Column, published } from './columns.js'
import type { describe as Describe } from './describe.js'
import type { Description } from './description.js'
import type { DescribeLimits } from './limits.js'

configure({ useWebWorkers: false, useCompressionStream: true })

/** Archives that are documents of programs: a list of their parts says nothing. */
const DOCUMENTS = /^(?:\[Content_Types\]\.xml|mimetype|META-INF\/.*|AndroidManifest\.xml)$/
/** What file managers leave in archives. */
const LITTER = /(?:^|\/)(?:__MACOSX\/|\.DS_Store$|Thumbs\.db$|desktop\.ini$)/
const TABLE = /\.(?:csv|tsv|json|jsonl|ndjson|geojson)$/i

/** An archive: its files by kind, and what the tables among them hold together. Throws NotRecognised. */
export async function describeZip(
  bytes: Bytes,
  limits: DescribeLimits,
  clock: Clock,
  describe: typeof Describe,
): Promise<Description> {
  const files = await filesOf(bytes, limits)
  const total = files.reduce((sum, file) => sum + file.uncompressedSize, 0)
  recognise(Number.isSafeInteger(total), 'sizes that no file has')
  recognise(total <= Math.max(bytes.size * limits.ratio, 1_048_576), 'it unpacks to too much')
  const candidates = files.filter(({ filename }) => TABLE.test(filename))
  const tables: Description['tables'] = []
  let described = 0
  for (const file of candidates.slice(0, limits.tables)) {
    if (clock.isOver) break
    const description = await describeEntry(file, limits, describe)
    if (!description) continue
    described += file.uncompressedSize
    tables.push({ name: file.filename, schema: description.schema })
  }
  const all = candidates.reduce((sum, file) => sum + file.uncompressedSize, 0)
  return {
    schema: {
      version: 'granary/schema/v1',
      format: 'zip',
      ...together(tables, tables.length === candidates.length ? 1 : all / Math.max(1, described)),
      entries: kindsOf(files),
    },
    columnsInAll: new Set(tables.flatMap(({ schema }) => schema.columns?.map(({ name }) => name) ?? [])).size,
    isTitled: true,
    tables,
  }
}

/** Reads an archive in places, none of them larger than it may be. */
class Places extends Reader<Bytes> {
  constructor(
    private readonly bytes: Bytes,
    private readonly most: number,
  ) {
    super(bytes)
    this.size = bytes.size
  }

  override async readUint8Array(from: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    if (length > this.most) throw new NotRecognised('a list of entries that is too large')
    return (await this.bytes.read(from, Math.min(from + length, this.bytes.size))) as Uint8Array<ArrayBuffer>
  }
}

async function filesOf(bytes: Bytes, limits: DescribeLimits): Promise<FileEntry[]> {
  const reader = new ZipReader(new Places(bytes, limits.directoryBytes), { checkAmbiguity: false } as object)
  const files: FileEntry[] = []
  let count = 0
  try {
    for await (const entry of reader.getEntriesGenerator() as AsyncIterable<Entry>) {
      count += 1
      recognise(count <= limits.entries, 'too many entries')
      recognise(!entry.encrypted, 'encrypted')
      recognise(!DOCUMENTS.test(entry.filename), 'a document of some program')
      if (entry.directory || LITTER.test(entry.filename)) continue
      const { uncompressedSize: size } = entry
      recognise(Number.isSafeInteger(size) && size >= 0, 'sizes that no file has')
      files.push(entry as FileEntry)
    }
  } catch (error) {
    recognise(error instanceof NotRecognised, 'an archive that cannot be read')
    throw error
  }
  recognise(files.length > 0, 'no files')
  return files
}

/** Files by the ending of their names, the largest kind first. */
function kindsOf(files: readonly FileEntry[]): DatasetEntry[] {
  const kinds = new Map<string, DatasetEntry>()
  const add = (kind: string, count: number, bytes: number) => {
    const known = kinds.get(kind) ?? { kind, count: 0, bytes: 0 }
    kinds.set(kind, { kind, count: known.count + count, bytes: known.bytes + bytes })
  }
  for (const { filename, uncompressedSize } of files) {
    add(/\.([a-z0-9]{1,8})$/i.exec(filename)?.[1]?.toLowerCase() ?? 'other', 1, uncompressedSize)
  }
  const sorted = [...kinds.values()].sort((a, b) => b.bytes - a.bytes || (a.kind < b.kind ? -1 : 1))
  if (sorted.length <= MAX_SCHEMA_ENTRIES) return sorted
  for (const { kind } of sorted.slice(MAX_SCHEMA_ENTRIES - 1)) kinds.delete(kind)
  for (const { count, bytes } of sorted.slice(MAX_SCHEMA_ENTRIES - 1)) add('other', count, bytes)
  return [...kinds.values()].sort((a, b) => b.bytes - a.bytes || (a.kind < b.kind ? -1 : 1))
}

/** What one table in the archive holds, by as much of it as may be unpacked; null when it is none. */
async function describeEntry(
  file: FileEntry,
  limits: DescribeLimits,
  describe: typeof Describe,
): Promise<Description | null> {
  const parts: Uint8Array[] = []
  let length = 0
  const enough = new AbortController()
  const sink = new WritableStream<Uint8Array>({
    write(chunk) {
      parts.push(chunk.slice(0, limits.tableBytes - length))
      length += Math.min(chunk.length, limits.tableBytes - length)
      if (length >= limits.tableBytes) enough.abort()
    },
  })
  try {
    await file.getData(sink, { signal: enough.signal, preventClose: true })
  } catch {
    if (length < limits.tableBytes) return null
  }
  const start = new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer())
  const isWhole = length < limits.tableBytes
  if (isWhole && length !== file.uncompressedSize) return null
  const bytes: Bytes = {
    name: file.filename,
    type: '',
    size: isWhole ? length : Math.max(file.uncompressedSize, length + 1),
    read: async (from, to) => start.subarray(from, to),
  }
  return describe(bytes, { ...limits, scanBytes: limits.tableBytes, tailBytes: 0 })
}

/** The columns of all tables, each name once, their days, and their rows; `times`: how much more there is. */
function together(
  tables: Description['tables'],
  times: number,
): Pick<DatasetSchema, 'columns' | 'rows' | 'rowsExact' | 'from' | 'to'> {
  const columns = new Map<string, Column>()
  let rows = 0
  let isExact = times === 1
  for (const { schema } of tables) {
    rows += schema.rows ?? 1
    isExact &&= schema.rowsExact ?? true
    for (const { name, type } of schema.columns ?? []) {
      const column = columns.get(name) ?? new Column()
      columns.set(name, column)
      if (type === 'date') column.add(type, schema.from, schema.to)
      else column.add(type)
    }
  }
  if (tables.length === 0) return {}
  return { rows: Math.round(rows * times), rowsExact: isExact, ...published([...columns]) }
}
