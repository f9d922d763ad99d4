import { type Address, datasetId, type Hex } from '@granary/protocol'
import { Injectable } from '@nestjs/common'
import { type EventLog, ZeroAddress } from 'ethers'
import { Chain } from '../chain/chain.js'
import { FeedService } from '../chain/feed.service.js'
import { LogReader } from '../chain/log.reader.js'
import { UploadRepository } from './upload.repository.js'

/** Stretches of the past that are read at once. */
const STRETCHES = 50

/** Contents that are looked for in the whole past of the chain; `next` is the block to go on from. */
export interface Search {
  contents: ReadonlySet<string>
  found: Set<string>
  next: number
}

/**
 * Asks the chain itself: what would delete a file must not believe tables that are behind, damaged or being built. Those
 * only say whom to ask for, each in its own way.
 */
@Injectable()
export class ContributionsReader {
  constructor(
    private readonly chain: Chain,
    private readonly feed: FeedService,
    private readonly reader: LogReader,
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

  search(contents: readonly string[]): Search {
    return { contents: new Set(contents), found: new Set(), next: this.chain.deployment.startBlock }
  }

  /**
   * Reads on in everything that was ever contributed, by whomever, up to the last block that the tables have: only that
   * tells who contributed what somebody else uploaded once all tables have lost it. Whether it is through.
   *
   * @throws GranaryError SERVICE_UNAVAILABLE before the tables have any block; what the endpoint throws
   */
  async goOn(search: Search): Promise<boolean> {
    const { number } = await this.feed.checkpoint()
    const registry = String(this.chain.registry.target)
    for (let read = 0; read < STRETCHES && search.next <= number; read += 1) {
      const { end, logs } = await this.reader.logs(search.next, number)
      for (const log of logs) {
        const event = log.address === registry ? this.chain.registry.interface.parseLog(log) : null
        const content = event?.name === 'Contributed' ? String(event.args.content) : ''
        if (search.contents.has(content)) search.found.add(content)
      }
      search.next = end + 1
    }
    return search.next > number
  }
}
