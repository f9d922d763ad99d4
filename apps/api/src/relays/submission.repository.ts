import type { RelayKind } from '@granary/protocol'
import { Injectable } from '@nestjs/common'
import { Database } from '../database/database.js'
import { Prisma, type Relay, type Submission } from '../database/generated/client.js'
import { LeaseRepository } from '../database/lease.repository.js'

type Tx = Prisma.TransactionClient

/** A signed transaction with messages of one kind, in their order. */
export interface Signed {
  hash: string
  sender: string
  nonce: bigint
  /** of the messages, or of a transaction without any */
  kind: RelayKind | 'filler'
  relays: string[]
  raw: string
}

/** What became of one message: `transaction` and `block` say where. */
export type Outcome =
  | { id: string; status: 'confirmed'; transaction: string; block: bigint; gasUsed: bigint | null }
  | {
      id: string
      status: 'refused'
      code: string
      message: string
      transaction: string | null
      gasUsed: bigint | null
    }
  | { id: string; status: 'queued' }

/** The relayer's own transactions. Only who holds the relayer's lease writes here. */
@Injectable()
export class SubmissionRepository {
  constructor(
    private readonly database: Database,
    private readonly leases: LeaseRepository,
  ) {}

  /** On their way, in the order of their numbers, the newest of a number first. */
  open(sender: string): Promise<Submission[]> {
    return this.database.query(Prisma.sql`
      SELECT * FROM "Submission" WHERE "sender" = ${sender} AND "state" = 'open'
      ORDER BY "nonce", "createdAt" DESC`)
  }

  /** The number after the last that was used, as far as is known here; null before the first. */
  async nextNonce(sender: string): Promise<number | null> {
    const { _max } = await this.database.submission.aggregate({
      where: { sender, state: { in: ['open', 'mined'] } },
      _max: { nonce: true },
    })
    return _max.nonce === null ? null : Number(_max.nonce) + 1
  }

  /** Every transaction that ever held the message, the newest first. */
  ofRelay(id: string): Promise<Submission[]> {
    return this.database.submission.findMany({
      where: { relays: { has: id } },
      orderBy: { createdAt: 'desc' },
    })
  }

  /** Which of these messages were ever in a transaction. */
  async tried(ids: string[]): Promise<Set<string>> {
    const found = await this.database.query<{ relays: string[] }>(
      Prisma.sql`SELECT "relays" FROM "Submission" WHERE "relays" && ${ids}::text[]`,
    )
    return new Set(found.flatMap(({ relays }) => relays))
  }

  relays(ids: string[]): Promise<Relay[]> {
    return this.database.query(Prisma.sql`SELECT * FROM "Relay" WHERE "id" = ANY(${ids}::text[])`)
  }

  /**
   * Notes a signed transaction before it is sent, so that none is forgotten.
   *
   * @throws GranaryError LEASE_LOST
   */
  async note(signed: Signed): Promise<void> {
    const { hash, relays, raw } = signed
    await this.leases.write('relayer', async (tx) => {
      await insert(tx, signed)
      await tx.$executeRaw`
        UPDATE "Relay" r SET "status" = 'sent', "transaction" = ${hash}, "raw" = ${raw},
          "batch" = ${relays.length}::int, "place" = t."place"::int - 1, "updatedAt" = now() at time zone 'utc'
        FROM unnest(${relays}::text[]) WITH ORDINALITY AS t("id", "place")
        WHERE r."id" = t."id" AND r."status" IN ('queued', 'sent')`
    })
  }

  /**
   * The transaction is in a block, and this became of its messages. Others under its number can never be; messages that
   * only they held wait again.
   *
   * @throws GranaryError LEASE_LOST
   */
  async settle(
    { hash, sender, nonce }: Submission,
    block: { number: bigint; hash: string },
    outcomes: Outcome[],
  ): Promise<void> {
    await this.leases.write('relayer', async (tx) => {
      const data = { state: 'mined', block: block.number, blockHash: block.hash }
      await tx.submission.update({ where: { hash }, data })
      await decide(tx, outcomes)
      await tx.submission.updateMany({ where: { sender, nonce, state: 'open' }, data: { state: 'void' } })
      await requeueLost(tx)
    })
  }

  /** What became of messages that are in no transaction. @throws GranaryError LEASE_LOST */
  async decide(outcomes: Outcome[]): Promise<void> {
    if (outcomes.length > 0) await this.leases.write('relayer', (tx) => decide(tx, outcomes))
  }

