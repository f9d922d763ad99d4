/** How much of a file is looked at to describe it. Sizes in bytes of the file (or of the unpacked entry). */
export interface DescribeLimits {
  /** Read from the beginning; the rows of what fits into it are counted, of a larger file estimated. */
  scanBytes: number
  /** Read from the end of a larger file, for its last days. */
  tailBytes: number
  /** UTF-16 units of one row, line or element. */
  record: number
  /** Columns above which it is taken for no table. */
  columns: number
  /** A JSON document that is one object is read as a whole. */
  objectBytes: number
  /** Members of one JSON object above which they are taken for data, not for names. */
  members: number
  /** Of a Parquet file's footer, or of an archive's list of entries. */
  directoryBytes: number
  entries: number
  /** Unpacked bytes for each byte of an archive. */
  ratio: number
  /** Tables in an archive that are looked into, and how much of each. */
  tables: number
  tableBytes: number
  /** Milliseconds after which what was seen has to do. */
  time: number
}

export const DESCRIBE_LIMITS: Readonly<DescribeLimits> = {
  scanBytes: 67_108_864,
  tailBytes: 1_048_576,
  record: 2_097_152,
  columns: 5_000,
  objectBytes: 16_777_216,
  members: 100,
  directoryBytes: 33_554_432,
  entries: 100_000,
  ratio: 250,
  tables: 20,
  tableBytes: 4_194_304,
  time: 15_000,
}
