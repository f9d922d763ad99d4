import { setTimeout as wait } from 'node:timers/promises'
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common'
import { CONFIG } from '../../app.tokens.js'
import { BlocksService } from '../../blocks/blocks.service.js'
import { Loop } from '../../chain/loop.js'
import type { Config } from '../../config.js'
import { LeaseRepository } from '../../database/lease.repository.js'
import { Eraser } from '../erasure/eraser.js'
import { ErasureNotes } from '../erasure/erasure.notes.js'
import { Copier } from './copier.js'
import { Inspector } from './inspector.js'

const RENEWED_MS = 1_500
/** A round that waits for a location is not waited for: what it did not finish is done again. */
const PATIENCE_MS = 3_000

type KeeperLease = 'keeper' | 'copier' | 'eraser'
type Round = (goOn: () => boolean) => Promise<boolean>

/** Runs the rounds of checking, copying and erasing, each on one replica at a time. */
@Injectable()
export class KeeperService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger('Keeper')
  private readonly loops: Record<KeeperLease, Loop>
  private stopping = false
  private listed = false

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly leases: LeaseRepository,
    blocks: BlocksService,
    inspector: Inspector,
    copier: Copier,
    eraser: Eraser,
    private readonly notes: ErasureNotes,
  ) {
    this.loops = {
      keeper: this.loop('keeper', async (goOn) => {
        // Later on blocks are written down as they come; whoever removes some looks for himself.
        while (!this.listed && goOn()) this.listed = !(await blocks.catchUp())
        return inspector.round(goOn)
      }),
      copier: this.loop('copier', (goOn) => copier.round(goOn)),
      eraser: this.loop('eraser', (goOn) => eraser.round(goOn)),
    }
    eraser.onWork(() => this.loops.eraser.poke())
  }

  onApplicationBootstrap(): void {
    for (const loop of Object.values(this.loops)) loop.start()
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping = true
    const ended = Promise.all(Object.values(this.loops).map((loop) => loop.stop()))
    await Promise.race([ended, wait(PATIENCE_MS, undefined, { ref: false })])
    for (const name of Object.keys(this.loops) as KeeperLease[]) await this.leases.release(name)
  }

  private loop(name: KeeperLease, round: Round): Loop {
    const onError = (error: unknown) => this.log.warn(`${name}: ${(error as Error).message}`)
    return new Loop(this.config.STORAGE_CHECK_INTERVAL_MS, () => this.leased(name, round), onError)
  }

  /** Runs the round while this replica holds the lease, which is renewed meanwhile. */
  private async leased(name: KeeperLease, round: Round): Promise<boolean> {
    if (this.stopping || !(await this.leases.hold(name))) return false
    let held = true
    const renewal = setInterval(() => {
      this.leases.hold(name).then(
        (still) => {
          held = still
        },
        () => {
          held = false
        },
      )
    }, RENEWED_MS)
    try {
      // Nothing is looked for or copied before it is known what was erased.
      await this.notes.recall()
      return await round(() => held && !this.stopping)
    } finally {
      clearInterval(renewal)
    }
  }
}
