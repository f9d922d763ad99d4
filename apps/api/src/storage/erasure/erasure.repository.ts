import { Injectable } from '@nestjs/common'
import { Database } from '../../database/database.js'
import { type Erasure, Prisma } from '../../database/generated/client.js'
import type { ErasureNote } from './erasure.notes.js'

/** An erasure that is not called off counts from the moment it is asked for. */
const EFFECTIVE = ['erasing', 'erased']

/** What owners asked to be erased. */
@Injectable()
export class ErasureRepository {
  constructor(private readonly database: Database) {}

  find(dataset: string): Promise<Erasure | null> {
    return this.database.erasure.findUnique({ where: { dataset } })
  }

  /** Whether a content is erased, or is being erased. */
  async isErased(content: string): Promise<boolean> {
    const found = await this.database.query(Prisma.sql`
      SELECT 1 FROM "Erasure" WHERE "content" = ${content} AND "state" = ANY(${EFFECTIVE}::text[]) LIMIT 1`)
    return found.length > 0
  }

  /** Has a content erased once more that came while its erasure was asked for; false when nobody asked. */
  async repeat(content: string): Promise<boolean> {
    const again = await this.database.query(Prisma.sql`
      UPDATE "Erasure" SET "state" = 'erasing', "dueAt" = ${new Date()}
      WHERE "content" = ${content} AND "state" = ANY(${EFFECTIVE}::text[]) RETURNING "dataset"`)
    return again.length > 0
  }

  /** Whether a CID's content is erased, or it is a block of an erased file and of no file that is here. */
  async isErasedAt(content: string, cid: string): Promise<boolean> {
    const [row] = await this.database.query<{ found: boolean }>(Prisma.sql`
      SELECT EXISTS (SELECT 1 FROM "Erasure" WHERE "content" = ${content} AND "state" = ANY(${EFFECTIVE}::text[]))
        OR (
          (
            EXISTS (SELECT 1 FROM "ErasedBlock" WHERE "cid" = ${cid})
            OR EXISTS (SELECT 1 FROM "ContentBlock" b JOIN "Erasure" e ON e."content" = b."content"
              WHERE b."cid" = ${cid} AND e."state" = ANY(${EFFECTIVE}::text[]))
          ) AND NOT EXISTS (SELECT 1 FROM "ContentBlock" b WHERE b."cid" = ${cid} AND NOT EXISTS
            (SELECT 1 FROM "Erasure" e WHERE e."content" = b."content" AND e."state" = ANY(${EFFECTIVE}::text[])))
          AND NOT EXISTS (SELECT 1 FROM "UploadBlock" u WHERE u."cid" = ${cid})
        ) AS found`)
    return row?.found ?? false
  }

  /**
   * Writes an erasure down, unless there is one. It is `kept` while the content is somebody else's, too: a dataset whose
   * owner did not ask for its erasure, a contribution on its way, or a file that another account brought.
   *
   * @param onChain other datasets of the content, as the chain itself says: tables may have lost one
   */
  async request(
    erasure: { dataset: string; content: string; cid: string; account: string },
    onChain: readonly string[],
  ): Promise<{ row: Erasure; changed: boolean }> {
    return this.database.write(async (tx) => {
      const before = await tx.erasure.findUnique({ where: { dataset: erasure.dataset } })
      if (before && before.state !== 'kept') return { row: before, changed: false }
      const [others] = await tx.$queryRaw<{ found: boolean }[]>`
        SELECT EXISTS (SELECT 1 FROM "Dataset" d WHERE d."content" = ${erasure.content}
            AND d."id" <> ${erasure.dataset}
            AND NOT EXISTS (SELECT 1 FROM "Erasure" e WHERE e."dataset" = d."id"))
          OR EXISTS (SELECT 1 FROM unnest(${[...onChain]}::text[]) AS o("id")
            WHERE NOT EXISTS (SELECT 1 FROM "Erasure" e WHERE e."dataset" = o."id"))
          OR EXISTS (SELECT 1 FROM "Relay" r WHERE r."kind" = 'contribution' AND r."status" IN ('queued', 'sent')
            AND r."payload" #>> '{message,content}' = ${erasure.content}
            AND r."payload" ->> 'dataset' <> ${erasure.dataset})
          OR EXISTS (SELECT 1 FROM "Content" c WHERE c."content" = ${erasure.content}
            AND c."uploader" IS NOT NULL AND c."uploader" <> ${erasure.account}
            AND NOT EXISTS (SELECT 1 FROM "Dataset" d WHERE d."content" = c."content" AND d."owner" = c."uploader"))
          AS found`
      const kept = others?.found ?? false
      if (before && kept) return { row: before, changed: false }
      const now = new Date()
      const state = kept ? 'kept' : 'erasing'
      const row = await tx.erasure.upsert({
        where: { dataset: erasure.dataset },
        create: { ...erasure, state, requestedAt: now, dueAt: now },
        update: { state, dueAt: now },
      })
      // Whoever waited for this one is erased with it.
      if (!kept)
        await tx.erasure.updateMany({
          where: { content: erasure.content, state: 'kept' },
          data: { state: 'erasing', dueAt: now },
        })
      return { row, changed: true }
    })
  }

