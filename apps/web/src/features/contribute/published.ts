// What a contributor lets the public know about the inside of a file.
import type { DatasetSchema } from '@granary/protocol'

export interface Edits {
  /** Whether anything of it is published. */
  published: boolean
  /** One for each column that was found. */
  columns: { name: string; keep: boolean }[]
  rows: boolean
  days: boolean
}

export function firstEdits(schema: DatasetSchema | null): Edits {
  return {
    published: schema !== null,
    columns: schema?.columns?.map(({ name }) => ({ name, keep: true })) ?? [],
    rows: true,
    days: true,
  }
}

/** What is published of what was found; null = nothing. A name that was emptied is the one that was found. */
export function publishedOf(found: DatasetSchema | null, edits: Edits): DatasetSchema | null {
  if (found === null || !edits.published) return null
  const { rows, rowsExact, from, to, columns, ...rest } = found
  const kept = columns?.flatMap(({ name, type }, at) => {
    const edit = edits.columns[at]
    return edit && !edit.keep ? [] : [{ name: edit?.name.trim() || name, type }]
  })
  return {
    ...rest,
    ...(edits.rows && rows !== undefined ? { rows } : {}),
    ...(edits.rows && rowsExact !== undefined ? { rowsExact } : {}),
    ...(edits.days && from !== undefined ? { from } : {}),
    ...(edits.days && to !== undefined ? { to } : {}),
    ...(kept && kept.length > 0 ? { columns: kept } : {}),
  }
}
