import type { Hex } from '@granary/protocol'
import { Database } from '../database/database.js'
import { Prisma } from '../database/generated/client.js'
import { countStatistics, statisticDifferences } from './statistics.repository.js'
import { PLACES, REBUILT, type RebuiltTable, type TableDifference } from './tables.js'

/** Where the tables are built beside those in use. */
export const WORKSHOP = 'granary_reindex'
const LIVE = 'public'

type Tx = Pick<Prisma.TransactionClient, '$queryRaw' | '$executeRaw'>

/** A table with the columns that are compared; `key` are those of its primary key. */
interface Shape extends RebuiltTable {
  key: string[]
  columns: string[]
}

/** What is asked of a rebuilt database: which documents and contents it has to have. */
export interface Wanted {
  metadata: string[]
  terms: string[]
  profile: string[]
  manifest: string[]
}

export interface WantedContent {
  content: string
  rawRoot: boolean
  /** whether every dataset of it is withdrawn: then it may have been erased */
  withdrawn: boolean
  /** whether an owner had it erased: then it is not looked for */
  erased: boolean
}

/** The tables in use, those built anew in a schema beside them, and what differs. Not a Nest provider. */
export class ReindexRepository {
  constructor(
    private readonly live: Database,
    private readonly built: Database,
  ) {}

  /** Whether the tables in use are there. */
  async isMigrated(): Promise<boolean> {
    const known = await this.live.$queryRaw<{ name: string }[]>`
      SELECT tablename AS name FROM pg_tables WHERE schemaname = ${LIVE}`
    const names = new Set(known.map(({ name }) => name))
    return [...REBUILT, ...PLACES, { name: 'Lease' }].every(({ name }) => names.has(name))
  }

  /** What an unfinished reindex left says of itself; null when there is none. */
  async left(): Promise<string | null> {
    const [found] = await this.live.$queryRaw<{ note: string | null }[]>`
      SELECT obj_description(oid, 'pg_namespace') AS note FROM pg_namespace WHERE nspname = ${WORKSHOP}`
    return found?.note ?? null
  }

  /** The columns of all tables in use: what an unfinished reindex was built for. */
  async shape(): Promise<string> {
    const columns = await this.live.$queryRaw<{ text: string }[]>`
      SELECT string_agg(table_name || '.' || column_name || ' ' || data_type, ',' ORDER BY table_name, ordinal_position)
        AS text FROM information_schema.columns WHERE table_schema = ${LIVE}`
    return columns[0]?.text ?? ''
  }

  /** Empty tables like those in use, in a schema of their own, with a note of what they are for. */
  async begin(note: string): Promise<void> {
    await this.live.writeTables(async (tx) => {
      await tx.$executeRaw`DROP SCHEMA IF EXISTS ${raw(WORKSHOP)} CASCADE`
      await tx.$executeRaw`CREATE SCHEMA ${raw(WORKSHOP)}`
      const tables = await tx.$queryRaw<{ name: string }[]>`
        SELECT tablename AS name FROM pg_tables WHERE schemaname = ${LIVE} AND left(tablename, 1) <> '_'`
      for (const { name } of tables)
        await tx.$executeRaw`CREATE TABLE ${at(WORKSHOP, name)} (LIKE ${at(LIVE, name)} INCLUDING ALL)`
      // Foreign keys are not copied; with an empty path every name in their text is said in full.
      await tx.$executeRaw`SET LOCAL search_path TO pg_catalog`
      const keys = await tx.$queryRaw<{ name: string; text: string }[]>`
        SELECT t.relname::text AS name, pg_get_constraintdef(c.oid) AS text FROM pg_constraint c
          JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace
        WHERE c.contype = 'f' AND n.nspname = ${LIVE}`
      for (const { name, text } of keys)
        await tx.$executeRaw`ALTER TABLE ${at(WORKSHOP, name)}
          ADD ${raw(text.replace(`REFERENCES ${LIVE}.`, `REFERENCES ${WORKSHOP}.`))}`
      await tx.$executeRaw`COMMENT ON SCHEMA ${raw(WORKSHOP)} IS ${raw(literal(note))}`
    })
  }

  async end(): Promise<void> {
    await this.live.$executeRaw`DROP SCHEMA IF EXISTS ${raw(WORKSHOP)} CASCADE`
  }

  /** How many events were taken over. */
  events(): Promise<number> {
    return this.built.chainEvent.count()
  }