  /** All of them in the order of their datasets, those after `after`. */
  list(after: string, take: number): Promise<Erasure[]> {
    return this.database.$queryRaw`
      SELECT * FROM "Erasure" WHERE "dataset" COLLATE "C" > ${after} ORDER BY "dataset" COLLATE "C" LIMIT ${take}`
  }

  /** Asks again for an erasure that is not here; whether it was not. Everything is done anew, also what was done before. */
  async recall({ dataset, content, cid, account, kept, requested, blocks }: ErasureNote): Promise<boolean> {
    const state = kept ? 'kept' : 'erasing'
    const [now, requestedAt] = [new Date(), new Date(requested)]
    return this.database.write(async (tx) => {
      const data = { dataset, content, cid, account, state, requestedAt, dueAt: now }
      const { count } = await tx.erasure.createMany({ data, skipDuplicates: true })
      if (count === 0) return false
      await tx.erasedBlock.createMany({
        data: blocks.map((block, position) => ({ content, position, cid: block })),
        skipDuplicates: true,
      })
      return true
    })
  }

  due(take: number): Promise<Erasure[]> {
    return this.database.erasure.findMany({
      where: { state: 'erasing', dueAt: { lte: new Date() } },
      orderBy: { dueAt: 'asc' },
      take,
    })
  }

  /** Whether the chain still says that the dataset is withdrawn. */
  async isWithdrawn(dataset: string): Promise<boolean> {
    const row = await this.database.dataset.findUnique({
      where: { id: dataset },
      select: { withdrawn: true },
    })
    return row?.withdrawn ?? false
  }

  /**
   * From here on the file is no file of ours: its state, its blocks' names and its place among the contents. All or
   * nothing, so that nobody finds it by halves. Repeatable.
   */
  async letGo({ cid, content }: Erasure): Promise<void> {
    const now = new Date()
    await this.database.write(async (tx) => {
      await tx.$executeRaw`
        INSERT INTO "ErasedBlock" ("content", "position", "cid")
        SELECT "content", "position", "cid" FROM "ContentBlock" WHERE "content" = ${content}
        ON CONFLICT DO NOTHING`
      await tx.contentBlock.deleteMany({ where: { content } })
      await tx.content.deleteMany({ where: { content } })
      const erased = { state: 'erased', since: now, dueAt: now, failures: 0 }
      await tx.storedFile.upsert({
        where: { cid },
        create: { cid, content, document: false, ...erased },
        update: erased,
      })
    })
  }

  /** The names of an erased file's blocks, each once. */
  async blocks(content: string): Promise<string[]> {
    const rows = await this.database.$queryRaw<{ cid: string }[]>`
      SELECT "cid" FROM "ErasedBlock" WHERE "content" = ${content} GROUP BY "cid" ORDER BY min("position")`
    return rows.map(({ cid }) => cid)
  }

  async postpone(content: string, dueAt: Date, failures: number): Promise<void> {
    await this.database.erasure.updateMany({
      where: { content, state: 'erasing' },
      data: { dueAt, failures },
    })
  }

  /** All who asked for it have it. */
  async finish(content: string, sharedBlocks: number): Promise<void> {
    await this.database.erasure.updateMany({
      where: { content, state: 'erasing' },
      data: { state: 'erased', finishedAt: new Date(), sharedBlocks },
    })
  }
}
