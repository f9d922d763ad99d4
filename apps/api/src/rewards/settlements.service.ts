import {
  GranaryError,
  type Hex,
  type PageQuery,
  type RewardTree,
  rewardTree,
  type SettlementDocument,
  type TakenSettlement,
  type TakenSettlementsPage,
} from '@granary/protocol'
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common'
import { FeedService } from '../chain/feed.service.js'
import { Loop } from '../chain/loop.js'
import type { Settlement } from '../database/generated/client.js'
import { decodeCursor, encodeCursor, toPage } from '../http/page.js'
import { RewardsRepository } from './rewards.repository.js'
import { presentSettlement } from './settlement.presenter.js'
import { SettlementSource } from './settlement.source.js'

const INTERVAL_MS = 5_000
const SEQUENCE = /^[0-9]{1,9}$/

/** The tree that a settlement left behind, and who earned what in it. */
export interface Rewards {
  sequence: number
  tree: RewardTree
  totals: Map<string, bigint>
}

/**
 * Follows the settlements that stand on chain: fetches each document, recomputes the tree and takes it over only if its
 * root is the one on chain. So the API can withhold a proof but not invent a reward.
 */
@Injectable()
export class SettlementsService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger('Settlements')
  private readonly loop: Loop
  private kept: (Rewards & { root: string }) | null = null

  constructor(
    private readonly repository: RewardsRepository,
    private readonly source: SettlementSource,
    private readonly feed: FeedService,
  ) {
    const onError = (error: unknown) =>
      this.log.warn(`a settlement is not read yet: ${(error as Error).message}`)
    this.loop = new Loop(INTERVAL_MS, () => this.step(), onError)
    feed.onChange(() => this.loop.poke())
  }

  onApplicationBootstrap(): void {
    this.loop.start()
  }

  onApplicationShutdown(): Promise<void> {
    return this.loop.stop()
  }

  /** Every settlement that was taken, newest first, voided ones included. */
  async list({ cursor, limit }: PageQuery): Promise<TakenSettlementsPage> {
    const [before] = decodeCursor(cursor, SEQUENCE) ?? []
    const rows = await this.repository.list(before ? Number(before) : null, limit + 1)
    return toPage(
      rows,
      limit,
      (row) => encodeCursor(row.sequence),
      (row) => this.present(row),
    )
  }

  /** The settlement of this number: the one that stands, else the last one voided. @throws GranaryError SETTLEMENT_UNKNOWN */
  async get(number: number): Promise<TakenSettlement> {
    const row = await this.repository.find(number)
    if (!row) throw new GranaryError('SETTLEMENT_UNKNOWN', { number })
    return this.present(row)
  }

  /** The rewards of the newest settlement in effect that was read, null before the first. */
  async inEffect(): Promise<Rewards | null> {
    const latest = await this.repository.inEffect(this.now())
    if (!latest) return null
    if (this.kept?.sequence === latest.sequence && this.kept.root === latest.root) return this.kept
    const rewards = rewardsOf(latest.sequence, await this.repository.leaves(latest.sequence))
    // Leaves that do not give the root on chain are not remembered: a reindex may put them right.
    this.kept = rewards.tree.root === latest.root ? { ...rewards, root: latest.root } : null
    return rewards
  }

  private now(): bigint {
    return BigInt(this.feed.clock)
  }

  private present(row: Settlement): TakenSettlement {
    return presentSettlement(row, this.now())
  }

  /** Reads the document of the next settlement; false when there is none unread. @throws what `source` throws */
  async step(): Promise<boolean> {
    const settlement = await this.repository.unread()
    if (!settlement) return false
    const document = await this.source.fetch(settlement.document as Hex)
    const rewards = await this.recompute(settlement, document)
    await this.repository.take(settlement.sequence, document)
    if (settlement.effectiveFrom <= this.now()) this.kept = { ...rewards, root: settlement.root }
    return true
  }

  private async recompute(settlement: Settlement, document: SettlementDocument): Promise<Rewards> {
    const { number, sequence } = settlement
    const before = new Map(
      (await this.repository.leaves(sequence - 1)).map(({ account, total }) => [account, total]),
    )
    for (const { account, total } of document.leaves) before.set(account, BigInt(total))
    const leaves = [...before].map(([account, total]) => ({ account, total }))
    const rewards = rewardsOf(sequence, leaves)
    const fits = document.number === number && rewards.tree.root === settlement.root
    if (!fits || rewards.tree.total !== BigInt(settlement.total.toFixed(0)))
      throw new Error(`the document of settlement ${number} does not give the root on chain`)
    return rewards
  }
}

function rewardsOf(sequence: number, leaves: { account: Hex; total: bigint }[]): Rewards {
  return {
    sequence,
    tree: rewardTree(leaves),
    totals: new Map(leaves.map(({ account, total }) => [account, total])),
  }
}
