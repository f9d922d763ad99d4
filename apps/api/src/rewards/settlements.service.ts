import { type Hex, type RewardTree, rewardTree, type SettlementDocument } from '@granary/protocol'
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common'
import { FeedService } from '../chain/feed.service.js'
import { Loop } from '../chain/loop.js'
import type { Settlement } from '../database/generated/client.js'
import { RewardsRepository } from './rewards.repository.js'
import { SettlementSource } from './settlement.source.js'

const INTERVAL_MS = 5_000

/** The tree that a settlement left behind, and who earned what in it. */
export interface Rewards {
  number: number
  tree: RewardTree
  totals: Map<string, bigint>
}

/**
 * Follows the settlements on chain: fetches each document, recomputes the tree and takes it over only if its root is
 * the one on chain. So the API can withhold a proof but not invent a reward.
 */
@Injectable()
export class SettlementsService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger('Settlements')
  private readonly loop: Loop
  private kept: (Rewards & { root: string }) | null = null

  constructor(
    private readonly repository: RewardsRepository,
    private readonly source: SettlementSource,
    feed: FeedService,
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

  /** The rewards of the newest settlement that was read, null before the first. */
  async current(): Promise<Rewards | null> {
    const latest = await this.repository.latest()
    if (!latest) return null
    if (this.kept?.number !== latest.number || this.kept.root !== latest.root)
      this.kept = {
        ...rewardsOf(latest.number, await this.repository.leaves(latest.number)),
        root: latest.root,
      }
    return this.kept
  }

  private async step(): Promise<boolean> {
    const settlement = await this.repository.unread()
    if (!settlement) return false
    const document = await this.source.fetch(settlement.document as Hex)
    const rewards = await this.recompute(settlement, document)
    await this.repository.take(settlement.number, document)
    this.kept = { ...rewards, root: settlement.root }
    return true
  }

  private async recompute(settlement: Settlement, document: SettlementDocument): Promise<Rewards> {
    const { number } = settlement
    const before = new Map(
      (await this.repository.leaves(number - 1)).map(({ account, total }) => [account, total]),
    )
    for (const { account, total } of document.leaves) before.set(account, BigInt(total))
    const leaves = [...before].map(([account, total]) => ({ account, total }))
    const rewards = rewardsOf(number, leaves)
    const fits = document.number === number && rewards.tree.root === settlement.root
    if (!fits || rewards.tree.total !== BigInt(settlement.total.toFixed(0)))
      throw new Error(`the document of settlement ${number} does not give the root on chain`)
    return rewards
  }
}

function rewardsOf(number: number, leaves: { account: Hex; total: bigint }[]): Rewards {
  return {
    number,
    tree: rewardTree(leaves),
    totals: new Map(leaves.map(({ account, total }) => [account, total])),
  }
}
