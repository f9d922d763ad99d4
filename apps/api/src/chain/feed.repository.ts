import { Injectable } from '@nestjs/common'
import { Database } from '../database/database.js'
import type { Prisma } from '../database/generated/client.js'
import type { ChainEvent } from './events.js'
import { addGovernance, projectProposals, removeGovernance } from './governance.feed.js'
import { foldMember } from './governance.projections.js'
import { foldApproval, foldClaimed, foldDataset, foldPool, foldRequest, foldTrainer } from './projections.js'
import { forgetSettlements, takeSettlements } from './settlement.projection.js'

type Tx = Prisma.TransactionClient
type Keys = Pick<ChainEvent, 'name' | 'dataset' | 'request' | 'account' | 'pool' | 'proposal'>

/** Blocks behind the checkpoint of which hashes are kept: a chain that went back further is read anew. */
const KEPT_BLOCKS = 20_000n

const ABOUT_DATASETS = ['Contributed', 'ConsentUpdated', 'Withdrawn']

/** The tables that the chain fills. */
@Injectable()
export class FeedRepository {
  constructor(private readonly database: Database) {}

  checkpoint(): Promise<{ block: bigint; hash: string; deployment: string } | null> {
    return this.database.checkpoint.findUnique({ where: { id: 1 } })
  }

  /** Blocks that were read, newest first, below `before`. */
  blocks(before: bigint, limit: number): Promise<{ number: bigint; hash: string }[]> {
    return this.database.block.findMany({
      where: { number: { lt: before } },
      orderBy: { number: 'desc' },
      take: limit,
    })
  }

  /** Takes over what happened up to `block`: all of it or nothing. Taking the same events twice changes nothing. */
  async advance(
    deployment: string,
    block: { number: bigint; hash: string },
    others: { number: bigint; hash: string }[],
    events: ChainEvent[],
  ): Promise<void> {
    await this.database.write(async (tx) => {
      if (events.length > 0) {
        await tx.chainEvent.createMany({ data: events, skipDuplicates: true })
        await addGovernance(tx, events)
        await this.project(tx, events, await takeSettlements(tx, events))
      }
      await tx.block.createMany({ data: [...others, block], skipDuplicates: true })
      await tx.block.deleteMany({ where: { number: { lt: block.number - KEPT_BLOCKS } } })
      const checkpoint = { deployment, block: block.number, hash: block.hash }
      await tx.checkpoint.upsert({ where: { id: 1 }, create: { id: 1, ...checkpoint }, update: checkpoint })
    })
  }

  /**
   * Forgets what happened above `block` and makes the rows again that it touched. Messages that were confirmed there
   * are queued again: what is on the chain already it refuses, what is not comes back.
   */
  async rollBack(deployment: string, block: { number: bigint; hash: string }): Promise<void> {
    const above = { block: { gt: block.number } }
    await this.database.write(async (tx) => {
      const gone = await tx.chainEvent.findMany({
        where: above,
        select: { name: true, dataset: true, request: true, account: true, pool: true, proposal: true },
      })
      await tx.chainEvent.deleteMany({ where: above })
      await tx.block.deleteMany({ where: { number: { gt: block.number } } })
      await removeGovernance(tx, block.number)
      await this.project(tx, gone, await forgetSettlements(tx, block.number))
      await tx.relay.updateMany({
        where: { status: 'confirmed', ...above },
        data: { status: 'queued', transaction: null, raw: null, block: null },
      })
      const checkpoint = { deployment, block: block.number, hash: block.hash }
      await tx.checkpoint.upsert({ where: { id: 1 }, create: { id: 1, ...checkpoint }, update: checkpoint })
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
