import { GranaryError } from '@granary/protocol'
import { Inject, Injectable } from '@nestjs/common'
import { CONFIG } from '../app.tokens.js'
import type { Config } from '../config.js'
import { Database } from '../database/database.js'
import { Prisma } from '../database/generated/client.js'
import { LeaseRepository } from '../database/lease.repository.js'
import type { ChainEvent } from './events.js'
import { addGovernance, projectProposals, removeGovernance } from './governance.feed.js'
import { foldMember } from './governance.projections.js'
import { foldApproval, foldClaimed, foldDataset, foldPool, foldRequest, foldTrainer } from './projections.js'
import { forgetSettlements, takeSettlements } from './settlement.projection.js'

type Tx = Prisma.TransactionClient
type Keys = Pick<ChainEvent, 'name' | 'dataset' | 'request' | 'account' | 'pool' | 'proposal'>

/** Events that one transaction forgets, about: a chain that went far back is left in several steps. */
const FORGOTTEN_AT_ONCE = 5_000

/** Events that make the rows of datasets. */
export const ABOUT_DATASETS = ['Contributed', 'ConsentUpdated', 'Withdrawn']

/** The tables that the chain fills. */
@Injectable()
export class FeedRepository {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly leases: LeaseRepository,
  ) {}

  async checkpoint(): Promise<{ block: bigint; hash: string; deployment: string } | null> {
    const [row] = await this.database.query<{ block: bigint; hash: string; deployment: string }>(
      Prisma.sql`SELECT "block", "hash", "deployment" FROM ${this.database.table('Checkpoint')} WHERE "id" = 1`,
    )
    return row ?? null
  }

  /** Blocks that were read and whose hashes are kept, oldest first. */
  blocks(): Promise<{ number: bigint; hash: string }[]> {
    return this.database.block.findMany({ orderBy: { number: 'asc' } })
  }

  /** The newest block that was read, not above `number`. */
  blockUpTo(number: bigint): Promise<{ number: bigint; hash: string } | null> {
    return this.database.block.findFirst({
      where: { number: { lte: number } },
      orderBy: { number: 'desc' },
    })
  }

  /** Transactions of the relayer that count as being in these blocks. */
  minedBetween(from: bigint, to: bigint) {
    return this.database.submission.findMany({
      where: { state: 'mined', block: { gte: from, lte: to } },
      select: { hash: true, block: true, blockHash: true },
    })
  }

  /**
   * Takes over what happened from the checkpoint `last` up to `block`: all of it or nothing. Taking the same events twice
   * changes nothing. `gone` are transactions of the relayer that are in none of these blocks though they were said to be.
   *
   * @throws GranaryError LEASE_LOST when another replica reads the chain now
   */
  async advance(
    deployment: string,
    last: { block: bigint; hash: string } | null,
    block: { number: bigint; hash: string },
    others: { number: bigint; hash: string }[],
    events: ChainEvent[],
    gone: string[] = [],
  ): Promise<void> {
    await this.leases.write('feed', async (tx) => {
      await checkUnmoved(tx, last)
      if (events.length > 0) {
        await tx.chainEvent.createMany({ data: events, skipDuplicates: true })
        await addGovernance(tx, events)
        await this.project(tx, events, await takeSettlements(tx, events))
      }
      if (gone.length > 0) await reopen(tx, gone)
      await this.requeueUnseen(tx, last?.block ?? 0n, block.number)
      await tx.block.createMany({ data: [...others, block], skipDuplicates: true })
      await tx.block.deleteMany({
        where: { number: { lt: block.number - BigInt(this.config.FEED_KEPT_BLOCKS) } },
      })
      await setCheckpoint(tx, deployment, block)
    })
  }

  /**
   * Messages that count as being in these blocks by a transaction that is none of the relayer's, and are not: they were
   * found there before the feed had read them, and the chain has left those blocks since.
   */
  private async requeueUnseen(tx: Tx, last: bigint, block: bigint): Promise<void> {
    await tx.$executeRaw`
      UPDATE ${this.database.table('Relay')} r SET "status" = 'queued', "transaction" = NULL, "block" = NULL
      WHERE r."status" = 'confirmed' AND r."gasUsed" IS NULL AND r."block" > ${last} AND r."block" <= ${block}
        AND NOT EXISTS (SELECT 1 FROM ${this.database.table('Submission')} s WHERE s."hash" = r."transaction")
        AND NOT EXISTS (SELECT 1 FROM ${this.database.table('ChainEvent')} e
          WHERE e."block" = r."block" AND e."transaction" = r."transaction")`
  }

  /**
   * Forgets what happened above `block` and makes the rows again that it touched. Messages whose answer came from a block
   * that is gone are on their way again: the relayer looks whether the chain has them.
   *
   * @throws GranaryError LEASE_LOST when another replica reads the chain now
   */
  async rollBack(deployment: string, block: { number: bigint; hash: string }): Promise<void> {
    for (;;) {
      const step = await this.stepBack(block)
      await this.leases.write('feed', (tx) => this.forget(tx, deployment, step))
      if (step.number === block.number) return
    }
  }

  /** A block that was read, not below `block` and not too far below the checkpoint; `block` itself when that is near. */
  private async stepBack(block: { number: bigint; hash: string }): Promise<{ number: bigint; hash: string }> {
    const [far] = await this.database.chainEvent.findMany({
      where: { block: { gt: block.number } },
      orderBy: { position: 'desc' },
      skip: FORGOTTEN_AT_ONCE,
      take: 1,
      select: { block: true },
    })
    const between = far && (await this.blockUpTo(far.block))
    return between && between.number > block.number ? between : block
  }

  private async forget(tx: Tx, deployment: string, block: { number: bigint; hash: string }): Promise<void> {
    const above = { block: { gt: block.number } }
    const gone = await tx.chainEvent.findMany({
      where: above,
      select: { name: true, dataset: true, request: true, account: true, pool: true, proposal: true },
    })
    await tx.chainEvent.deleteMany({ where: above })
    await tx.block.deleteMany({ where: { number: { gt: block.number } } })
    await removeGovernance(tx, block.number)
    await this.project(tx, gone, await forgetSettlements(tx, block.number))
    await reopenRelays(tx, block.number)
    await setCheckpoint(tx, deployment, block)
  }

  /** Of these events about datasets: the datasets of which an event, or the row that they make, is not in the tables. */
  async lost(events: readonly ChainEvent[]): Promise<string[]> {
    const positions = events.map(({ position }) => position)
    const datasets = events.map(({ dataset }) => String(dataset))
    const first = events.map(({ name }) => name === 'Contributed')
    const rows = await this.database.$queryRaw<{ dataset: string }[]>`
      SELECT DISTINCT t."dataset"
      FROM unnest(${positions}::bigint[], ${datasets}::text[], ${first}::boolean[]) t("position", "dataset", "first")
      WHERE NOT EXISTS (SELECT 1 FROM "ChainEvent" e WHERE e."position" = t."position")
        OR (t."first" AND NOT EXISTS (SELECT 1 FROM "Dataset" d WHERE d."id" = t."dataset"))`
    return rows.map(({ dataset }) => dataset)
  }

  /**
   * Takes over events about datasets from before the checkpoint that the tables had lost, and makes their datasets again.
   *
   * @throws GranaryError LEASE_LOST when another replica reads the chain now, or the checkpoint is another
   */
  async putBack(last: { block: bigint; hash: string }, events: ChainEvent[]): Promise<void> {
    await this.leases.write('feed', async (tx) => {
      await checkUnmoved(tx, last)
      await tx.chainEvent.createMany({ data: events, skipDuplicates: true })
      await this.project(tx, events, [])
    })
  }

  /** Makes the rows again that `touched` events are about, and the requests that `settlements` (sequences) ended. */
  private async project(tx: Tx, touched: Keys[], settlements: number[]): Promise<void> {
    const datasets = unique(touched.filter(isAboutDataset).map((event) => event.dataset))
    if (datasets.length > 0) {
      const events = await find(tx, { dataset: { in: datasets }, name: { in: ABOUT_DATASETS } })
      const rows = groups(events, (event) => event.dataset).map(foldDataset)
      await tx.dataset.deleteMany({ where: { id: { in: datasets } } })
      await tx.dataset.createMany({ data: present(rows) })
    }
    const pools = unique(touched.map((event) => event.pool))
    if (pools.length > 0) {
      const rows = groups(await find(tx, { pool: { in: pools } }), (event) => event.pool).map(foldPool)
      await tx.pool.deleteMany({ where: { id: { in: pools } } })
      await tx.pool.createMany({ data: present(rows) })
    }
    const accounts = unique(touched.map((event) => event.account))
    if (accounts.length > 0) {
      const events = groups(await find(tx, { account: { in: accounts } }), (event) => event.account)
      await tx.trainer.deleteMany({ where: { address: { in: accounts } } })
      await tx.trainer.createMany({ data: present(events.map(foldTrainer)) })
      await tx.claimed.deleteMany({ where: { account: { in: accounts } } })
      await tx.claimed.createMany({ data: present(events.map(foldClaimed)) })
      await tx.member.deleteMany({ where: { account: { in: accounts } } })
      await tx.member.createMany({ data: present(events.map(foldMember)) })
    }
    const proposals = unique(touched.map((event) => event.proposal))
    if (proposals.length > 0) await projectProposals(tx, proposals)
    const ended = await tx.accessRequest.findMany({ where: { finalBy: { in: settlements } } })
    const requests = unique([
      ...touched.filter((event) => !isAnswer(event)).map((event) => event.request),
      ...ended.map(({ id }) => id),
    ])
    if (requests.length > 0) {
      const events = await find(tx, { request: { in: requests }, name: { not: 'ApprovalGiven' } })
      const numbers = events.filter(isEnd).map((event) => Number(event.args.settlement))
      const behind = await tx.settlement.findMany({ where: { number: { in: numbers } } })
      const rows = groups(events, (event) => event.request).map((each) => foldRequest(each, behind))
      await tx.accessRequest.deleteMany({ where: { id: { in: requests } } })
      await tx.accessRequest.createMany({ data: present(rows) })
    }
    const answers = unique(touched.filter(isAnswer).map((event) => `${event.request} ${event.dataset}`))
    if (answers.length > 0) {
      const pairs = answers.map((pair) => ({ request: pair.slice(0, 66), dataset: pair.slice(67) }))
      const events = await find(tx, { name: 'ApprovalGiven', OR: pairs })
      const rows = groups(events, (event) => `${event.request} ${event.dataset}`).map(foldApproval)
      await tx.approval.deleteMany({ where: { OR: pairs } })
      await tx.approval.createMany({ data: present(rows) })
    }
  }
}

