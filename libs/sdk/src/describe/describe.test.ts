import { type DatasetSchema, datasetSchemaSchema } from '@granary/protocol'
import { expect, describe as group, it } from '@jest/globals'
import { BlobWriter, TextReader, Uint8ArrayReader, ZipWriter } from '@zip.js/zip.js'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { type Bytes, blobBytes, DESCRIBE_LIMITS, describe } from './index.js'

const file = (content: BlobPart, name = 'x', type = '') => new File([content], name, { type })
const of = async (content: BlobPart, name?: string, limits = {}) => {
  const found = await describe(blobBytes(file(content, name)), { ...DESCRIBE_LIMITS, ...limits })
  if (found) expect(datasetSchemaSchema.parse(found.schema)).toEqual(found.schema)
  return found
}
const schemaOf = async (...all: Parameters<typeof of>) => {
  const { version: _, ...schema } = (await of(...all))?.schema ?? ({} as DatasetSchema)
  return schema
}
const bytes = (...values: number[]) => Uint8Array.from(values)

const utf16 = (text: string) => Uint8Array.from([0xff, 0xfe, ...Buffer.from(text, 'utf16le')])

async function zip(entries: Record<string, string | Uint8Array>, options = {}): Promise<Blob> {
  const writer = new ZipWriter(new BlobWriter())
  for (const [name, content] of Object.entries(entries)) {
    const reader = typeof content === 'string' ? new TextReader(content) : new Uint8ArrayReader(content)
    await writer.add(name, name.endsWith('/') ? undefined : (reader as TextReader), {
      directory: name.endsWith('/'),
      ...options,
    })
  }
  return writer.close()
}

group('CSV', () => {
  const days = 'day,hours,note\n2024-02-29,7.5,"a, b\nc"\n2024-03-01,6,\n'
  const described = {
    format: 'csv',
    rows: 2,
    rowsExact: true,
    columns: [
      { name: 'day', type: 'date' },
      { name: 'hours', type: 'number' },
      { name: 'note', type: 'string' },
    ],
    from: '2024-02-29',
    to: '2024-03-01',
  }

  it.each([
    ['commas', days],
    ['no newline at its end', days.trimEnd()],
    ['a byte order mark', `\ufeff${days}`],
    ['semicolons', 'day;hours;note\n2024-02-29;7,5;x\n2024-03-01;6;'.replace('7,5', '7.5')],
    ['tabs', 'day\thours\tnote\n2024-02-29\t7.5\tx\n2024-03-01\t6\t\n'],
    ['bars', 'day|hours|note\n2024-02-29|7.5|x\n2024-03-01|6|\n'],
    ['Windows lines', 'day,hours,note\r\n2024-02-29,7.5,x\r\n2024-03-01,6,\r\n'],
  ])('with %s', async (_what, text) => expect(await schemaOf(text, 'x')).toEqual(described))

  it('in UTF-16, as spreadsheets write it', async () => {
    const tabs = days.replace('"a, b\nc"', 'x').replaceAll(',', '\t')
    expect(await schemaOf(utf16(tabs), 'x.txt')).toEqual(described)
    expect(await schemaOf(Buffer.from(utf16(tabs)).swap16(), 'x.txt')).toEqual(described)
    const many = `day\tn\n${'2020-01-01\t1\n'.repeat(100_000)}2024-01-01\t1\n`
    const found = await schemaOf(utf16(many), 'x.csv', { scanBytes: 1_048_576, tailBytes: 1_001 })
    expect(found).toMatchObject({ rowsExact: false, from: '2020-01-01', to: '2024-01-01' })
    expect(Math.abs(found.rows! / 100_001 - 1)).toBeLessThan(0.02)
  })

  it('has names in any script', async () => {
    expect(await schemaOf('日付;距離\n2024-02-29;7\n2024-03-01;6\n', 'x.csv')).toMatchObject({
      rows: 2,
      columns: [
        { name: '日付', type: 'date' },
        { name: '距離', type: 'number' },
      ],
      from: '2024-02-29',
    })
  })

  it('is recognised under any name', async () => expect(await schemaOf(days, 'photo.jpg')).toEqual(described))

  it('without names in its first row gets none, so that no value is published', async () => {
    const text = await schemaOf('Alice,alice@example.org,1980-01-02\nBob,bob@example.org,1990-03-04\n')
    expect(text).toMatchObject({ rows: 2, columns: [1, 2, 3].map((n) => ({ name: `column ${n}` })) })
    expect(JSON.stringify(text)).not.toMatch(/alice/i)
    expect(await schemaOf('1,2\n3,4\n')).toMatchObject({ rows: 2, columns: [{ name: 'column 1' }, {}] })
  })

  it('of one column needs a name that says so', async () => {
    expect(await of('name\nAlice\nBob\n', 'x.txt')).toBeNull()
    expect(await schemaOf('name\nAlice\nBob\n', 'x.csv')).toMatchObject({
      rows: 2,
      columns: [{ name: 'name', type: 'string' }],
    })
  })

  it('types columns by all their cells, and leaves out what is absent', async () => {
    const rows = Array.from({ length: 500 }, (_, n) => `${n},${n < 499},${n},NA,${n % 2 ? '' : '1e3'}`)
    expect(await schemaOf(`a,b,c,d,e\n${rows.join('\n')}\nx,false,2024-01-01,,\n`)).toMatchObject({
      rows: 501,
      columns: ['mixed', 'boolean', 'mixed', 'string', 'number'].map((type) => ({ type })),
    })
  })

  it('larger than is counted has its rows estimated, and its last days read', async () => {
    const date = (n: number) => new Date(Date.UTC(2000, 0, n)).toISOString().slice(0, 10)
    const text = `day,n\n${Array.from({ length: 200_000 }, (_, n) => `${date(n)},12`).join('\n')}\n`
    const found = await schemaOf(text, 'x.csv', { scanBytes: 1_048_576 })
    expect(found).toMatchObject({ rowsExact: false, from: date(0), to: date(199_999) })
    expect(Math.abs(found.rows! / 200_000 - 1)).toBeLessThan(0.02)
  })

  it('with more columns than may be named is cut, with very many it is none', async () => {
    const wide = (n: number) =>
      `${Array.from({ length: n }, (_, at) => `c${at}`).join(',')}\n${'1,'.repeat(n - 1)}1\n`
    const found = await of(wide(501))
    expect(found!.columnsInAll).toBe(501)
    expect(found!.schema.columns).toHaveLength(500)
    expect(await of(wide(100_000), 'x.csv')).toBeNull()
  })
})

