import { describe, expect, it } from '@jest/globals'
import { formatOf, readSchema } from './schema.js'

const NOTHING = { format: null, rows: null, columns: [], from: null, to: null, entries: [] }

describe('readSchema', () => {
  it.each([
    null,
    undefined,
    'text',
    [],
    {},
    { schema: 'https://example.org/steps' },
    { schema: null },
    { schema: [] },
    { schema: { format: '<script>', rows: '12', columns: 'a,b', from: 'yesterday', entries: {} } },
    { schema: { rows: -1, columns: [null, 3, { name: '' }], entries: [{ kind: 'csv' }, { count: 3 }] } },
    { schema: { rows: Number.NaN, to: 12 } },
  ])('finds nothing in %j', (metadata) => expect(readSchema(metadata)).toEqual(NOTHING))

  it('reads what is there', () => {
    const schema = {
      format: 'csv',
      rows: 1200,
      columns: [{ name: 'day', type: 'date' }, { name: ' steps ' }],
      from: '2024-01-01',
      to: '2024-12-31T23:59:59Z',
      entries: [{ kind: 'csv', count: 2, bytes: 10 }],
    }
    expect(readSchema({ schema })).toEqual({
      format: 'csv',
      rows: { count: 1200, exact: false },
      columns: [
        { name: 'day', type: 'date' },
        { name: 'steps', type: '' },
      ],
      from: '2024-01-01',
      to: '2024-12-31T23:59:59Z',
      entries: [{ kind: 'csv', count: 2, bytes: 10 }],
    })
  })

  it('shows at most five hundred columns', () => {
    const columns = Array.from({ length: 501 }, (_, index) => ({ name: `c${index}` }))
    expect(readSchema({ schema: { columns } }).columns).toHaveLength(500)
  })
})

it.each([
  [{ mediaType: 'text/csv; charset=utf-8' }, 'csv'],
  [{ mediaType: 'TEXT/PLAIN' }, 'text'],
  [{ mediaType: 'application/pdf' }, 'other'],
  [{ mediaType: 'application/octet-stream', schema: { format: 'parquet' } }, 'parquet'],
  [null, 'other'],
])('the format of %j is %s', (metadata, format) => expect(formatOf(metadata)).toBe(format))
