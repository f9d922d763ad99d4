import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { codeOf, rejectionOf, vectors } from '../testing/vectors.js'
import { canonicalJson } from './canonical-json.js'
import { documentAddress, documentCids, documentDigest, parseDocument } from './document.js'
import {
  manifestDocumentSchema,
  metadataDocumentSchema,
  newMetadataDocumentSchema,
  profileDocumentSchema,
  termsDocumentSchema,
} from './documents/index.js'
import type { Hex } from './hex.js'

const text = (value: unknown) => new TextDecoder().decode(canonicalJson(value))
const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const id = (n: number) => `0x${n.toString(16).padStart(64, '0')}` as Hex

const metadata = {
  version: 'granary/metadata/v1',
  title: 'Ratings',
  description: '',
  mediaType: 'text/csv',
  size: 0,
  license: 'CC-BY-4.0',
}
const manifest = {
  version: 'granary/manifest/v1',
  chainId: 31_337,
  blockHash: id(9),
  blockNumber: 7,
  pool: 1,
  purposes: 2,
  filters: { excludedOwners: ['0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'], maxPerOwner: null },
  datasets: [id(1), id(2)],
}

describe('canonical JSON', () => {
  it('is what RFC 8785 shows in 3.2.2 and 3.2.3', () => {
    const sample = JSON.parse(String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`)
    expect(text(sample)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    )
    const keys =
      JSON.parse(String.raw`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh",
      "1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`)
    expect(Object.values(JSON.parse(text(keys)))).toEqual([
      'One',
      'Carriage Return',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ])
  })

  it.each([
    [0, '0'],
    [-0, '0'],
    [5e-324, '5e-324'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
    [9007199254740992, '9007199254740992'],
    [295147905179352830000, '295147905179352830000'],
    [1e21, '1e+21'],
    [1e-7, '1e-7'],
    [0.000001, '0.000001'],
  ])('writes %p as RFC 8785 appendix B says', (number, expected) => expect(text(number)).toBe(expected))

  it('gives the same bytes whatever the order of members, and parses to what went in', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3, noUnicodeString: false }), (value) => {
        const shuffled = (part: unknown): unknown => {
          if (Array.isArray(part)) return part.map(shuffled)
          if (typeof part !== 'object' || part === null) return part
          return Object.fromEntries(
            Object.entries(part)
              .reverse()
              .map(([name, member]) => [name, shuffled(member)]),
          )
        }
        expect(text(shuffled(value))).toBe(text(value))
        expect(text(JSON.parse(text(value)))).toBe(text(value))
        expect(JSON.parse(text(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('leaves out undefined members', () => expect(text({ b: undefined, a: 1 })).toBe('{"a":1}'))

  it.each([
    ['a bigint', 1n],
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a lone surrogate', '\ud800'],
    ['a lone surrogate in a name', { '\udc00': 1 }],
    ['undefined', undefined],
    ['a hole', [undefined]],
    ['a date', new Date(0)],
    ['bytes', new Uint8Array(1)],
    ['a function', () => 1],
  ])('refuses %s', (_what, value) => expect(codeOf(() => canonicalJson(value))).toBe('ARGUMENT_INVALID'))

  it('refuses a cycle, but not the same object twice', () => {
    const cycle: { self?: unknown } = {}
    cycle.self = cycle
    expect(codeOf(() => canonicalJson(cycle))).toBe('ARGUMENT_INVALID')
    const shared = { a: 1 }
    expect(text([shared, shared])).toBe('[{"a":1},{"a":1}]')
  })
})

describe('a document', () => {
  it('has a raw root up to 1 MiB and a dag-pb root above', async () => {
    const at = await documentAddress(new Uint8Array(2 ** 20))
    const above = await documentAddress(new Uint8Array(2 ** 20 + 1))
    expect([at.rawRoot, above.rawRoot]).toEqual([true, false])
    expect(documentCids(at.content)[0]).toBe(at.cid)
    expect(documentCids(above.content)[1]).toBe(above.cid)
  })

  it('has the digest of its canonical bytes, whatever the order of its members', async () => {
    const { digest, cid } = await documentDigest(metadata)
    const reversed = Object.fromEntries(Object.entries(metadata).reverse())
    expect(await documentDigest(reversed)).toMatchObject({ digest, cid })
    expect(documentCids(digest)[0]).toBe(cid)
    expect(await rejectionOf(documentDigest({ size: 1n }))).toBe('ARGUMENT_INVALID')
  })

  it('keeps its digest when it is read', async () => {
    for (const [schema, document] of [
      [metadataDocumentSchema, metadata],
      [manifestDocumentSchema, manifest],
    ] as const) {
      const { bytes: sent, digest } = await documentDigest(document)
      expect((await documentDigest(parseDocument<unknown>(schema, sent))).digest).toBe(digest)
    }
  })

  const refused = (change: object) =>
    codeOf(() => parseDocument(metadataDocumentSchema, bytes({ ...metadata, ...change })))

  it('is refused when a field is missing, wrong or not known', () => {
    expect(refused({ size: -1 })).toBe('DOCUMENT_INVALID')
    expect(refused({ size: 0.5 })).toBe('DOCUMENT_INVALID')
    expect(refused({ title: undefined })).toBe('DOCUMENT_INVALID')
    expect(refused({ title: 'x'.repeat(201) })).toBe('DOCUMENT_INVALID')
    expect(refused({ sha256: id(1) })).toBe('DOCUMENT_INVALID')
    expect(refused({ mediaType: '' })).toBe('DOCUMENT_INVALID')
  })

  describe('of metadata, with what the file holds,', () => {
    const schema = {
      version: 'granary/schema/v1',
      format: 'csv',
      rows: 3,
      rowsExact: true,
      columns: [{ name: 'day', type: 'date' }],
      from: '2024-02-29',
      to: '2025-01-01',
    }
    const column = (name: string) => ({ name, type: 'string' })
    const entry = (kind: string) => ({ kind, count: 1, bytes: 0 })

    it.each([
      ['all of it', schema],
      ['nothing but a format', { format: 'json' }],
      ['one day', { ...schema, to: '2024-02-29' }],
      ['an estimate', { ...schema, rowsExact: undefined }],
      ['500 columns', { ...schema, columns: Array.from({ length: 500 }, (_, n) => column(`c${n}`)) }],
      ['a name of 200', { ...schema, columns: [column('x'.repeat(200))] }],
      ['100 kinds', { format: 'zip', entries: Array.from({ length: 100 }, (_, n) => entry(`k${n}`)) }],
      ['a text, as older documents have', 'https://schema.example/steps'],
    ])('takes %s', (_what, value) => {
      const document = { ...metadata, schema: value }
      expect(parseDocument(metadataDocumentSchema, bytes(document))).toEqual(
        JSON.parse(JSON.stringify(document)),
      )
      expect(newMetadataDocumentSchema.safeParse(document).success).toBe(true)
    })

    it.each([
      ['another version', { ...schema, version: 'granary/schema/v2' }],
      ['another format', { ...schema, format: 'xml' }],
      ['no format', { rows: 1 }],
      ['a member that it does not know', { ...schema, sample: ['Alice'] }],
      ['a value in a column', { ...schema, columns: [{ ...column('day'), sample: '2024-02-29' }] }],
      ['another type', { ...schema, columns: [{ name: 'day', type: 'blob' }] }],
      ['501 columns', { ...schema, columns: Array.from({ length: 501 }, () => column('c')) }],
      ['a name of 201', { ...schema, columns: [column('x'.repeat(201))] }],
      ['half a character', { ...schema, columns: [column('\ud83d')] }],
      ['rows below zero', { ...schema, rows: -1 }],
      ['half a row', { ...schema, rows: 0.5 }],
      ['exactness of nothing', { ...schema, rows: undefined }],
      ['a day that there is not', { ...schema, from: '2023-02-29' }],
      ['a time', { ...schema, from: '2024-02-29T00:00:00Z' }],
      ['an end before the beginning', { ...schema, to: '2024-02-28' }],
      ['101 kinds', { format: 'zip', entries: Array.from({ length: 101 }, () => entry('k')) }],
      ['a kind of 101', { format: 'zip', entries: [entry('x'.repeat(101))] }],
      ['bytes below zero', { format: 'zip', entries: [{ ...entry('csv'), bytes: -1 }] }],
    ])('refuses %s', (_what, value) => expect(refused({ schema: value })).toBe('DOCUMENT_INVALID'))

    it('has the digest that an independent program computed, old documents as before', async () => {
      const { documents } = vectors<{ documents: { document: unknown; bytes: string; digest: Hex }[] }>(
        'metadata',
      )
      for (const { document, bytes: expected, digest } of documents) {
        const parsed = parseDocument<unknown>(metadataDocumentSchema, bytes(document))
        expect(text(parsed)).toBe(expected)
        expect((await documentDigest(parsed)).digest).toBe(digest)
      }
    })

    it('may say 2,000 characters more, in older documents 5,000', () => {
      const fits = (length: number) => {
        const document = { ...metadata, description: 'x'.repeat(length) }
        return [newMetadataDocumentSchema, metadataDocumentSchema].map(
          (known) => known.safeParse(document).success,
        )
      }
      expect([2000, 2001, 5000, 5001].map(fits)).toEqual([
        [true, true],
        [false, true],
        [false, true],
        [false, false],
      ])
      expect(refused({ description: undefined, schema: 'x'.repeat(501) })).toBe('DOCUMENT_INVALID')
    })
  })

  it('is refused when its version is not known', () => {
    expect(refused({ version: 'granary/metadata/v2' })).toBe('VERSION_UNKNOWN')
    expect(codeOf(() => parseDocument(metadataDocumentSchema, bytes(manifest)))).toBe('VERSION_UNKNOWN')
  })

  it('is refused when it is no UTF-8 JSON, no object, or too large', () => {
    const read = (data: Uint8Array, limit?: number) =>
      codeOf(() => parseDocument(metadataDocumentSchema, data, limit))
    expect(read(new Uint8Array())).toBe('DOCUMENT_INVALID')
    expect(read(Uint8Array.of(0x22, 0xff, 0x22))).toBe('DOCUMENT_INVALID')
    expect(read(bytes(null))).toBe('DOCUMENT_INVALID')
    expect(read(bytes(metadata), 10)).toBe('DOCUMENT_TOO_LARGE')
    expect(read(new Uint8Array(2 ** 20 + 1))).toBe('DOCUMENT_TOO_LARGE')
  })

  it('of a manifest has ascending ids in their one spelling', () => {
    const read = (change: object) => manifestDocumentSchema.safeParse({ ...manifest, ...change }).success
    expect(read({})).toBe(true)
    expect(read({ datasets: [id(2), id(1)] })).toBe(false)
    expect(read({ datasets: [id(1), id(1)] })).toBe(false)
    expect(read({ datasets: [] })).toBe(false)
    expect(read({ datasets: [`0x${'A'.repeat(64)}`] })).toBe(false)
    expect(
      read({
        filters: { excludedOwners: [manifest.filters.excludedOwners[0]!.toLowerCase()], maxPerOwner: 1 },
      }),
    ).toBe(false)
    expect(read({ filters: { excludedOwners: [], maxPerOwner: 0 } })).toBe(false)
    expect(read({ filters: { excludedOwners: [], maxPerOwner: 5, datasets: [id(1)] } })).toBe(true)
  })

  it('of a trainer links by http only', () => {
    const profile = { version: 'granary/profile/v1', name: 'Trent', description: '' }
    const read = (url?: string) => profileDocumentSchema.safeParse({ ...profile, url }).success
    expect([read(), read('https://example.org/trent')]).toEqual([true, true])
    expect([read('javascript:alert(1)'), read('trent'), read('')]).toEqual([false, false, false])
  })

  it('of a pool has its terms', () => {
    const terms = {
      version: 'granary/terms/v1',
      title: 'Everything',
      description: '',
      terms: 'As you like it.',
    }
    expect(termsDocumentSchema.safeParse(terms).success).toBe(true)
    expect(termsDocumentSchema.safeParse({ ...terms, title: '' }).success).toBe(false)
  })
})
