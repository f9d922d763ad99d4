import type { RewardsResource, SettlementDocument } from '@granary/protocol'
import { Injectable } from '@nestjs/common'
import { Database } from '../database/database.js'
import { Prisma, type Settlement } from '../database/generated/client.js'

/** Settlements, the uses and leaves of their documents, and claims. */
@Injectable()
export class RewardsRepository {
  constructor(private readonly database: Database) {}

  /** The first settlement that stands and whose document was not read yet. */
  unread(): Promise<Settlement | null> {
    const where = { voided: null, read: false }
    return this.database.settlement.findFirst({ where, orderBy: { sequence: 'asc' } })
  }

  /** The newest settlement that is in effect at `time` (Unix seconds) and up to which all documents were read. */
  async inEffect(time: bigint): Promise<{ sequence: number; root: string } | null> {
    const [row] = await this.database.query<{ sequence: number; root: string }>(Prisma.sql`
      SELECT "sequence", "root" FROM "Settlement"
      WHERE "voided" IS NULL AND "read" AND "effectiveFrom" <= ${time} ORDER BY "sequence" DESC LIMIT 1`)
    return row ?? null
  }

  /** Settlements newest first, those before sequence `before`. */
  list(before: number | null, take: number): Promise<Settlement[]> {
    return this.database.settlement.findMany({
      ...(before === null ? {} : { where: { sequence: { lt: before } } }),
      orderBy: { sequence: 'desc' },
      take,
    })
  }

  /** The last settlement that was taken as `number`. */
  find(number: number): Promise<Settlement | null> {
    return this.database.settlement.findFirst({ where: { number }, orderBy: { sequence: 'desc' } })
  }

  /** What every account has ever earned, as the settlement of this sequence left it. */
  async leaves(sequence: number): Promise<{ account: `0x${string}`; total: bigint }[]> {
    const rows = await this.database.$queryRaw<{ account: `0x${string}`; total: string }[]>`
      SELECT DISTINCT ON ("account") "account", "total"::text AS total FROM ${this.database.table('Leaf')}
      WHERE "sequence" <= ${sequence} ORDER BY "account", "sequence" DESC`
    return rows.map(({ account, total }) => ({ account, total: BigInt(total) }))
  }

  /**
   * What the tables know of an account: what it has claimed, the newest uses of its datasets, and its totals as the
   * settlements after the one of this sequence leave them, oldest first.
   */
  async account(account: string, sequence: number, mostEntries: number): Promise<AccountRewards> {
    const [row] = await this.database.query<AccountRewards>(Prisma.sql`
      SELECT
        coalesce((SELECT "total"::text FROM "Claimed" WHERE "account" = ${account}), '0') AS "claimed",
        (SELECT coalesce(json_agg(e), '[]') FROM (
          SELECT u."dataset", u."request", u."amount"::text, s."number" AS "settlement"
          FROM "Use" u JOIN "Settlement" s ON s."sequence" = u."sequence" WHERE u."owner" = ${account}
          ORDER BY u."sequence" DESC, u."request", u."dataset" LIMIT ${mostEntries}
        ) e) AS "entries",
        (SELECT coalesce(json_agg(l), '[]') FROM (
          SELECT l."total"::text, s."number" AS "settlement", s."effectiveFrom"::text AS "from"
          FROM "Leaf" l JOIN "Settlement" s ON s."sequence" = l."sequence"
          WHERE l."account" = ${account} AND l."sequence" > ${sequence} ORDER BY l."sequence"
        ) l) AS "later"`)
    return row as AccountRewards
  }

  /** Takes over a document that was checked, unless its settlement was voided meanwhile. */
  async take(sequence: number, { uses, leaves }: Pick<SettlementDocument, 'uses' | 'leaves'>): Promise<void> {
    await this.database.write(async (tx) => {
      const settlement = await tx.settlement.findUnique({ where: { sequence } })
      if (settlement?.voided !== null) return
      await tx.use.createMany({
        data: uses.map(({ request, dataset, owner, earned }) => ({
          request,
          dataset,
          owner,
          amount: earned,
          sequence,
        })),
        skipDuplicates: true,
      })
      const rows = leaves.map(({ account, total }) => ({ account, total, sequence }))
      await tx.leaf.createMany({ data: rows, skipDuplicates: true })
      await tx.settlement.update({ where: { sequence }, data: { read: true } })
      // Only now its document is here, for the keeper to look after.
      await tx.$executeRaw`INSERT INTO ${this.database.table('Unadopted')} ("content") VALUES (${settlement.document})`
    })
  }
}

export interface AccountRewards {
  claimed: string
  entries: RewardsResource['entries']
  later: LaterLeaf[]
}

/** An account's total as a settlement leaves it, and from when (Unix seconds) that is in effect. */
export interface LaterLeaf {
  total: string
  settlement: number
  from: string
}
