import { randomUUID } from 'node:crypto'
import type { RelayKind } from '@granary/protocol'
import { Inject, Injectable } from '@nestjs/common'
import { toBeHex } from 'ethers'
import { CONFIG } from '../app.tokens.js'
import type { Config } from '../config.js'
import { Database } from '../database/database.js'
import { Prisma, type Relay } from '../database/generated/client.js'
import { LIMITED, UNKNOWN_GAS } from './relay.calls.js'

/** Columns by which the feed's events are found. */
export type EventKeys = { dataset?: string; request?: string; account?: string }

/** What became of a message that asked to be queued: `id` of its relay, or the limit that is reached. */
export type Queued = { id: string } | { reached: 'account' | 'total' }

/** A message to be queued. */
export interface Message {
  kind: RelayKind
  /** what makes two submissions the same */
  key: string
  account: string
  payload: Prisma.InputJsonValue
}

/** How much gas may be spent since then: by one account, and by everybody, null = without looking. */
export interface GasLimits {
  since: Date
  accountLimit: bigint
  totalLimit: bigint | null
}

/** Messages on their way to the chain. */
@Injectable()
export class RelayRepository {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
  ) {}

  /** With what the relayer waits for. Asked again and again by whoever waits for a message. */
  async find(id: string): Promise<(Relay & { waiting: string | null }) | null> {
    const [relay] = await this.database.query<Relay & { waiting: string | null }>(Prisma.sql`
      SELECT r.*, (SELECT "note" FROM "Lease" WHERE "name" = 'relayer') AS "waiting" FROM "Relay" r WHERE "id" = ${id}`)
    return relay ?? null
  }

  /** The newest relay of the same message that was not refused. */
  async findSame(kind: RelayKind, key: string): Promise<Relay | null> {
    const [relay] = await this.database.query<Relay>(Prisma.sql`
      SELECT * FROM "Relay" WHERE "kind" = ${kind} AND "key" = ${key} AND "status" <> 'refused'
      ORDER BY "createdAt" DESC LIMIT 1`)
    return relay ?? null
  }

  /** The gas of everybody's messages since then. */
  async gasSince(since: Date): Promise<bigint> {
    const [row] = await this.database.query<{ gas: string }>(
      Prisma.sql`SELECT ${this.gas(since)}::text AS gas`,
    )
    return BigInt(row?.gas ?? 0)
  }

  /**
   * Queues a message unless the same one is there or a limit is reached. Those of one account take turns, on whichever
   * replica, and so does everybody while `totalLimit` is given: nobody gets past a limit by asking for much at once.
   */
  async add({ kind, key, account, payload }: Message, limits: GasLimits): Promise<Queued> {
    const { since, accountLimit, totalLimit } = limits
    const id = randomUUID()
    const now = new Date()
    const turns = [`relay ${account}`, ...(totalLimit === null ? [] : ['relay'])]
    const isReached = Prisma.sql`(SELECT "spent" FROM "account") >= ${accountLimit}::numeric`
    const isTotalReached =
      totalLimit === null ? Prisma.sql`FALSE` : Prisma.sql`${this.gas(since)} >= ${totalLimit}::numeric`
    const [row] = await this.database.inTurn<{
      same: string | null
      reached: boolean
      added: boolean
    }>(
      turns,
      Prisma.sql`
        WITH "same" AS (
          SELECT "id" FROM "Relay" WHERE "kind" = ${kind} AND "key" = ${key} AND "status" <> 'refused'
          ORDER BY "createdAt" DESC LIMIT 1
        ), "account" AS (SELECT ${this.gas(since, account)} AS "spent"), "added" AS (
          INSERT INTO "Relay" ("id", "kind", "key", "account", "payload", "status", "createdAt", "updatedAt")
          SELECT ${id}, ${kind}, ${key}, ${account}, ${JSON.stringify(payload)}::jsonb, 'queued', ${now}::timestamp,
            ${now}::timestamp
          WHERE NOT EXISTS (SELECT 1 FROM "same") AND NOT ${isReached} AND NOT ${isTotalReached}
          RETURNING "id"
        )
        SELECT (SELECT "id" FROM "same") AS "same", ${isReached} AS "reached",
          EXISTS (SELECT 1 FROM "added") AS "added"`,
    )
    if (row?.same) return { id: row.same }
    if (row?.added) return { id }
    return { reached: row?.reached ? 'account' : 'total' }
  }

  /**
   * A sum of gas since then, of one account or of everybody: of each message its share of its transaction where that is
   * known, else what one of its kind takes at most in common use.
   */
  private gas(since: Date, account?: string): Prisma.Sql {
    const unknown = Prisma.sql`CASE WHEN "kind" = ANY(${[...LIMITED]}::text[])
      THEN ${this.config.PROPOSAL_GAS_LIMIT}::bigint ELSE ${UNKNOWN_GAS}::bigint END`
    return Prisma.sql`(SELECT COALESCE(SUM(COALESCE("gasUsed" / NULLIF("batch", 0), ${unknown})), 0) FROM "Relay"
      WHERE "createdAt" > ${since}::timestamp
      ${account === undefined ? Prisma.empty : Prisma.sql`AND "account" = ${account}`})`
  }

  async oldestQueued(kind?: RelayKind): Promise<Relay | null> {
    const [oldest] = await this.database.query<Relay>(Prisma.sql`
      SELECT * FROM "Relay" WHERE "status" = 'queued' ${kind ? Prisma.sql`AND "kind" = ${kind}` : Prisma.empty}
      ORDER BY "createdAt", "id" LIMIT 1`)
    return oldest ?? null
  }

  /** Messages of a kind that wait, the first of them first. */
  queued(kind: string, limit: number): Promise<Relay[]> {
    return this.database.query(Prisma.sql`
      SELECT * FROM "Relay" WHERE "status" = 'queued' AND "kind" = ${kind} ORDER BY "createdAt", "id" LIMIT ${limit}`)
  }

  /** Where the same message is on chain by another relay: two requests at once may have queued it twice. */
  async confirmedTwin({ id, kind, key }: Relay): Promise<{ transaction: string; block: bigint } | null> {
    const twin = await this.database.relay.findFirst({
      where: { kind, key, status: 'confirmed', id: { not: id } },
    })
    return twin?.transaction && twin.block !== null
      ? { transaction: twin.transaction, block: twin.block }
      : null
  }

  /** Events of a name that the feed has read, in the chain's order. */
  events(name: string, keys: EventKeys) {
    return this.database.chainEvent.findMany({
      where: { name, ...keys },
      orderBy: { position: 'asc' },
      select: { args: true, transaction: true, block: true },
    })
  }

  /** Where a proposal is on chain. */
  proposed(id: string): Promise<{ transaction: string; block: bigint } | null> {
    return this.database.proposal.findUnique({ where: { id }, select: { transaction: true, block: true } })
  }

  /** Where this very vote is on chain. */
  voted(ballot: { proposalId?: string; voter?: string; support?: number } = {}) {
    const { proposalId = '0', voter = '', support = -1 } = ballot
    return this.database.vote.findFirst({
      where: { proposal: toBeHex(BigInt(proposalId), 32), voter, support },
      select: { transaction: true, block: true },
    })
  }
}
