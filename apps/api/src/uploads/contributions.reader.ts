import { type Address, datasetId, type Hex } from '@granary/protocol'
import { Injectable } from '@nestjs/common'
import { type EventLog, ZeroAddress } from 'ethers'
import { Chain } from '../chain/chain.js'
import { FeedService } from '../chain/feed.service.js'
import type { Content } from '../database/generated/client.js'

/** Asks the chain itself: what would delete a file must not believe tables that are behind, damaged or being built. */
@Injectable()
export class ContributionsReader {
  constructor(
    private readonly chain: Chain,
    private readonly feed: FeedService,
  ) {}

  /**
   * Which of the files the chain has a dataset of: their uploader's, or anybody's in blocks that the tables lack.
   *
   * @returns their contents
   * @throws GranaryError SERVICE_UNAVAILABLE before the tables have any block; what the endpoint throws
   */
  async among(files: readonly Content[]): Promise<string[]> {
    const { number } = await this.feed.checkpoint()
    const ids = files.map(({ uploader, content }) => datasetId(uploader as Address, content as Hex))
    const [datasets, unread] = await Promise.all([
      this.chain.registry.getFunction('datasets').staticCall(ids) as Promise<{ owner: string }[]>,
      // From that block itself on, since nodes refuse a stretch that begins after their newest.
      this.chain.registry.queryFilter('Contributed', number, 'latest') as Promise<EventLog[]>,
    ])
    const late = new Set(unread.map(({ args }) => String(args.content)))
    return files
      .filter(({ content }, i) => late.has(content) || datasets[i]?.owner !== ZeroAddress)
      .map(({ content }) => content)
  }
}
