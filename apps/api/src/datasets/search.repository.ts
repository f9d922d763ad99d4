import { DATASET_FORMATS, type DatasetFormat, type DatasetOrder } from '@granary/protocol'
import { Prisma } from '../database/generated/client.js'

// What the catalogue is searched by, as parts of SQL over a dataset `d` and its metadata document `m`.

/** What a consent must allow: maps of section 2 of the protocol, split into permits and restrictions. */
export interface Allowing {
  permits: number
  restrictions: number
}

export interface DatasetFilter {
  owner?: string | undefined
  pool?: number | undefined
  /** Only consents that cover this now: neither expired nor withdrawn. */
  allowing?: Allowing | undefined
  status?: 'active' | 'withdrawn' | 'expired' | undefined
  /** Beginnings of words that title and description must have, all of them. */
  words?: readonly string[] | undefined
  formats?: readonly DatasetFormat[] | undefined
  ask?: boolean | undefined
  /** Of the plaintext, in bytes: from this many, to fewer than that many. */
  minSize?: number | undefined
  maxSize?: number | undefined
  /** When it was registered: not before the one, before the other. */
  since?: Date | undefined
  before?: Date | undefined
}

const RESTRICT_BITS = 0xff00_0000

/** Where `d` comes from; with `m` only where something asks for it, since most lists do without. */
export function source(filter: DatasetFilter, withDocument = false): Prisma.Sql {
  const asks = ABOUT_DOCUMENTS.some((name) => filter[name] !== undefined)
  if (!asks && !withDocument) return Prisma.sql`"Dataset" d`
  return Prisma.sql`"Dataset" d LEFT JOIN "Document" m
    ON m."digest" = d."metadata" AND m."body"->>'version' = 'granary/metadata/v1'`
}

const ABOUT_DOCUMENTS = ['words', 'formats', 'minSize', 'maxSize'] as const

/** Said of what only a document that is here can fulfil: so the planner may begin at the indexes of documents. */
const HERE = Prisma.sql`m."digest" IS NOT NULL`

/**
 * True of every `m`, and guessed to be true of few: without it the planner takes words for frequent and reads all datasets
 * from the newest on, although most words are rare.
 */
const FEW = Prisma.sql`(m."body"->>'version') || '' = 'granary/metadata/v1'`

/** To the letter the expression of the index `Document_words_idx`. */
export const WORDS = Prisma.raw(
  `to_tsvector('simple', translate(lower(left(coalesce(m."body"->>'title', '') || ' ' || coalesce(m."body"->>'description', ''), 6000)), 'àáâãäåçèéêëìíîïñòóôõöùúûüýÿ._-/@:,()[]{}+&#', 'aaaaaaceeeeiiiinooooouuuuyy                '))`,
)

/** In bytes; null while there is no document that says so. To the letter that of `Document_size_idx`. */
export const SIZE = Prisma.sql`CASE WHEN jsonb_typeof(m."body"->'size') = 'number' THEN (m."body"->>'size')::numeric END`

// A semicolon by its number: the migration says the same, and what applies those would end a statement there.
const MEDIA_TYPE = `split_part(lower(m."body"->>'mediaType'), chr(59), 1)`
const NAMED = DATASET_FORMATS.map((format) => `'${format}'`).join(', ')

/** One of DATASET_FORMATS: what the document's schema says, else what follows from its media type. As `Document_format_idx`. */
export const FORMAT = Prisma.raw(`CASE
  WHEN m."body"->'schema'->>'format' IN (${NAMED}) THEN m."body"->'schema'->>'format'
  WHEN ${MEDIA_TYPE} IN ('text/csv', 'text/tab-separated-values') THEN 'csv'
  WHEN ${MEDIA_TYPE} IN ('application/jsonl', 'application/x-ndjson', 'application/x-jsonlines') THEN 'jsonl'
  WHEN ${MEDIA_TYPE} IN ('application/json', 'application/geo+json') THEN 'json'
  WHEN ${MEDIA_TYPE} IN ('application/vnd.apache.parquet', 'application/x-parquet') THEN 'parquet'
  WHEN ${MEDIA_TYPE} IN ('application/zip', 'application/x-zip-compressed') THEN 'zip'
  WHEN ${MEDIA_TYPE} LIKE 'text/%' THEN 'text'
  WHEN ${MEDIA_TYPE} LIKE 'image/%' THEN 'image'
  WHEN ${MEDIA_TYPE} LIKE 'audio/%' THEN 'audio'
  WHEN ${MEDIA_TYPE} LIKE 'video/%' THEN 'video'
  ELSE 'other' END`)