  /** Digests of the documents that the chain names. */
  async wantedDocuments(): Promise<Wanted> {
    const digests = async (rows: Promise<{ digest: string }[]>) => (await rows).map(({ digest }) => digest)
    return {
      terms: await digests(
        this.built.$queryRaw`SELECT DISTINCT "terms" AS digest FROM ${at(WORKSHOP, 'Pool')}`,
      ),
      metadata: await digests(
        this.built.$queryRaw`SELECT DISTINCT "metadata" AS digest FROM ${at(WORKSHOP, 'Dataset')}`,
      ),
      profile: await digests(
        this.built.$queryRaw`SELECT DISTINCT "args" ->> 'profile' AS digest FROM ${at(WORKSHOP, 'ChainEvent')}
          WHERE "name" IN ('Applied', 'Approved') AND "args" ->> 'profile' !~ '^0x0*$'`,
      ),
      manifest: await digests(
        this.built.$queryRaw`
          SELECT DISTINCT "manifestDocument" AS digest FROM ${at(WORKSHOP, 'AccessRequest')}`,
      ),
    }
  }

  /** Contents of datasets that are not among the rebuilt ones yet; where owners disagree the node comes first. */
  wantedContents(): Promise<WantedContent[]> {
    return this.built.$queryRaw`
      SELECT "content", bool_and("rawRoot") AS "rawRoot", bool_and("withdrawn") AS "withdrawn",
        EXISTS (SELECT 1 FROM ${at(LIVE, 'Erasure')} e
          WHERE e."content" = d."content" AND e."state" IN ('erasing', 'erased')) AS "erased"
      FROM ${at(WORKSHOP, 'Dataset')} d
      WHERE NOT EXISTS (SELECT 1 FROM ${at(WORKSHOP, 'Content')} c WHERE c."content" = d."content")
      GROUP BY d."content" ORDER BY d."content"`
  }

  /** What the tables in use have of these documents. */
  async liveDocuments(digests: string[]): Promise<{ digest: string; body: unknown }[]> {
    return this.live.document.findMany({ where: { digest: { in: digests } } })
  }

  /** Documents in use that the chain does not name, by their digests: those after `after`. */
  async otherDocuments(after: string, take: number): Promise<{ digest: string; body: unknown }[]> {
    return this.live.$queryRaw`
      SELECT "digest", "body" FROM ${at(LIVE, 'Document')} d
      WHERE "digest" > ${after} AND NOT EXISTS (SELECT 1 FROM ${at(WORKSHOP, 'Document')} b WHERE b."digest" = d."digest")
      ORDER BY "digest" LIMIT ${take}`
  }

  async removeDocuments(digests: string[]): Promise<void> {
    await this.live.document.deleteMany({ where: { digest: { in: digests } } })
  }

  /** Settlements that stand and whose documents were not found, the first first. */
  unreadSettlements(): Promise<{ sequence: number; number: number; document: Hex }[]> {
    return this.built.$queryRaw`
      SELECT "sequence", "number", "document" FROM ${at(WORKSHOP, 'Settlement')}
      WHERE "voided" IS NULL AND NOT "read" ORDER BY "sequence"`
  }

  /** Whether the tables in use lack what a settlement's document says and these have: their API may be about to read it. */
  async isReadAhead(): Promise<boolean> {
    const [row] = await this.live.$queryRaw<{ ahead: boolean }[]>`
      SELECT EXISTS (SELECT 1 FROM ${at(LIVE, 'Settlement')} l JOIN ${at(WORKSHOP, 'Settlement')} b USING ("sequence")
        WHERE NOT l."read" AND b."read") AS ahead`
    return row?.ahead === true
  }

  /** @param kept settlements of which the rows in use stay as they are, by sequence */
  async compare(kept: number[]): Promise<Record<string, TableDifference>> {
    const found: Record<string, TableDifference> = {}
    for (const table of REBUILT) {
      found[table.name] = await differences(this.live, await shapeOf(this.live, table), kept)
    }
    found.Statistic = await statisticDifferences(this.live)
    return found
  }

  /** Puts the tables in use right, in one transaction: readers see them as they were or as they should be. */
  async apply(kept: number[]): Promise<void> {
    await this.live.writeTables(async (tx) => {
      const shapes = []
      for (const table of [...REBUILT, ...PLACES]) shapes.push(await shapeOf(tx, table))
      for (const shape of [...shapes].reverse()) if (!shape.more) await removeSurplus(tx, shape, kept)
      for (const shape of shapes) {
        await correct(tx, shape, kept)
        await addMissing(tx, shape)
      }
      await countStatistics(tx)
      // What was put right may be a file that the keeper has not in care.
      await tx.$executeRaw`INSERT INTO ${at(LIVE, 'Unadopted')} ("content")
        SELECT c."content" FROM ${at(LIVE, 'Content')} c
        WHERE NOT EXISTS (SELECT 1 FROM ${at(LIVE, 'StoredFile')} f WHERE f."cid" = c."cid")
        UNION SELECT d."digest" FROM ${at(LIVE, 'Document')} d
        WHERE NOT EXISTS (SELECT 1 FROM ${at(LIVE, 'StoredFile')} f WHERE f."cid" = d."cid")`
    })
  }
}

