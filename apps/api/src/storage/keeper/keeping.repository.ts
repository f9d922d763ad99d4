import { type CopyState, copyStateSchema, type StorageState, storageStateSchema } from '@granary/protocol'
import { Injectable } from '@nestjs/common'
import { Database } from '../../database/database.js'
import type { StorageEvent, StoredCopy, StoredFile } from '../../database/generated/client.js'

/** Of each file the newest events are kept; older ones go. */
const MOST_EVENTS = 200

export const FILE_STATES = storageStateSchema.options
export const COPY_STATES = copyStateSchema.options

export interface NewEvent {
  type: 'held' | 'missing' | 'repaired' | 'lost' | 'copied' | 'copy-missing' | 'lied' | 'erased' | 'kept'
  location?: string
  blocks?: number
  code?: string
}

/** What the keeper knows of files and of their copies. */
@Injectable()
export class KeepingRepository {
  constructor(private readonly database: Database) {}

  /**
   * Takes files into care that came since: sealed files of datasets, documents that the chain names. Of settlements only
   * the blocks' names are known, the root's being the last. Looks at no more than `take` of what the queue has; how many
   * it had.
   */
  async adopt(take: number): Promise<number> {
    const [row] = await this.database.$queryRaw<{ queued: number }[]>`
      WITH queued AS (
        DELETE FROM "Unadopted" WHERE "id" IN (SELECT "id" FROM "Unadopted" ORDER BY "id" LIMIT ${take})
        RETURNING "content"
      ), named AS (SELECT DISTINCT "content" FROM queued), adopted AS (
        INSERT INTO "StoredFile" ("cid", "content", "document", "since", "dueAt")
        SELECT t."cid", t."content", t."document", now() at time zone 'utc', now() at time zone 'utc' FROM (
          SELECT c."cid", c."content", FALSE AS "document" FROM named n JOIN "Content" c ON c."content" = n."content"
          WHERE EXISTS (SELECT 1 FROM "Dataset" d WHERE d."content" = c."content")
          UNION ALL
          SELECT c."cid", c."digest", TRUE FROM named n JOIN "Document" c ON c."digest" = n."content"
          WHERE EXISTS (SELECT 1 FROM "Dataset" d WHERE d."metadata" = c."digest")
            OR EXISTS (SELECT 1 FROM "Pool" p WHERE p."terms" = c."digest")
            OR EXISTS (SELECT 1 FROM "Trainer" t WHERE t."profile" = c."digest")
            OR EXISTS (SELECT 1 FROM "AccessRequest" r WHERE r."manifestDocument" = c."digest")
            OR EXISTS (SELECT 1 FROM "Settlement" s WHERE s."document" = c."digest")
          UNION ALL
          SELECT b."cid", b."content", TRUE FROM named n CROSS JOIN LATERAL (
            SELECT "cid", "content" FROM "ContentBlock" WHERE "content" = n."content" ORDER BY "position" DESC LIMIT 1
          ) b WHERE EXISTS (SELECT 1 FROM "Settlement" s WHERE s."document" = n."content")
            AND NOT EXISTS (SELECT 1 FROM "Document" c WHERE c."digest" = n."content")
        ) t ON CONFLICT DO NOTHING
      ) SELECT count(*)::int AS queued FROM queued`
    return row?.queued ?? 0
  }

  /**
   * Comes past all files once for a location, `take` at a time, and asks for copies of those that are held. Files that
   * are held later are `needCopy`'s; how many it came past.
   */
  async adoptCopies(location: string, kind: string, take: number): Promise<number> {
    const place = await this.database.copyPlace.findUnique({ where: { location } })
    if (place?.done) return 0
    const [row] = await this.database.$queryRaw<{ passed: number; last: string | null }[]>`
      WITH passed AS (
        SELECT "cid", "state" FROM "StoredFile" WHERE "cid" > ${place?.cid ?? ''} ORDER BY "cid" LIMIT ${take}
      ), needed AS (
        INSERT INTO "StoredCopy" ("cid", "location", "kind", "state", "since", "dueAt")
        SELECT "cid", ${location}, ${kind}, 'unchecked', now() at time zone 'utc', now() at time zone 'utc'
        FROM passed WHERE "state" = 'held' ON CONFLICT DO NOTHING
      ) SELECT count(*)::int AS passed, max("cid") AS last FROM passed`
    const [passed, last] = [row?.passed ?? 0, row?.last ?? null]
    const next = { done: passed < take, ...(last ? { cid: last } : {}) }
    await this.database.copyPlace.upsert({
      where: { location },
      create: { location, ...next },
      update: next,
    })
    return passed
  }

  /** Forgets how far it came for locations other than these: should one come back, all is looked at again. */
  async forgetPlaces(locations: string[]): Promise<void> {
    await this.database.copyPlace.deleteMany({ where: { location: { notIn: locations } } })
  }

  /** Asks for a copy of a file at a location, unless that was asked before. */
  async needCopy(cid: string, location: string, kind: string): Promise<void> {
    await this.database.$executeRaw`
      INSERT INTO "StoredCopy" ("cid", "location", "kind", "state", "since", "dueAt")
      VALUES (${cid}, ${location}, ${kind}, 'unchecked', now() at time zone 'utc', now() at time zone 'utc')
      ON CONFLICT DO NOTHING`
  }

