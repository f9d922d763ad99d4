import { Inject, Injectable, Logger } from '@nestjs/common'
import { CONFIG } from '../app.tokens.js'
import type { Config } from '../config.js'
import { Chain } from './chain.js'
import { type ChainEvent, readEvent } from './events.js'
import { ABOUT_DATASETS, FeedRepository } from './feed.repository.js'
import { type ChainLog, LogReader } from './log.reader.js'

/** Events that one transaction puts back, and datasets that the log names. */
const PUT_BACK_AT_ONCE = 1_000
const NAMED = 10

/**
 * Reads again, a stretch at a time and from the beginning when it is through, what the feed read long ago: a database can
 * lose rows that nobody would miss. Events about datasets that the tables lack are put back, and their datasets with
 * them. Only whoever holds the feed's lease does it.
 */
@Injectable()
export class ChainAudit {
  private readonly log = new Logger('Feed')
  private next = 0
  private dueAt = 0
  /** Datasets that were put back since the start. */
  repairs = 0

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly chain: Chain,
    private readonly reader: LogReader,
    private readonly repository: FeedRepository,
  ) {}

  /** One stretch, when it is time for it; `checkpoint` is a block that the chain has now. */
  async round(checkpoint: { block: bigint; hash: string }): Promise<void> {
    if (Date.now() < this.dueAt) return
    this.dueAt = Date.now() + this.config.AUDIT_INTERVAL_MS
    try {
      await this.look(checkpoint)
    } catch (error) {
      this.log.warn(`the past of the chain could not be read again: ${(error as Error).message}`)
    }
  }

  private async look(checkpoint: { block: bigint; hash: string }): Promise<void> {
    const { startBlock } = this.chain.deployment
    if (this.next < startBlock || this.next > Number(checkpoint.block)) this.next = startBlock
    const { end, logs } = await this.reader.logs(this.next, Number(checkpoint.block))
    const found = logs.flatMap((log) => {
      const event = this.eventIn(log, new Date(0))
      return event ? [{ log, event }] : []
    })
    const lost = new Set(await this.repository.lost(found.map(({ event }) => event)))
    const missing = found.filter(({ event }) => lost.has(String(event.dataset)))
    if (missing.length > 0)
      await this.putBack(
        checkpoint,
        missing.slice(0, PUT_BACK_AT_ONCE).map(({ log }) => log),
      )
    if (missing.length <= PUT_BACK_AT_ONCE) this.next = end + 1
  }

  private async putBack(checkpoint: { block: bigint; hash: string }, logs: ChainLog[]): Promise<void> {
    const events: ChainEvent[] = []
    for (const log of logs) {
      const header = await this.reader.header(log.blockNumber)
      const event =
        header?.hash === log.blockHash ? this.eventIn(log, new Date(header.timestamp * 1000)) : null
      if (!event) return
      events.push(event)
    }
    // What the chain had before this block, it has as long as it has the block.
    if ((await this.reader.header(Number(checkpoint.block)))?.hash !== checkpoint.hash) return
    await this.repository.putBack(checkpoint, events)
    const datasets = [...new Set(events.map(({ dataset }) => dataset))]
    this.repairs += datasets.length
    this.log.warn(
      `the tables had lost ${datasets.length} datasets (${datasets.slice(0, NAMED).join(', ')}), now put back from the chain; the database may lack more: \`granary reindex --check\` tells, \`granary reindex\` repairs`,
    )
  }

  private eventIn(log: ChainLog, time: Date): ChainEvent | null {
    const abi = this.chain.interfaceOf(log.address)
    const event = abi ? readEvent(abi, log, time) : null
    return event && ABOUT_DATASETS.includes(event.name) ? event : null
  }
}