group('JSON', () => {
  const people = [
    { name: 'x', born: '1999-12-31', tags: [1] },
    { name: null, born: '2001-01-01', on: true },
  ]
  const columns = [
    { name: 'name', type: 'string' },
    { name: 'born', type: 'date' },
    { name: 'tags', type: 'object' },
    { name: 'on', type: 'boolean' },
  ]
  const lines = `${people.map((one) => JSON.stringify(one)).join('\n')}\n`
  const days = { from: '1999-12-31', to: '2001-01-01' }

  it('lines', async () => {
    const expected = { format: 'jsonl', rows: 2, rowsExact: true, columns, ...days }
    expect(await schemaOf(lines)).toEqual(expected)
    expect(await schemaOf(lines.replaceAll('\n', '\r\n\r\n'), 'x.csv')).toEqual(expected)
  })

  it.each([
    ['an array', JSON.stringify(people)],
    ['an array over lines', JSON.stringify(people, null, 2)],
    ['an object around the rows', JSON.stringify({ kind: 'people', people })],
  ])('%s', async (_what, text) => {
    const expected = { format: 'json', rows: 2, rowsExact: true, columns, ...days }
    expect(await schemaOf(text)).toEqual(expected)
  })

  it('strings with brackets and quotes in an array, across pieces', async () => {
    const all = Array.from({ length: 40_000 }, (_, n) => ({ n, text: `]}",[{\\" ${'é'.repeat(n % 40)}` }))
    expect(await schemaOf(JSON.stringify(all))).toMatchObject({ rows: 40_000, rowsExact: true })
  })

  it('one object has its members for columns, unless there are so many that they are data', async () => {
    expect(await schemaOf('{"steps": 3, "unit": "km"}')).toEqual({
      format: 'json',
      columns: [
        { name: 'steps', type: 'number' },
        { name: 'unit', type: 'string' },
      ],
    })
    const byName = Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`alice${n}@example.org`, n]))
    expect(await schemaOf(JSON.stringify(byName))).toEqual({ format: 'json' })
  })

  it('in UTF-16', async () => {
    expect(await schemaOf(utf16('{"steps": 3}'))).toMatchObject({ columns: [{ name: 'steps' }] })
    expect(await schemaOf(utf16(lines))).toMatchObject({ format: 'jsonl', rows: 2, columns, ...days })
  })

  it('lines more than are counted are estimated', async () => {
    const text = `${`{"day":"2020-01-01","n":1}\n`.repeat(99_999)}{"day":"2024-01-01","n":1}\n{"da`
    const found = await schemaOf(text, 'x', { scanBytes: 1_048_576 })
    expect(found).toMatchObject({ format: 'jsonl', rowsExact: false, to: '2024-01-01' })
    expect(Math.abs(found.rows! / 100_000 - 1)).toBeLessThan(0.02)
  })
})