  /** How many files there are to look after. */
  files(): Promise<number> {
    return this.database.storedFile.count({ where: { state: { not: 'erased' } } })
  }

  /** What is being erased is not looked after any more. */
  dueFiles(take: number): Promise<StoredFile[]> {
    return this.database.$queryRaw`
      SELECT f.* FROM "StoredFile" f WHERE f."state" <> 'erased' AND f."dueAt" <= now() at time zone 'utc'
        AND NOT EXISTS (SELECT 1 FROM "Erasure" e
          WHERE e."content" = f."content" AND e."state" IN ('erasing', 'erased'))
      ORDER BY f."dueAt" LIMIT ${take}`
  }

  /** Copies at these locations that are to be made, or looked at again before the file's next check. */
  dueCopies(locations: string[], take: number): Promise<StoredCopy[]> {
    return this.database.$queryRaw`
      SELECT c.* FROM unnest(${locations}::text[]) AS l("name"), LATERAL (
        SELECT * FROM "StoredCopy" WHERE "location" = l."name" AND "dueAt" <= now() at time zone 'utc'
          AND ("state" IN ('unchecked', 'pending', 'failing') OR ("state" = 'missing' AND "kind" <> 'gateway'))
        ORDER BY "dueAt" LIMIT ${take}
      ) c ORDER BY c."dueAt" LIMIT ${take}`
  }

  file(cid: string): Promise<StoredFile | null> {
    return this.database.storedFile.findUnique({ where: { cid } })
  }

  copies(cid: string): Promise<StoredCopy[]> {
    return this.database.storedCopy.findMany({ where: { cid }, orderBy: { location: 'asc' } })
  }

  events(cid: string, take: number): Promise<StorageEvent[]> {
    return this.database.storageEvent.findMany({ where: { cid }, orderBy: { id: 'desc' }, take })
  }

  /**
   * What was found of a file. An erased one stays erased whatever somebody found who began before. False when it was.
   */
  async setFile(
    { cid, state: before }: Pick<StoredFile, 'cid' | 'state'>,
    state: StorageState,
    next: { checked: boolean; dueAt: Date; failures: number },
  ): Promise<boolean> {
    const now = new Date()
    const { count } = await this.database.storedFile.updateMany({
      where: { cid, state: { not: 'erased' } },
      data: {
        state,
        dueAt: next.dueAt,
        failures: next.failures,
        ...(next.checked ? { checkedAt: now } : {}),
        ...(state === before ? {} : { since: now }),
      },
    })
    return count === 1
  }

  async setCopy(
    cid: string,
    location: string,
    kind: string,
    copy: { state: CopyState; code?: string | null; ticket?: string | null; dueAt: Date; failures: number },
    before: StoredCopy | undefined,
  ): Promise<void> {
    const now = new Date()
    const row = {
      state: copy.state,
      code: copy.code ?? null,
      dueAt: copy.dueAt,
      failures: copy.failures,
      checkedAt: now,
      ...(copy.ticket === undefined ? {} : { ticket: copy.ticket }),
      ...(before?.state === copy.state ? {} : { since: now }),
    }
    await this.database.storedCopy.upsert({
      where: { cid_location: { cid, location } },
      create: { cid, location, kind, ...row, since: now },
      update: row,
    })
  }

  async note(cid: string, event: NewEvent): Promise<void> {
    await this.database.storageEvent.create({ data: { cid, time: new Date(), ...event } })
    await this.database.$executeRaw`
      DELETE FROM "StorageEvent" WHERE "cid" = ${cid} AND "id" <=
        (SELECT "id" FROM "StorageEvent" WHERE "cid" = ${cid} ORDER BY "id" DESC OFFSET ${MOST_EVENTS} LIMIT 1)`
  }

  /** The blocks of a file by name, each once, the root last; empty when they were never written down. */
  async blocks(content: string): Promise<string[]> {
    const rows = await this.database.$queryRaw<{ cid: string }[]>`
      SELECT "cid" FROM "ContentBlock" WHERE "content" = ${content}
      GROUP BY "cid" ORDER BY max("position")`
    return rows.map(({ cid }) => cid)
  }

  /** Some of a file's blocks, at random. */
  async sample(content: string, take: number): Promise<string[]> {
    const rows = await this.database.$queryRaw<{ cid: string }[]>`
      SELECT "cid" FROM "ContentBlock" WHERE "content" = ${content} ORDER BY random() LIMIT ${take}`
    return [...new Set(rows.map(({ cid }) => cid))]
  }

  /** The body of a document, to make its blocks from again; null when it is not in the database. */
  async document(digest: string): Promise<unknown> {
    return (await this.database.document.findUnique({ where: { digest } }))?.body ?? null
  }

  /** Numbers of files and of copies by state. */
  async counts(): Promise<{ files: Map<string, number>; copies: Map<string, number> }> {
    const files = await this.database.storedFile.groupBy({ by: ['state'], _count: true })
    const copies = await this.database.storedCopy.groupBy({ by: ['state'], _count: true })
    return {
      files: new Map(files.map((row) => [row.state, row._count])),
      copies: new Map(copies.map((row) => [row.state, row._count])),
    }
  }
}
