import { z } from 'zod'
import {
  MAX_SCHEMA_COLUMN_NAME,
  MAX_SCHEMA_COLUMNS,
  MAX_SCHEMA_ENTRIES,
  MAX_SCHEMA_ENTRY_KIND,
} from '../limits.js'

/** Text without lone surrogates, which have no canonical JSON. */
const wellFormed = (most: number) =>
  z
    .string()
    .max(most)
    .refine((text) => !/\p{Surrogate}/u.test(text), 'whole characters')

const dateSchema = z.iso.date()

/** How a file's data is laid out. */
export const DATA_FORMATS = ['csv', 'jsonl', 'json', 'parquet', 'zip'] as const
/** What a column holds. `mixed`: no one of the others. */
export const COLUMN_TYPES = ['string', 'number', 'boolean', 'date', 'object', 'mixed'] as const

/**
 * What a contributor tells the public about the inside of a file: names, types and sums, never a value of it. Nobody but
 * the owner can check it before a release. `rows` without `rowsExact` is an estimate, and column types and dates then
 * come from a part of the file. `from` and `to` are the first and last day (RFC 3339) that its dates name. `entries` are
 * an archive's files by kind, with their bytes unpacked; its `columns` and `rows` are those of all tables in it. A
 * `version` that is left out is the first.
 */
export const datasetSchemaSchema = z
  .strictObject({
    version: z.literal('granary/schema/v1').optional(),
    format: z.enum(DATA_FORMATS),
    rows: z.int().min(0).optional(),
    rowsExact: z.boolean().optional(),
    columns: z
      .array(z.strictObject({ name: wellFormed(MAX_SCHEMA_COLUMN_NAME), type: z.enum(COLUMN_TYPES) }))
      .max(MAX_SCHEMA_COLUMNS)
      .optional(),
    from: dateSchema.optional(),
    to: dateSchema.optional(),
    entries: z
      .array(
        z.strictObject({
          kind: wellFormed(MAX_SCHEMA_ENTRY_KIND),
          count: z.int().min(0),
          bytes: z.int().min(0),
        }),
      )
      .max(MAX_SCHEMA_ENTRIES)
      .optional(),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    path: ['to'],
    message: 'not before from',
  })
  .refine(({ rows, rowsExact }) => rowsExact === undefined || rows !== undefined, {
    path: ['rowsExact'],
    message: 'only beside rows',
  })
export type DatasetSchema = z.infer<typeof datasetSchemaSchema>
export type DatasetColumn = NonNullable<DatasetSchema['columns']>[number]
export type DatasetEntry = NonNullable<DatasetSchema['entries']>[number]
