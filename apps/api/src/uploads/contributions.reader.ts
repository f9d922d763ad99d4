import { type Address, datasetId, type Hex } from '@granary/protocol'
import { Injectable } from '@nestjs/common'
import { type EventLog, ZeroAddress } from 'ethers'
import { Chain } from '../chain/chain.js'
import { FeedService } from '../chain/feed.service.js'
import { UploadRepository } from './upload.repository.js'

/**
 * Asks the chain itself: what would delete a file must not believe tables that are behind, damaged or being built. Those
 * only say whom to ask for, each in its own way.
 */
@Injectable()
export class ContributionsReader {
  constructor(
    private readonly chain: Chain,
    private readonly feed: FeedService,
    private readonly repository: UploadRepository,
  ) {}

  /**
   * The datasets that the chain has of these contents: of whoever uploaded them, of whom any table says that they
   * contributed them, and of anybody in blocks that the tables lack.
   *
   * @returns ids by content; contents without one are left out
   * @throws GranaryError SERVICE_UNAVAILABLE before the tables have any block; what the endpoint throws
   */
  async of(contents: readonly string[]): Promise<Map<string, Hex[]>> {
    const { number } = await this.feed.checkpoint()
    const named = await this.repository.owners(contents)
    const ids = named.map(({ content, owner }) => datasetId(owner as Address, content as Hex))
    const [datasets, unread] = await Promise.all([
      this.chain.registry.getFunction('datasets').staticCall(ids) as Promise<{ owner: string }[]>,
      // From that block itself on, since nodes refuse a stretch that begins after their newest.
      this.chain.registry.queryFilter('Contributed', number, 'latest') as Promise<EventLog[]>,
    ])
    const found = new Map<string, Set<Hex>>()
    const add = (content: string, id: Hex) =>
      void found.set(content, (found.get(content) ?? new Set<Hex>()).add(id))
    for (const [i, { content }] of named.entries())
      if (datasets[i] && datasets[i].owner !== ZeroAddress) add(content, ids[i] as Hex)
    for (const { args } of unread)
      if (contents.includes(String(args.content))) add(String(args.content), String(args.dataset) as Hex)
    return new Map([...found].map(([content, all]) => [content, [...all]]))
  }
}
