import type { DatasetSchema } from '@granary/protocol'

/** What was learnt about a file here; of it only `schema` is meant to be published. */
export interface Description {
  schema: DatasetSchema
  /** How many columns there are, also those that the schema has no room for. */
  columnsInAll: number
  /** Whether the columns' names are the file's own. */
  isTitled: boolean
  /** The tables of an archive, by their path in it. */
  tables: { name: string; schema: DatasetSchema }[]
}