group('ZIP', () => {
  it('lists kinds and describes the tables in it', async () => {
    const found = await of(
      await zip({
        'Takeout/': '',
        'Takeout/steps.csv': 'day,steps\n2024-01-01,5\n2024-01-02,6\n',
        'Takeout/sleep/a.json': '[{"day":"2023-01-01","hours":7}]',
        'Takeout/photo.JPG': bytes(1, 2, 3, 4),
        'Takeout/README': 'hello',
        '__MACOSX/x.csv': 'a,b\n1,2\n',
        'Takeout/.DS_Store': 'x',
      }),
    )
    expect(found!.schema).toEqual({
      version: 'granary/schema/v1',
      format: 'zip',
      rows: 3,
      rowsExact: true,
      columns: [
        { name: 'day', type: 'date' },
        { name: 'steps', type: 'number' },
        { name: 'hours', type: 'number' },
      ],
      from: '2023-01-01',
      to: '2024-01-02',
      entries: [
        { kind: 'csv', count: 1, bytes: 36 },
        { kind: 'json', count: 1, bytes: 32 },
        { kind: 'other', count: 1, bytes: 5 },
        { kind: 'jpg', count: 1, bytes: 4 },
      ],
    })
    expect(found!.tables.map(({ name }) => name)).toEqual(['Takeout/steps.csv', 'Takeout/sleep/a.json'])
    expect(JSON.stringify(found!.schema)).not.toContain('Takeout')
  })

  it('looks into a large table as far as it may', async () => {
    const rows = Array.from({ length: 50_000 }, (_, n) => `${n},${(n * 7919) % 10_007}\n`).join('')
    const found = await of(await zip({ 'a.csv': `n,m\n${rows}` }), 'x', { tableBytes: 65_536 })
    expect(found!.schema).toMatchObject({ rowsExact: false, columns: [{ name: 'n' }, { name: 'm' }] })
    expect(Math.abs(found!.schema.rows! / 50_000 - 1)).toBeLessThan(0.1)
  })
})

