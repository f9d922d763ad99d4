import { randomUUID } from 'node:crypto'
import type { RelayKind } from '@granary/protocol'
import { Injectable } from '@nestjs/common'
import { toBeHex } from 'ethers'
import { Database } from '../database/database.js'
import { Prisma, type Relay } from '../database/generated/client.js'

/** Gas of a message that is not in a block, or was refused there. */
const UNKNOWN_GAS = 100_000

/** Messages on their way to the chain. */
@Injectable()
export class RelayRepository {
  constructor(private readonly database: Database) {}

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

  /**
   * The gas of all messages since then, of one account or of everybody: its share of its transaction where that is known,
   * else what a message of its kind takes at most in common use.
   */
  async gasSince(since: Date, account?: string): Promise<bigint> {
    const [row] = await this.database.query<{ gas: string }>(Prisma.sql`
      SELECT COALESCE(SUM(COALESCE("gasUsed" / NULLIF("batch", 0), ${UNKNOWN_GAS}::bigint)), 0)::text AS gas FROM "Relay"
      WHERE "createdAt" > ${since} ${account === undefined ? Prisma.empty : Prisma.sql`AND "account" = ${account}`}`)
    return BigInt(row?.gas ?? 0)
  }

  /** Queues a message; `id` tells its time order. */
  async add(kind: RelayKind, key: string, account: string, payload: Prisma.InputJsonValue): Promise<string> {
    const id = randomUUID()
    const now = new Date()
    await this.database.query(Prisma.sql`
      INSERT INTO "Relay" ("id", "kind", "key", "account", "payload", "status", "createdAt", "updatedAt")
      VALUES (${id}, ${kind}, ${key}, ${account}, ${JSON.stringify(payload)}::jsonb, 'queued', ${now}, ${now})`)
    return id
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

  /** Where a dataset's contribution is on chain, if it is there with this metadata and not withdrawn. */
  registered(dataset: string, metadata: string): Promise<{ transaction: string; block: bigint } | null> {
    return this.database.dataset.findFirst({
      where: { id: dataset, metadata, withdrawn: false },
      select: { transaction: true, block: true },
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

  /** Where a request is on chain. */
  opened(request: string): Promise<{ transaction: string; block: bigint } | null> {
    return this.database.accessRequest.findUnique({
      where: { id: request },
      select: { transaction: true, block: true },
    })
  }
}