/** Another replica may have gone on meanwhile: then this one knows too little. */
async function checkUnmoved(tx: Tx, last: { block: bigint; hash: string } | null): Promise<void> {
  const now = await tx.checkpoint.findUnique({ where: { id: 1 } })
  if (now?.block !== last?.block || now?.hash !== last?.hash) throw new GranaryError('LEASE_LOST')
}

async function setCheckpoint(tx: Tx, deployment: string, { number, hash }: { number: bigint; hash: string }) {
  const checkpoint = { deployment, block: number, hash }
  await tx.checkpoint.upsert({ where: { id: 1 }, create: { id: 1, ...checkpoint }, update: checkpoint })
}

/** Transactions above `block` are on their way again, and so are the messages that they answered. */
async function reopenRelays(tx: Tx, block: bigint): Promise<void> {
  const above = { block: { gt: block } }
  const mined = await tx.submission.findMany({ where: { state: 'mined', ...above }, select: { hash: true } })
  await reopen(
    tx,
    mined.map(({ hash }) => hash),
  )
  // Of those that were found on the chain without a transaction of ours.
  await tx.relay.updateMany({
    where: { status: 'confirmed', ...above },
    data: { status: 'queued', transaction: null, raw: null, block: null },
  })
}

async function reopen(tx: Tx, hashes: string[]): Promise<void> {
  const data = { state: 'open', block: null, blockHash: null }
  await tx.submission.updateMany({ where: { hash: { in: hashes } }, data })
  await tx.relay.updateMany({
    where: { transaction: { in: hashes }, status: { in: ['confirmed', 'refused'] } },
    data: { status: 'sent', block: null, code: null, message: null },
  })
}

const isAnswer = (event: Keys) => event.name === 'ApprovalGiven'
const isEnd = (event: Keys) => event.name === 'RequestFinal'
const isAboutDataset = (event: Keys) => ABOUT_DATASETS.includes(event.name)

async function find(tx: Tx, where: Prisma.ChainEventWhereInput): Promise<ChainEvent[]> {
  return (await tx.chainEvent.findMany({ where, orderBy: { position: 'asc' } })) as unknown as ChainEvent[]
}

function groups<K>(events: ChainEvent[], key: (event: ChainEvent) => K): ChainEvent[][] {
  const found = new Map<K, ChainEvent[]>()
  for (const event of events) {
    const group = found.get(key(event))
    if (group) group.push(event)
    else found.set(key(event), [event])
  }
  return [...found.values()]
}

function unique<T>(values: (T | null)[]): T[] {
  return [...new Set(values.filter((value): value is T => value !== null))]
}

function present<T>(rows: (T | null)[]): T[] {
  return rows.filter((row): row is T => row !== null)
}
