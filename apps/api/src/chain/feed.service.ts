import { GranaryError } from '@granary/protocol'
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common'
import type { Block, Log } from 'ethers'
import { CONFIG } from '../app.tokens.js'
import type { Config } from '../config.js'
import { LeaseRepository } from '../database/lease.repository.js'
import { Chain } from './chain.js'
import { type ChainEvent, readEvent } from './events.js'
import { FeedRepository } from './feed.repository.js'
import { Loop } from './loop.js'

const BLOCKS_A_STEP = 2_000
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

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly chain: Chain,
    private readonly leases: LeaseRepository,
    private readonly repository: FeedRepository,
  ) {
    const onError = (error: unknown) =>
      this.log.warn(`the chain could not be read: ${(error as Error).message}`)
    this.loop = new Loop(config.FEED_INTERVAL_MS, () => this.step(), onError)
  }

  /** The newest block of the chain and the newest that is in the tables. */
  get progress(): { block: number; indexed: number } {
    return { block: this.head.number, indexed: this.indexedBlock }
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
    if (!(await this.leases.hold(LEASE))) {
      this.indexedBlock = Number((await this.repository.checkpoint())?.block ?? 0)
      return false
    }
    const checkpoint = await this.repository.checkpoint()
    if (checkpoint && !(await this.agrees(checkpoint.block, checkpoint.hash))) {
      await this.rollBack(checkpoint.block)
      return true
    }
    const from = checkpoint ? Number(checkpoint.block) + 1 : this.chain.deployment.startBlock
    const end = Math.min(this.head.number - this.config.CONFIRMATIONS, last)
    const to = Math.min(end, from + BLOCKS_A_STEP - 1)
    this.indexedBlock = from - 1
    if (to < from) return false
    await this.read(from, to)
    this.indexedBlock = to
    this.changed()
    return to < end
  }

  private async read(from: number, to: number): Promise<void> {
    const logs = await this.chain.provider.getLogs({
      address: this.chain.watched,
      fromBlock: from,
      toBlock: to,
    })
    const blocks = await this.blocksOf(logs, to)
    const events: ChainEvent[] = []
    for (const log of logs) {
      const abi = this.chain.interfaceOf(log.address)
      const block = blocks.get(log.blockNumber)
      const event = abi && block ? readEvent(abi, log, new Date(block.timestamp * 1000)) : null
      if (event) events.push(event)
    }
    const all = [...blocks.values()].map(({ number, hash }) => ({
      number: BigInt(number),
      hash: hash as string,
    }))
    const last = all.find((block) => block.number === BigInt(to))
    if (!last) throw new GranaryError('CHAIN_UNAVAILABLE')
    await this.repository.advance(this.fingerprint, last, all, events)
  }

  /** The blocks of the logs and block `to`. Throws when the chain changed while they were fetched. */
  private async blocksOf(logs: Log[], to: number): Promise<Map<number, Block>> {
    const numbers = [...new Set([...logs.map((log) => log.blockNumber), to])]
    const blocks = new Map<number, Block>()
    for (let i = 0; i < numbers.length; i += 20) {
      const some = await Promise.all(
        numbers.slice(i, i + 20).map((number) => this.chain.provider.getBlock(number)),
      )
      for (const block of some) if (block) blocks.set(block.number, block)
    }
    for (const log of logs) {
      if (blocks.get(log.blockNumber)?.hash !== log.blockHash)
        throw new GranaryError('CHAIN_DISAGREES', 'the chain changed while it was read')
    }
    return blocks
  }

  private async agrees(number: bigint, hash: string): Promise<boolean> {
    return (await this.chain.provider.getBlock(Number(number)))?.hash === hash
  }

  private async rollBack(from: bigint): Promise<void> {
    let before = from
    for (;;) {
      const [candidate] = await this.repository.blocks(before, 1)
      const start = BigInt(this.chain.deployment.startBlock) - 1n
      const common = candidate ?? { number: start < 0n ? 0n : start, hash: '' }
      const hash = candidate?.hash ?? (await this.chain.provider.getBlock(Number(common.number)))?.hash ?? ''
      if (!candidate || (await this.agrees(common.number, hash))) {
        this.log.warn(
          `the chain went back: block ${from} is not there any more, going on from ${common.number}`,
        )
        await this.repository.rollBack(this.fingerprint, { number: common.number, hash })
        this.indexedBlock = Number(common.number)
        return this.changed()
      }
      before = common.number
    }
  }

  private changed(): void {
    for (const listener of this.listeners) listener()
  }
}