  /** These can never be in a block; their messages wait again. @throws GranaryError LEASE_LOST */
  async giveUp(hashes: string[]): Promise<void> {
    await this.leases.write('relayer', async (tx) => {
      await tx.submission.updateMany({ where: { hash: { in: hashes } }, data: { state: 'void' } })
      await requeueLost(tx)
    })
  }

  /** Messages that count as sent and are in no transaction that is on its way wait again. */
  async requeueLost(): Promise<void> {
    const [lost] = await this.database.query(Prisma.sql`
      SELECT 1 FROM "Relay" r WHERE r."status" = 'sent' AND NOT EXISTS
        (SELECT 1 FROM "Submission" s WHERE s."state" = 'open' AND s."relays" @> ARRAY[r."id"]) LIMIT 1`)
    if (lost) await this.leases.write('relayer', requeueLost)
  }

  /** Takes over what a program noted that knew no submissions. */
  async adopt(sender: string, nonceOf: (raw: string) => number): Promise<void> {
    const relays = await this.database.relay.findMany({
      where: { status: 'sent', raw: { not: null } },
      orderBy: [{ transaction: 'asc' }, { place: 'asc' }],
    })
    for (const hash of new Set(relays.map(({ transaction }) => transaction))) {
      const held = relays.filter(({ transaction }) => transaction === hash)
      const [first] = held
      if (!hash || !first?.raw || (await this.database.submission.findUnique({ where: { hash } }))) continue
      const { kind, raw } = first
      const nonce = BigInt(nonceOf(raw))
      const ids = held.map(({ id }) => id)
      const signed = { hash, sender, nonce, kind: kind as RelayKind, relays: ids, raw }
      await this.leases.write('relayer', (tx) => insert(tx, signed))
    }
  }

  /** Forgets old ones that decide nothing any more. */
  async prune(before: Date): Promise<void> {
    await this.database.submission.deleteMany({
      where: { createdAt: { lt: before }, state: { not: 'open' } },
    })
  }
}

/**
 * SQL, since Prisma takes the elements of a list for a part of the query's shape: it would work out, and keep, how to run
 * each transaction's anew.
 */
async function insert(tx: Tx, { hash, sender, nonce, kind, relays, raw }: Signed): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO "Submission" ("hash", "sender", "nonce", "kind", "relays", "raw", "state", "createdAt")
    VALUES (${hash}, ${sender}, ${nonce}, ${kind}, ${relays}::text[], ${raw}, 'open',
      ${new Date().toISOString()}::timestamp)`
}

/** Writes down what became of messages. What was told once is not told otherwise. */
async function decide(tx: Tx, outcomes: Outcome[]): Promise<void> {
  const rows = outcomes.map((outcome) => ({
    id: outcome.id,
    status: outcome.status,
    transaction: outcome.status === 'queued' ? null : outcome.transaction,
    block: outcome.status === 'confirmed' ? outcome.block.toString() : null,
    gasUsed: outcome.status === 'queued' ? null : (outcome.gasUsed?.toString() ?? null),
    code: outcome.status === 'refused' ? outcome.code : null,
    message: outcome.status === 'refused' ? outcome.message.slice(0, 500) : null,
  }))
  await tx.$executeRaw`
    UPDATE "Relay" r SET "status" = t."status", "transaction" = t."transaction", "raw" = NULL,
      "block" = COALESCE(t."block", r."block"), "gasUsed" = COALESCE(t."gasUsed", r."gasUsed"),
      "code" = COALESCE(t."code", r."code"), "message" = COALESCE(t."message", r."message"),
      "updatedAt" = now() at time zone 'utc'
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS t("id" text, "status" text, "transaction" text,
      "block" bigint, "gasUsed" bigint, "code" text, "message" text)
    WHERE r."id" = t."id" AND r."status" IN ('queued', 'sent')`
}

async function requeueLost(tx: Tx): Promise<void> {
  await tx.$executeRaw`
    UPDATE "Relay" r SET "status" = 'queued', "transaction" = NULL, "raw" = NULL, "updatedAt" = now() at time zone 'utc'
    WHERE r."status" = 'sent' AND NOT EXISTS
      (SELECT 1 FROM "Submission" s WHERE s."state" = 'open' AND s."relays" @> ARRAY[r."id"])`
}
