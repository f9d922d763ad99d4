import type { ContentAddress } from '@granary/protocol'
import { Injectable } from '@nestjs/common'
import { Database } from '../database/database.js'
import { type Content, Prisma, type Upload } from '../database/generated/client.js'
import type { FileBlock } from '../storage/unixfs.js'

/** Uploads under way, what is stored of them, and the sealed files that came of them. */
@Injectable()
export class UploadRepository {
  constructor(private readonly database: Database) {}

  async find(id: string): Promise<Upload | null> {
    const [upload] = await this.database.query<Upload>(Prisma.sql`SELECT * FROM "Upload" WHERE "id" = ${id}`)
    return upload ?? null
  }

  /**
   * Adds an upload unless that would exceed what an account or the installation may have; then it says which. The row
   * of the sum, which the insertion changes, makes those that begin at once wait for each other.
   */
  async add(
    upload: { id: string; owner: string; cid: string; size: bigint; expiresAt: Date },
    limits: { atOnce: number; account: bigint; total: bigint },
  ): Promise<'added' | 'account' | 'total'> {
    const { id, owner, cid, size, expiresAt } = upload
    const tooMuch = new Error('over the limit')
    let verdict: 'added' | 'account' | 'total' = 'added'
    try {
      await this.database.$transaction(async (tx) => {
        await tx.upload.create({ data: { id, owner, cid, size, expiresAt } })
        const { bytes, uploads, total } = await usage(tx, owner)
        verdict = 'added'
        if (total > limits.total) verdict = 'total'
        if (bytes > limits.account || uploads > limits.atOnce) verdict = 'account'
        if (verdict !== 'added') throw tooMuch
      })
    } catch (error) {
      if (error !== tooMuch) throw error
    }
    return verdict
  }

  /** Bytes of all uploads under way that are still to come. */
  async outstanding(): Promise<bigint> {
    const [row] = await this.database.query<{ bytes: string }>(Prisma.sql`
      SELECT coalesce(sum("size" - "offset"), 0)::text AS bytes FROM "Upload"
      WHERE NOT "finished" AND "expiresAt" > now() at time zone 'utc'`)
    return BigInt(row?.bytes ?? '0')
  }

  /** Writes down which leaves a request is about to store, from `position` on. */
  async announce(id: string, writer: string, position: number, leaves: readonly FileBlock[]): Promise<void> {
    const [cids, sizes] = [leaves.map(({ cid }) => cid), leaves.map(({ size }) => size)]
    await this.database.query(Prisma.sql`
      INSERT INTO "UploadBlock" ("upload", "writer", "position", "cid", "size")
      SELECT ${id}, ${writer}, ${position}::int + t."place"::int - 1, t."cid", t."size"
      FROM unnest(${cids}::text[], ${sizes}::int[]) WITH ORDINALITY AS t("cid", "size", "place")`)
  }

  /**
   * Counts leaves that were announced and are stored now; a tail is part of them. False, and nothing is done, when the
   * offset is no longer `from`: then another request writes.
   */
  async advance(id: string, writer: string, from: number, to: number, positions: number[]): Promise<boolean> {
    const moved = await this.database.query(Prisma.sql`
      WITH moved AS (
        UPDATE "Upload" SET "offset" = ${BigInt(to)}
        WHERE "id" = ${id} AND "offset" = ${BigInt(from)} AND NOT "finished" RETURNING "id"
      ), counted AS (
        UPDATE "UploadBlock" SET "stored" = true
        WHERE "upload" IN (SELECT "id" FROM moved) AND "writer" = ${writer} AND "position" = ANY(${positions}::int[])
      ), used AS (
        DELETE FROM "UploadTail" WHERE "upload" IN (SELECT "id" FROM moved)
      ) SELECT "id" FROM moved`)
    return moved.length === 1
  }

  /** Keeps what came after the last whole leaf. False when the offset is no longer `from`. */
  async keepTail(id: string, from: number, to: number, bytes: Uint8Array): Promise<boolean> {
    const moved = await this.database.$executeRaw`
      WITH moved AS (
        UPDATE "Upload" SET "offset" = ${BigInt(to)}
        WHERE "id" = ${id} AND "offset" = ${BigInt(from)} AND NOT "finished" RETURNING "id"
      ) INSERT INTO "UploadTail" ("upload", "bytes") SELECT "id", ${bytes} FROM moved
      ON CONFLICT ("upload") DO UPDATE SET "bytes" = EXCLUDED."bytes"`
    return moved === 1
  }

  async tail(id: string): Promise<Uint8Array> {
    const row = await this.database.uploadTail.findUnique({ where: { upload: id } })
    return row?.bytes ?? new Uint8Array(0)
  }

  /** The leaves that are stored, in order. */
  leaves(id: string): Promise<FileBlock[]> {
    return this.database.query(Prisma.sql`
      SELECT "cid", "size" FROM "UploadBlock" WHERE "upload" = ${id} AND "stored" ORDER BY "position"`)
  }

  /** Forgets what is known of an upload's blocks, and with `whole` the upload itself; returns the blocks it named. */
  async forget(id: string, whole: boolean): Promise<string[]> {
    const rows = await this.database.query<{ cid: string }>(Prisma.sql`
      WITH tail AS (
        DELETE FROM "UploadTail" WHERE "upload" = ${id}
      ), whole AS (
        DELETE FROM "Upload" WHERE "id" = ${id} AND ${whole}
      ), blocks AS (
        DELETE FROM "UploadBlock" WHERE "upload" = ${id} RETURNING "cid"
      ) SELECT DISTINCT "cid" FROM blocks`)
    return rows.map(({ cid }) => cid)
  }

