import { Injectable } from '@nestjs/common'
import { Database } from '../database/database.js'
import { type ContentBlock, Prisma } from '../database/generated/client.js'
import type { FileBlock } from '../storage/unixfs.js'

const ROWS_AT_ONCE = 2_000

/** Which blocks belong to which file, and which of them are being removed. */
@Injectable()
export class BlocksRepository {
  constructor(private readonly database: Database) {}

  /** The blocks of a content in their order; none when they are not known. */
  of(content: string): Promise<ContentBlock[]> {
    return this.database.contentBlock.findMany({ where: { content }, orderBy: { position: 'asc' } })
  }

  /** Writes down the blocks of a content, in order. Repeatable. */
  async add(content: string, blocks: readonly FileBlock[]): Promise<void> {
    for (let from = 0; from < blocks.length; from += ROWS_AT_ONCE) {
      const some = blocks.slice(from, from + ROWS_AT_ONCE)
      const [cids, sizes] = [some.map(({ cid }) => cid), some.map(({ size }) => size)]
      await this.database.query(Prisma.sql`
        INSERT INTO "ContentBlock" ("content", "position", "cid", "size")
        SELECT ${content}, ${from}::int + t."place"::int - 1, t."cid", t."size"
        FROM unnest(${cids}::text[], ${sizes}::int[]) WITH ORDINALITY AS t("cid", "size", "place")
        ON CONFLICT DO NOTHING`)
    }
  }

  async forget(content: string): Promise<void> {
    await this.database.contentBlock.deleteMany({ where: { content } })
  }

  /** Those of the blocks that no file, document or upload under way has. */
  async unused(cids: readonly string[]): Promise<string[]> {
    if (cids.length === 0) return []
    const rows = await this.database.query<{ cid: string }>(Prisma.sql`
      SELECT t."cid" FROM unnest(${cids}::text[]) AS t("cid")
      WHERE NOT EXISTS (SELECT 1 FROM "ContentBlock" c WHERE c."cid" = t."cid")
        AND NOT EXISTS (SELECT 1 FROM "UploadBlock" u WHERE u."cid" = t."cid")`)
    return rows.map(({ cid }) => cid)
  }

  /** Announces that the blocks are being removed, for at most `seconds`. */
  async announceRemoval(cids: readonly string[], seconds: number): Promise<void> {
    await this.database.$executeRaw`
      INSERT INTO "BlockRemoval" ("cid", "until")
      SELECT t."cid", now() at time zone 'utc' + ${seconds} * interval '1 second'
      FROM unnest(ARRAY[${Prisma.join([...cids])}]::text[]) AS t("cid")
      ON CONFLICT ("cid") DO UPDATE SET "until" = EXCLUDED."until"`
  }

  async endRemoval(cids: readonly string[]): Promise<void> {
    await this.database.blockRemoval.deleteMany({ where: { cid: { in: [...cids] } } })
  }

  /** Whether one of the blocks is being removed now. */
  async anyRemoved(cids: readonly string[]): Promise<boolean> {
    const [row] = await this.database.query<{ found: boolean }>(Prisma.sql`
      SELECT EXISTS (SELECT 1 FROM "BlockRemoval" WHERE "until" > now() at time zone 'utc'
        AND "cid" = ANY(${cids}::text[])) AS found`)
    return row?.found ?? false
  }

  /** Whether the content is a document that a record of this API or of the chain needs. */
  async isDocument(content: string): Promise<boolean> {
    const [row] = await this.database.$queryRaw<{ found: boolean }[]>`
      SELECT EXISTS (SELECT 1 FROM "Document" WHERE "digest" = ${content})
        OR EXISTS (SELECT 1 FROM "Settlement" WHERE "document" = ${content}) AS found`
    return row?.found ?? false
  }

  /** Contents and documents whose blocks are not known: what was stored before they were written down. */
  async unlisted(most: number): Promise<{ content: string; cid: string }[]> {
    return this.database.$queryRaw<{ content: string; cid: string }[]>`
      SELECT t."content", t."cid" FROM (
        SELECT "content", "cid" FROM "Content" UNION SELECT "digest", "cid" FROM "Document"
      ) t WHERE NOT EXISTS (SELECT 1 FROM "ContentBlock" b WHERE b."content" = t."content") LIMIT ${most}`
  }
}
