import { type DatasetSchema, datasetSchemaSchema } from '@granary/protocol'
import { describe, expect, it } from '@jest/globals'
import { firstEdits, publishedOf } from './published.js'

const found: DatasetSchema = {
  version: 'granary/schema/v1',
  format: 'csv',
  rows: 2,
  rowsExact: true,
  columns: [
    { name: 'day', type: 'date' },
    { name: 'name', type: 'string' },
  ],
  from: '2024-01-01',
  to: '2024-01-02',
}
const edits = firstEdits(found)

describe('publishedOf', () => {
  it('is what was found when nothing is changed', () => expect(publishedOf(found, edits)).toEqual(found))

  it('is nothing when it is dropped, or nothing was found', () => {
    expect(publishedOf(found, { ...edits, published: false })).toBeNull()
    expect(publishedOf(null, firstEdits(null))).toBeNull()
  })

  it('leaves out columns and renames others', () => {
    const columns = [
      { name: ' Tag ', keep: true },
      { name: 'name', keep: false },
    ]
    expect(publishedOf(found, { ...edits, columns })?.columns).toEqual([{ name: 'Tag', type: 'date' }])
    const none = columns.map((column) => ({ ...column, keep: false }))
    expect(publishedOf(found, { ...edits, columns: none })).not.toHaveProperty('columns')
    const emptied = columns.map(() => ({ name: ' ', keep: true }))
    expect(publishedOf(found, { ...edits, columns: emptied })?.columns).toEqual(found.columns)
  })

  it('leaves out rows and days, and stays valid', () => {
    const left = publishedOf(found, { ...edits, rows: false, days: false })
    expect(left).toEqual({ version: 'granary/schema/v1', format: 'csv', columns: found.columns })
    expect(datasetSchemaSchema.safeParse(left).success).toBe(true)
  })
})
