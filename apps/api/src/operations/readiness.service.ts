import { judgeParts, type Part } from '@granary/operation'
import { GranaryError } from '@granary/protocol'
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common'
import { BLOB_STORE, CONFIG } from '../app.tokens.js'
import { Chain } from '../chain/chain.js'
import { FeedService } from '../chain/feed.service.js'
import { Loop } from '../chain/loop.js'
import { faultOf } from '../chain/rpc.js'
import type { Config } from '../config.js'
import { judgeSchema, knownMigrations } from '../database/schema-state.js'
import type { BlobStore } from '../storage/blob-store.port.js'
import { FeedAge } from './feed.age.js'
import { OperationsRepository } from './operations.repository.js'

const LIMIT_MS = 4_000
const SAMPLE_MS = 1_000

/** Whether this replica may be sent requests: every part that it needs is there, and it is not being stopped. */
@Injectable()
export class ReadinessService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly parts: Part[]
  private readonly age = new FeedAge()
  private readonly sampler: Loop
  private migrations: string[] = []
  private hasContracts = false
  /** Set by the program once it was told to stop. */
  stopping = () => false

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(BLOB_STORE) blobs: BlobStore,
    private readonly chain: Chain,
    private readonly feed: FeedService,
    private readonly repository: OperationsRepository,
  ) {
    this.parts = [
      { name: 'database', code: 'DATABASE_UNAVAILABLE', check: () => repository.check() },
      { name: 'migrations', code: 'DATABASE_UNAVAILABLE', check: () => this.checkSchema() },
      { name: 'chain', code: 'CHAIN_UNAVAILABLE', check: () => this.checkChain() },
      { name: 'storage', code: 'STORAGE_UNAVAILABLE', check: () => blobs.check() },
      { name: 'feed', code: 'FEED_BEHIND', check: () => this.checkFeed() },
    ]
    const log = new Logger('Readiness')
    const onError = (error: unknown) =>
      log.debug(`the chain's height is not known: ${(error as Error).message}`)
    this.sampler = new Loop(Math.max(SAMPLE_MS, config.FEED_INTERVAL_MS), () => this.sample(), onError)
  }

  async onApplicationBootstrap(): Promise<void> {
    this.migrations = await knownMigrations(this.config.MIGRATIONS_DIR)
    this.sampler.start()
  }

  onApplicationShutdown(): Promise<void> {
    return this.sampler.stop()
  }

  /**
   * @throws GranaryError SHUTTING_DOWN, or the code of the first part that fails: DATABASE_UNAVAILABLE,
   *   MIGRATIONS_MISSING, DATABASE_TOO_NEW, CHAIN_UNAVAILABLE, CHAIN_MISMATCH, CONTRACTS_MISSING, STORAGE_UNAVAILABLE,
   *   FEED_BEHIND; all of them are in `failing`
   */
  async check(): Promise<{ status: 'ok' }> {
    if (this.stopping()) throw new GranaryError('SHUTTING_DOWN')
    await judgeParts(this.parts, LIMIT_MS)
    return { status: 'ok' }
  }

  private async checkSchema(): Promise<void> {
    judgeSchema(this.migrations, await this.repository.migrations())
  }

  private async checkChain(): Promise<void> {
    // Each endpoint is asked for its chain's id before anything else.
    await this.chain.provider.send('eth_blockNumber', []).catch((error) => {
      if (faultOf(error) !== 'wrong-chain') throw error
      throw new GranaryError('CHAIN_MISMATCH', { expected: this.chain.deployment.chainId }, { cause: error })
    })
    // What was deployed stays: asked until it was there once.
    this.hasContracts ||= await this.chain.isDeployed()
    if (!this.hasContracts) throw new GranaryError('CONTRACTS_MISSING')
  }

  private async checkFeed(): Promise<void> {
    const { number } = await this.feed.checkpoint()
    if (this.age.of(number, Date.now()) > this.config.READY_FEED_SECONDS * 1000)
      throw new GranaryError('FEED_BEHIND', { block: number })
  }

  private async sample(): Promise<boolean> {
    this.age.saw((await this.chain.height()) - this.config.CONFIRMATIONS, Date.now())
    return false
  }
}