group('what is not recognised', () => {
  const table = 'day,hours\n2024-01-01,7\n2024-01-02,8\n'
  const cases: [string, BlobPart | (() => Promise<BlobPart>), string][] = [
    ['nothing', '', 'x.csv'],
    ['one byte', 'x', 'x.txt'],
    ['prose', 'Once upon a time, there was.\nA king, a queen, and a fool.\nThe end.\n', 'x.txt'],
    ['a picture called table', bytes(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13), 'x.csv'],
    ['zero bytes', new Uint8Array(1000), 'x.csv'],
    ['bad UTF-8', Buffer.concat([Buffer.from(table), bytes(0xff, 0xfe), Buffer.from(table)]), 'x.csv'],
    ['half a letter of UTF-16', utf16(table).slice(0, -1), 'x.csv'],
    ['a row without end', 'a,'.repeat(5_000_000), 'x.csv'],
    ['a line without end', 'a'.repeat(9_000_000), 'x.csv'],
    ['a quote without end', `a,b\n1,"${'x,y\n'.repeat(2_000_000)}`, 'x.csv'],
    ['a JSON line without end', `{"a":1}\n{"b":"${'x'.repeat(9_000_000)}`, 'x.jsonl'],
    ['JSON that breaks off', '[{"a":1},{"a":2}', 'x.json'],
    ['JSON lines that break off', '{"a":1}\n{"a":', 'x.jsonl'],
    ['an array with a hole', '[{"a":1},,{"a":2}]', 'x.json'],
    ['an array with something after it', '[{"a":1}] x', 'x.json'],
    ['nested arrays without end', '['.repeat(9_000_000), 'x.json'],
    ['brackets that do not match', '[{"a":1]}', 'x.json'],
    [
      '100,000 members',
      `${JSON.stringify(Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [n, n])))}\n{}\n`,
      'x.jsonl',
    ],
    ['Parquet of two words', 'PAR1PAR1', 'x.parquet'],
    ['Parquet without footer', `PAR1${'x'.repeat(100)}`, 'x.parquet'],
    [
      'Parquet with a huge footer',
      Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(99), bytes(255, 255, 255, 127), Buffer.from('PAR1')]),
      'x.parquet',
    ],
    [
      'Parquet with a footer of rubbish',
      Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(99, 0x5c), bytes(90, 0, 0, 0), Buffer.from('PAR1')]),
      'x.parquet',
    ],
    ['a ZIP cut off', async () => (await zip({ 'a.csv': table })).slice(0, 60), 'x.zip'],
    ['an encrypted ZIP', () => zip({ 'a.csv': table }, { password: 'x', zipCrypto: true }), 'x.zip'],
    ['an encrypted ZIP (AES)', () => zip({ 'a.csv': table }, { password: 'x' }), 'x.zip'],
    ['a ZIP bomb', () => zip({ 'a.csv': new Uint8Array(200_000_000) }), 'x.zip'],
    [
      'a word processor’s document',
      () => zip({ '[Content_Types].xml': '<x/>', 'word/document.xml': '<x/>' }),
      'x.docx',
    ],
  ]
  it.each(cases)('%s', async (_what, content, name) => {
    const began = Date.now()
    expect(await of(typeof content === 'function' ? await content() : content, name)).toBeNull()
    expect(Date.now() - began).toBeLessThan(30_000)
  })

  it('is a file whose time is over only if nothing was seen of it', async () => {
    expect(await schemaOf('a,b\n1,2\n'.repeat(300_000), 'x', { time: -1 })).toMatchObject({
      format: 'csv',
      rowsExact: false,
    })
  })

  it('throws what reading throws', async () => {
    const gone: Bytes = { ...blobBytes(file('a,b\n1,2\n')), read: () => Promise.reject(new Error('gone')) }
    await expect(describe(gone)).rejects.toThrow('gone')
  })
})

it('reads no more of a very large file than it says', async () => {
  const line = Buffer.from('2024-01-01,12345678,abcdefgh\n')
  const window = Buffer.alloc(1_048_576 + line.length)
  for (let at = 0; at < window.length; at += line.length) line.copy(window, at)
  let read = 0
  const size = 5 * 2 ** 30
  const large: Bytes = {
    name: 'x.csv',
    type: '',
    size,
    async read(from, to) {
      read += to - from
      const offset = from % line.length
      return window.subarray(offset, offset + to - from)
    },
  }
  const found = await describe(large)
  expect(found!.schema).toMatchObject({ format: 'csv', rowsExact: false })
  expect(Math.abs(found!.schema.rows! / (size / line.length) - 1)).toBeLessThan(0.01)
  expect(read).toBeLessThan(80_000_000)
}, 60_000)

group('Parquet', () => {
  it('is described by its own footer', async () => {
    const day = (text: string) => new Date(`${text}T12:00:00Z`)
    const data = parquetWriteBuffer({
      columnData: [
        { name: 'id', data: [1, 2, 3], type: 'INT32' },
        { name: 'when', data: [day('2020-02-29'), day('2021-01-01'), day('2019-05-05')], type: 'TIMESTAMP' },
        { name: 'name', data: ['a', 'b', 'c'], type: 'STRING' },
        { name: 'on', data: [true, false, true], type: 'BOOLEAN' },
      ],
      rowGroupSize: 2,
    })
    const expected = {
      format: 'parquet',
      rows: 3,
      rowsExact: true,
      columns: [
        { name: 'id', type: 'number' },
        { name: 'when', type: 'date' },
        { name: 'name', type: 'string' },
        { name: 'on', type: 'boolean' },
      ],
      from: '2019-05-05',
      to: '2021-01-01',
    }
    expect(await schemaOf(data, 'x.csv')).toEqual(expected)
    expect(await of(data.slice(0, data.byteLength - 20))).toBeNull()
  })
})
