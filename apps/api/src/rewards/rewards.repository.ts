import type { SettlementDocument } from '@granary/protocol'
import { Injectable } from '@nestjs/common'
import { Database } from '../database/database.js'
import type { Settlement } from '../database/generated/client.js'

/** Settlements, the uses and leaves of their documents, and claims. */
@Injectable()
export class RewardsRepository {
  constructor(private readonly database: Database) {}

  /** The first settlement whose document was not read yet. */
  unread(): Promise<Settlement | null> {
    return this.database.settlement.findFirst({ where: { read: false }, orderBy: { number: 'asc' } })
  }

  /** The newest settlement up to which all documents were read. */
  latest(): Promise<Settlement | null> {
    return this.database.settlement.findFirst({ where: { read: true }, orderBy: { number: 'desc' } })
  }

  find(number: number): Promise<Settlement | null> {
    return this.database.settlement.findUnique({ where: { number } })
  }

  /** What every account has ever earned, as settlement `number` left it. */
  async leaves(number: number): Promise<{ account: `0x${string}`; total: bigint }[]> {
    const rows = await this.database.$queryRaw<{ account: `0x${string}`; total: string }[]>`
      SELECT DISTINCT ON ("account") "account", "total"::text AS total FROM "Leaf"
      WHERE "number" <= ${number} ORDER BY "account", "number" DESC`
    return rows.map(({ account, total }) => ({ account, total: BigInt(total) }))
  }

  /** Takes over a document that was checked. */
  async take(number: number, { uses, leaves }: Pick<SettlementDocument, 'uses' | 'leaves'>): Promise<void> {
    await this.database.write(async (tx) => {
      if (!(await tx.settlement.findUnique({ where: { number } }))) return
      await tx.use.createMany({
        data: uses.map(({ request, dataset, owner, earned }) => ({
          request,
          dataset,
          owner,
          amount: earned,
          number,
        })),
        skipDuplicates: true,
      })
      const rows = leaves.map(({ account, total }) => ({ account, total, number }))
      await tx.leaf.createMany({ data: rows, skipDuplicates: true })
      await tx.settlement.update({ where: { number }, data: { read: true } })
    })
  }

  async claimed(account: string): Promise<bigint> {
    const row = await this.database.claimed.findUnique({ where: { account } })
    return BigInt(row?.total.toFixed(0) ?? '0')
  }

  /** The newest uses of an owner's datasets. */
  entries(owner: string, take: number) {
    return this.database.use.findMany({
      where: { owner },
      orderBy: [{ number: 'desc' }, { request: 'asc' }, { dataset: 'asc' }],
      take,
    })
  }
}
