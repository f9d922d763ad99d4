import { GranaryError } from '@granary/protocol'
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common'
import { CONFIG } from '../app.tokens.js'
import type { Config } from '../config.js'
import { LeaseRepository } from '../database/lease.repository.js'
import { ChainAudit } from './audit.js'
import { Chain } from './chain.js'
import { type ChainEvent, readEvent } from './events.js'
import { FeedRepository } from './feed.repository.js'
import { LogReader, type Stretch } from './log.reader.js'
import { Loop } from './loop.js'

const LEASE = 'feed'

/**
 * Reads the contracts' events into tables, block after block, from a checkpoint. A chain that went back (a
 * reorganisation, or a local node killed before it saved) is noticed by the checkpoint's hash: the last block that both
 * agree on is found, what came after is forgotten and read again.
 */
@Injectable()
export class FeedService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger('Feed')
  private readonly loop: Loop
  private readonly listeners: (() => void)[] = []
  private indexedBlock = 0
  private head = { number: 0, time: new Date(0) }
  /** When the chain's head was last read, and when the tables were last seen to be up to it. */
  private reachedAt: Date | null = null
  private currentAt: Date | null = null
  /** Since when the node lacks the block that was read last, though nothing contradicts it. */
  private missingSince: number | null = null

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly chain: Chain,
    private readonly leases: LeaseRepository,
    private readonly repository: FeedRepository,
    private readonly reader: LogReader,
    private readonly audit: ChainAudit,
  ) {
    const onError = (error: unknown) =>
      this.log.warn(`the chain could not be read: ${(error as Error).message}`)
    this.loop = new Loop(config.FEED_INTERVAL_MS, () => this.step(), onError)
  }

  /** The newest block of the chain and the newest that is in the tables. */
  get progress(): { block: number; indexed: number } {
    return { block: this.head.number, indexed: this.indexedBlock }
  }

  /**
   * How old what the tables show is: seconds since they were last seen to be up to the chain's head, and since the chain
   * was last read; null before the first time.
   */
  get age(): { behind: number | null; unread: number | null } {
    const since = (time: Date | null) => (time ? Math.max((Date.now() - time.getTime()) / 1000, 0) : null)
    return { behind: since(this.currentAt), unread: since(this.reachedAt) }
  }

  /** The later of this machine's clock and the newest block's time: what a next block would have, or a little more. */
  get time(): Date {
    return new Date(Math.max(Date.now(), this.head.time.getTime()))
  }

  /** The same in Unix seconds: contracts judge by it. */
  get clock(): number {
    return Math.floor(this.time.getTime() / 1000)
  }

  /** The block up to which the tables are complete. @throws GranaryError SERVICE_UNAVAILABLE before the first one */
  async checkpoint(): Promise<{ number: number; hash: string }> {
    const checkpoint = await this.repository.checkpoint()
    if (!checkpoint) throw new GranaryError('SERVICE_UNAVAILABLE')
    return { number: Number(checkpoint.block), hash: checkpoint.hash }
  }

  /** Called after rows changed. */
  onChange(listener: () => void): void {
    this.listeners.push(listener)
  }

  /** Reads at once instead of at the next interval. */
  poke(): void {
    this.loop.poke()
  }

  /**
   * Reads a first stretch before the API listens, so that what says it is ready knows its pools.
   *
   * @throws GranaryError NETWORK_MISMATCH when the database was filled from another deployment
   */
  async onApplicationBootstrap(): Promise<void> {
    const checkpoint = await this.repository.checkpoint()
    if (checkpoint && checkpoint.deployment !== this.fingerprint)
      throw new GranaryError(
        'NETWORK_MISMATCH',
        'the database was filled from another deployment: use an empty one',
      )
    await this.step().catch(() => {})
    this.loop.start()
  }

  async onApplicationShutdown(): Promise<void> {
    await this.loop.stop()
    await this.leases.release(LEASE)
  }

  /** What tells one deployment from another in the checkpoint. */
  get fingerprint(): string {
    const { chainId, datasetRegistry, accessRequests, rewardPool } = this.chain.deployment
    return [chainId, datasetRegistry, accessRequests, rewardPool].join(' ')
  }

  /**
   * Takes one stretch of the chain over, at most up to block `last`; false when there is no more for now.
   *
   * @throws GranaryError CHAIN_UNAVAILABLE, CHAIN_DISAGREES; what the endpoint throws
   */
  async step(last = Number.POSITIVE_INFINITY): Promise<boolean> {
    this.head = await this.chain.head()
    this.reachedAt = new Date()
    if (!(await this.leases.hold(LEASE))) {
      this.seen(Number((await this.repository.checkpoint())?.block ?? 0))
      return false
    }
    return this.leases.keep(LEASE, () => this.go(last))
  }

  /** One stretch further, or back to where the chain left what was read. */
  private async go(last: number): Promise<boolean> {
    const checkpoint = await this.repository.checkpoint()
    if (checkpoint) {
      const stands = await this.stands(checkpoint)
      if (stands === 'unknown') return false
      if (stands === 'gone') {
        // Another chain has other blocks, too.
        this.chain.provider.doubt()
        if ((await this.stands(checkpoint)) !== 'gone') return false
        await this.rollBack(checkpoint.block)
        return true
      }
    }
    const from = checkpoint ? Number(checkpoint.block) + 1 : this.chain.deployment.startBlock
    const target = Math.min(this.head.number - this.config.CONFIRMATIONS, last)
    this.seen(from - 1)
    if (target < from) {
      if (checkpoint && last === Number.POSITIVE_INFINITY) await this.audit.round(checkpoint)
      return false
    }
    const stretch = await this.reader.read(from, target, this.head.number, checkpoint?.hash ?? '')
    await this.take(checkpoint, stretch)
    this.seen(stretch.to)
    this.changed()
    return stretch.to < target
  }

  private async take(last: { block: bigint; hash: string } | null, { to, logs, headers }: Stretch) {
    const events: ChainEvent[] = []
    for (const log of logs) {
      const abi = this.chain.interfaceOf(log.address)
      const time = new Date((headers.get(log.blockNumber)?.timestamp ?? 0) * 1000)
      const event = abi ? readEvent(abi, log, time) : null
      if (event) events.push(event)
    }
    const kept = new Set([...logs.map(({ blockNumber }) => blockNumber), to])
    const all = [...headers.values()].map(({ number, hash }) => ({ number: BigInt(number), hash }))
    const end = all.find((block) => block.number === BigInt(to))
    if (!end) throw new GranaryError('CHAIN_UNAVAILABLE')
    const blocks = all.filter(({ number }) => kept.has(Number(number)))
    const gone = await this.gone(BigInt(last ? last.block + 1n : 0n), end.number, all)
    await this.repository.advance(this.fingerprint, last, end, blocks, events, gone)
  }

  /** Transactions of ours that were seen in a block of a branch which these blocks are not of. */
  private async gone(
    from: bigint,
    to: bigint,
    blocks: { number: bigint; hash: string }[],
  ): Promise<string[]> {
    const gone: string[] = []
    for (const { hash, block, blockHash } of await this.repository.minedBetween(from, to)) {
      const known = blocks.find(({ number }) => number === block)
      const there = known?.hash ?? (await this.reader.header(Number(block)))?.hash
      if (there !== blockHash) gone.push(hash)
    }
    return gone
  }

  private seen(indexed: number): void {
    this.indexedBlock = indexed
    if (indexed >= this.head.number - this.config.CONFIRMATIONS) this.currentAt = this.reachedAt
  }

  /**
   * Whether the chain still has the block that was read last. A node that is merely behind lacks it, too, and agrees with
   * everything before: it gets some time.
   */
  private async stands({
    block,
    hash,
  }: {
    block: bigint
    hash: string
  }): Promise<'yes' | 'unknown' | 'gone'> {
    const there = await this.reader.header(Number(block))
    if (there?.hash === hash) {
      this.missingSince = null
      return 'yes'
    }
    if (there) return 'gone'
    const { number } = this.head
    const before = await this.repository.blockUpTo(BigInt(number) < block ? BigInt(number) : block - 1n)
    if (before && !(await this.agrees(before))) return 'gone'
    this.missingSince ??= Date.now()
    return Date.now() - this.missingSince < this.config.CHAIN_PATIENCE_SECONDS * 1000 ? 'unknown' : 'gone'
  }

  private async agrees({ number, hash }: { number: bigint; hash: string }): Promise<boolean> {
    return (await this.reader.header(Number(number)))?.hash === hash
  }

  /** To the newest block that both have: what they have in common is a beginning of either, so halving finds its end. */
  private async rollBack(from: bigint): Promise<void> {
    const blocks = (await this.repository.blocks()).filter(({ number }) => number < from)
    let [common, gone] = [-1, blocks.length]
    while (gone - common > 1) {
      const middle = (common + gone) >> 1
      if (await this.agrees(blocks[middle] as { number: bigint; hash: string })) common = middle
      else gone = middle
    }
    const block = blocks[common] ?? (await this.beginning())
    this.log.warn(`the chain went back: block ${from} is not there any more, going on from ${block.number}`)
    await this.repository.rollBack(this.fingerprint, block)
    this.missingSince = null
    this.indexedBlock = Number(block.number)
    this.changed()
  }

  private async beginning(): Promise<{ number: bigint; hash: string }> {
    const number = Math.max(this.chain.deployment.startBlock - 1, 0)
    const header = await this.reader.header(number)
    if (!header) throw new GranaryError('CHAIN_UNAVAILABLE')
    return { number: BigInt(number), hash: header.hash }
  }

  private changed(): void {
    for (const listener of this.listeners) listener()
  }
}
