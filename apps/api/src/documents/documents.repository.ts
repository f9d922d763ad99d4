import { Injectable } from '@nestjs/common'
import { Database } from '../database/database.js'
import { Prisma } from '../database/generated/client.js'

@Injectable()
export class DocumentsRepository {
  constructor(private readonly database: Database) {}

  async bodies(digests: string[]): Promise<Map<string, unknown>> {
    const rows = await this.database.document.findMany({ where: { digest: { in: digests } } })
    return new Map(rows.map(({ digest, body }) => [digest, body]))
  }

  async add(digest: string, cid: string, body: unknown): Promise<void> {
    await this.database.query(Prisma.sql`
      INSERT INTO ${this.database.table('Document')} ("digest", "cid", "body", "createdAt")
      VALUES (${digest}, ${cid}, ${JSON.stringify(body)}::jsonb, ${new Date()}) ON CONFLICT DO NOTHING`)
  }
}
