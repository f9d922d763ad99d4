import type { ContentAddress } from '@granary/protocol'
import { Injectable } from '@nestjs/common'
import { Database } from '../database/database.js'
import type { Content, Upload } from '../database/generated/client.js'

/** Uploads under way and the sealed files that came of them. */
@Injectable()
export class UploadRepository {
  constructor(private readonly database: Database) {}

  find(id: string): Promise<Upload | null> {
    return this.database.upload.findUnique({ where: { id } })
  }

  async add(upload: {
    id: string
    owner: string
    cid: string
    size: bigint
    expiresAt: Date
  }): Promise<void> {
    await this.database.upload.create({ data: upload })
  }

  async remove(id: string): Promise<void> {
    await this.database.upload.deleteMany({ where: { id } })
  }

  async finish(id: string): Promise<void> {
    await this.database.upload.updateMany({ where: { id }, data: { finished: true } })
  }

  async unfinished(): Promise<Upload[]> {
    return this.database.upload.findMany({ where: { finished: false } })
  }

  async expired(): Promise<string[]> {
    const rows = await this.database.upload.findMany({
      where: { expiresAt: { lt: new Date() } },
      select: { id: true },
      take: 100,
    })
    return rows.map(({ id }) => id)
  }

  /** Bytes that an account has under way or uploaded without having contributed them, and how many are under way. */
  async usage(owner: string): Promise<{ bytes: bigint; uploads: number }> {
    const [row] = await this.database.$queryRaw<{ bytes: string; uploads: number }[]>`
      SELECT (
        (SELECT coalesce(sum("size"), 0) FROM "Upload" WHERE "owner" = ${owner} AND NOT "finished") +
        (SELECT coalesce(sum(c."size"), 0) FROM "Content" c WHERE c."uploader" = ${owner}
          AND NOT EXISTS (SELECT 1 FROM "Dataset" d WHERE d."content" = c."content"))
      )::text AS bytes,
      (SELECT count(*)::int FROM "Upload" WHERE "owner" = ${owner} AND NOT "finished") AS uploads`
    return { bytes: BigInt(row?.bytes ?? '0'), uploads: row?.uploads ?? 0 }
  }

  async addContent({ content, cid, rawRoot, size }: ContentAddress, uploader: string): Promise<void> {
    await this.database.content.createMany({
      data: [{ content, cid, rawRoot, size: BigInt(size), uploader }],
      skipDuplicates: true,
    })
  }

  content(content: string): Promise<Content | null> {
    return this.database.content.findUnique({ where: { content } })
  }
}