  /** The file is here: from now on it is a content, and the upload is kept only so that a client may ask. */
  async finish(id: string, address: ContentAddress, uploader: string): Promise<void> {
    const { content, cid, rawRoot, size } = address
    const now = new Date()
    await this.database.query(Prisma.sql`
      WITH kept AS (
        INSERT INTO "Content" ("content", "cid", "rawRoot", "size", "uploader", "createdAt", "wantedAt")
        VALUES (${content}, ${cid}, ${rawRoot}, ${BigInt(size)}, ${uploader}, ${now}, ${now})
        ON CONFLICT ("content") DO UPDATE SET "wantedAt" = EXCLUDED."wantedAt"
      ) UPDATE "Upload" SET "finished" = true WHERE "id" = ${id}`)
  }

  /** Uploads all of whose bytes are here but that were not finished. */
  async complete(): Promise<string[]> {
    const rows = await this.database.$queryRaw<{ id: string }[]>`
      SELECT "id" FROM "Upload" WHERE NOT "finished" AND "offset" = "size" AND "expiresAt" > now() at time zone 'utc'
      LIMIT 100`
    return rows.map(({ id }) => id)
  }

  async expired(): Promise<string[]> {
    const rows = await this.database.upload.findMany({
      where: { expiresAt: { lt: new Date() } },
      select: { id: true },
      take: 100,
    })
    return rows.map(({ id }) => id)
  }

  /** Remembers of which files a dataset is on chain; they are nobody's to sweep, whatever the tables say later. */
  async markContributed(): Promise<void> {
    await this.database.$executeRaw`
      UPDATE "Content" c SET "contributed" = true
      WHERE NOT "contributed" AND EXISTS (SELECT 1 FROM "Dataset" d WHERE d."content" = c."content")`
  }

  /** The same of files of which the chain itself said so. */
  async setContributed(contents: string[]): Promise<void> {
    await this.database.content.updateMany({
      where: { content: { in: contents } },
      data: { contributed: true },
    })
  }

  /** Who may have contributed these contents: their uploaders, and whom tables, events or relayed messages name. */
  owners(contents: readonly string[]): Promise<{ content: string; owner: string }[]> {
    const list = Prisma.sql`${[...contents]}::text[]`
    return this.database.query(Prisma.sql`
      SELECT t."content", t."owner" FROM (
        SELECT "content", "uploader" AS "owner" FROM "Content" WHERE "content" = ANY(${list})
        UNION SELECT "content", "owner" FROM "Dataset" WHERE "content" = ANY(${list})
        UNION SELECT "args" ->> 'content', "args" ->> 'owner' FROM "ChainEvent"
          WHERE "name" = 'Contributed' AND "args" ->> 'content' = ANY(${list})
        UNION SELECT "payload" #>> '{message,content}', "payload" #>> '{message,owner}' FROM "Relay"
          WHERE "kind" = 'contribution' AND "payload" #>> '{message,content}' = ANY(${list})
      ) t WHERE t."owner" ~ '^0x[0-9a-fA-F]{40}$' ORDER BY 1, 2`)
  }

  /** Files uploaded here of which no dataset was ever seen, and that nobody has wanted since `before`. */
  uncontributed(before: Date): Promise<Content[]> {
    return this.database.content.findMany({
      where: { contributed: false, uploader: { not: null }, wantedAt: { lt: before } },
      take: 100,
    })
  }

  /** Forgets one of them unless it was wanted meanwhile, and the uploads it came of; whether it did. */
  async forgetUncontributed(content: string, cid: string, before: Date): Promise<boolean> {
    const gone = await this.database.$executeRaw`
      DELETE FROM "Content" c WHERE c."content" = ${content} AND NOT c."contributed" AND c."wantedAt" < ${before}
        AND NOT EXISTS (SELECT 1 FROM "Dataset" d WHERE d."content" = c."content")`
    if (gone === 1) await this.database.upload.deleteMany({ where: { cid, finished: true } })
    return gone === 1
  }
}

/**
 * Bytes that an account has under way or uploaded without having contributed them, and how many are under way; bytes of
 * everybody's.
 */
async function usage(
  tx: Prisma.TransactionClient,
  owner: string,
): Promise<{ bytes: bigint; uploads: number; total: bigint }> {
  const [row] = await tx.$queryRaw<{ bytes: string; uploads: number; total: bigint }[]>`
    SELECT (
      (SELECT coalesce(sum("size"), 0) FROM "Upload" WHERE "owner" = ${owner} AND NOT "finished") +
      (SELECT coalesce(sum(c."size"), 0) FROM "Content" c WHERE c."uploader" = ${owner}
        AND NOT EXISTS (SELECT 1 FROM "Dataset" d WHERE d."content" = c."content"))
    )::text AS bytes,
    (SELECT count(*)::int FROM "Upload" WHERE "owner" = ${owner} AND NOT "finished") AS uploads,
    (SELECT "bytes" FROM "Tally" WHERE "name" = 'storage') AS total`
  if (!row) throw new Error('there is no row of sums')
  return { bytes: BigInt(row.bytes), uploads: row.uploads, total: row.total }
}