/** What a person typed, as the beginnings of words that the index knows; at most `MOST_WORDS` of them. */
export function wordsOf(text: string): string[] {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  return (plain.match(/[\p{L}\p{N}]+/gu) ?? []).slice(0, MOST_WORDS)
}

const MOST_WORDS = 16

/** What a dataset must be, each as a condition of its own, by what it is about. */
function conditions(filter: DatasetFilter): [keyof DatasetFilter, Prisma.Sql][] {
  const { owner, pool, allowing, status, words, formats, ask, minSize, maxSize, since, before } = filter
  const now = BigInt(Math.floor(Date.now() / 1000))
  const live = Prisma.sql`NOT d."withdrawn" AND (d."expires" = 0 OR d."expires" > ${now})`
  const parts: [keyof DatasetFilter, Prisma.Sql][] = []
  if (owner !== undefined) parts.push(['owner', Prisma.sql`d."owner" = ${owner}`])
  if (pool !== undefined) parts.push(['pool', Prisma.sql`d."pool" = ${pool}`])
  if (allowing !== undefined) {
    const permits = BigInt(allowing.permits)
    const broken = BigInt(RESTRICT_BITS) & ~BigInt(allowing.restrictions)
    const covered = Prisma.sql`(d."purposes" & ${permits}) = ${permits} AND (d."purposes" & ${broken}) = 0`
    parts.push(['allowing', Prisma.sql`${live} AND ${covered}`])
  }
  if (status === 'active') parts.push(['status', live])
  if (status === 'withdrawn') parts.push(['status', Prisma.sql`d."withdrawn"`])
  if (status === 'expired')
    parts.push(['status', Prisma.sql`NOT d."withdrawn" AND d."expires" <> 0 AND d."expires" <= ${now}`])
  if (words !== undefined) {
    const query = words.map((word) => `'${word}':*`).join(' & ')
    const found = Prisma.sql`${HERE} AND ${FEW} AND ${WORDS} @@ to_tsquery('simple', ${query})`
    parts.push(['words', words.length === 0 ? Prisma.sql`FALSE` : found])
  }
  if (formats !== undefined) {
    const one = Prisma.sql`${FORMAT} = ANY(${[...formats]})`
    // A dataset without a document is of another format.
    parts.push(['formats', formats.includes('other') ? one : Prisma.sql`${HERE} AND ${one}`])
  }
  if (ask !== undefined) parts.push(['ask', Prisma.sql`d."ask" = ${ask}`])
  if (minSize !== undefined) parts.push(['minSize', Prisma.sql`${HERE} AND ${SIZE} >= ${minSize}`])
  if (maxSize !== undefined) parts.push(['maxSize', Prisma.sql`${HERE} AND ${SIZE} < ${maxSize}`])
  if (since !== undefined) parts.push(['since', Prisma.sql`d."time" >= ${since}`])
  if (before !== undefined) parts.push(['before', Prisma.sql`d."time" < ${before}`])
  return parts
}

/** All of it, save what `leftOut` names: a facet counts what there would be without its own choice. */
export function where(filter: DatasetFilter, ...leftOut: (keyof DatasetFilter)[]): Prisma.Sql {
  const parts = conditions(filter).filter(([about]) => !leftOut.includes(about))
  return Prisma.join([Prisma.sql`TRUE`, ...parts.map(([, part]) => part)], ' AND ')
}

/** Where a page begins: after the dataset at `position`, whose size counts where sizes are what it goes by. */
export interface Place {
  position: bigint
  size: number
}

/** Datasets without a known size count as empty. */
export const SORT_SIZE = Prisma.sql`coalesce(${SIZE}, 0)`

/** By what a list goes, over the columns `plain` and `position`. */
export const ORDERS: Record<DatasetOrder, Prisma.Sql> = {
  newest: Prisma.sql`"position" DESC`,
  oldest: Prisma.sql`"position" ASC`,
  largest: Prisma.sql`"plain" DESC, "position" DESC`,
  smallest: Prisma.sql`"plain" ASC, "position" ASC`,
}

/** What comes after a place in that order. */
export function after(order: DatasetOrder, place: Place | null): Prisma.Sql {
  if (place === null) return Prisma.empty
  const { position, size } = place
  switch (order) {
    case 'newest':
      return Prisma.sql`AND d."position" < ${position}`
    case 'oldest':
      return Prisma.sql`AND d."position" > ${position}`
    case 'largest':
      return Prisma.sql`AND (${SORT_SIZE}, d."position") < (${size}::numeric, ${position}::bigint)`
    case 'smallest':
      return Prisma.sql`AND (${SORT_SIZE}, d."position") > (${size}::numeric, ${position}::bigint)`
  }
}