async function shapeOf(tx: Tx, table: RebuiltTable): Promise<Shape> {
  const columns = await tx.$queryRaw<{ name: string; key: boolean }[]>`
    SELECT a.attname::text AS name, coalesce(a.attnum = ANY(i.indkey), false) AS key FROM pg_attribute a
      JOIN pg_class t ON t.oid = a.attrelid JOIN pg_namespace n ON n.oid = t.relnamespace
      LEFT JOIN pg_index i ON i.indrelid = t.oid AND i.indisprimary
    WHERE n.nspname = ${LIVE} AND t.relname = ${table.name} AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`
  const names = columns.map(({ name }) => name).filter((name) => !table.onlyHere.includes(name))
  return { ...table, columns: names, key: columns.filter(({ key }) => key).map(({ name }) => name) }
}

async function differences(tx: Tx, shape: Shape, kept: number[]): Promise<TableDifference> {
  const first = shape.key[0] as string
  const [row] = await tx.$queryRaw<TableDifference[]>`
    SELECT count(${column('b', first)})::int AS "rows",
      count(*) FILTER (WHERE ${column('l', first)} IS NULL)::int AS "missing",
      count(*) FILTER (WHERE ${column('b', first)} IS NULL AND ${deletable(shape, kept)})::int AS "surplus",
      count(*) FILTER (WHERE ${column('l', first)} IS NOT NULL AND ${column('b', first)} IS NOT NULL
        AND ${differs(shape, kept)})::int AS "altered"
    FROM ${at(LIVE, shape.name)} l FULL JOIN ${at(WORKSHOP, shape.name)} b ON ${sameKey(shape)}`
  return row as TableDifference
}

async function removeSurplus(tx: Tx, shape: Shape, kept: number[]): Promise<void> {
  await tx.$executeRaw`DELETE FROM ${at(LIVE, shape.name)} l WHERE ${deletable(shape, kept)}
    AND NOT EXISTS (SELECT 1 FROM ${at(WORKSHOP, shape.name)} b WHERE ${sameKey(shape)})`
}

async function correct(tx: Tx, shape: Shape, kept: number[]): Promise<void> {
  const values = shape.columns.map(
    (name) => Prisma.sql`${raw(quoted(name))} = ${builtValue(shape, name, kept)}`,
  )
  await tx.$executeRaw`UPDATE ${at(LIVE, shape.name)} l SET ${Prisma.join(values)}
    FROM ${at(WORKSHOP, shape.name)} b WHERE ${sameKey(shape)} AND ${differs(shape, kept)}`
}

async function addMissing(tx: Tx, shape: Shape): Promise<void> {
  const names = raw(shape.columns.map(quoted).join(', '))
  await tx.$executeRaw`INSERT INTO ${at(LIVE, shape.name)} (${names})
    SELECT ${names} FROM ${at(WORKSHOP, shape.name)} b
    WHERE NOT EXISTS (SELECT 1 FROM ${at(LIVE, shape.name)} l WHERE ${sameKey(shape)})`
}

/** Whether a row in use that was not rebuilt is one too many. */
function deletable(shape: Shape, kept: number[]): Prisma.Sql {
  if (shape.more) return Prisma.sql`FALSE`
  const ofSettlement = shape.name === 'Use' || shape.name === 'Leaf'
  return ofSettlement ? Prisma.sql`l."sequence" <> ALL(${kept}::int[])` : Prisma.sql`TRUE`
}

function differs(shape: Shape, kept: number[]): Prisma.Sql {
  const live = shape.columns.map((name) => column('l', name))
  const built = shape.columns.map((name) => builtValue(shape, name, kept))
  return Prisma.sql`(${Prisma.join(live)}) IS DISTINCT FROM (${Prisma.join(built)})`
}

/** What a column should be. Of a settlement whose document was not found, what was read of it before stays. */
function builtValue(shape: Shape, name: string, kept: number[]): Prisma.Sql {
  if (shape.name !== 'Settlement' || name !== 'read') return column('b', name)
  return Prisma.sql`CASE WHEN b."sequence" = ANY(${kept}::int[]) THEN l."read" ELSE b."read" END`
}

function sameKey({ key }: Shape): Prisma.Sql {
  return Prisma.join(
    key.map((name) => Prisma.sql`${column('l', name)} = ${column('b', name)}`),
    ' AND ',
  )
}

const raw = Prisma.raw
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`
const at = (schema: string, table: string) => raw(`${quoted(schema)}.${quoted(table)}`)
const column = (alias: string, name: string) => raw(`${alias}.${quoted(name)}`)
