import { GranaryError, type RelayKind } from '@granary/protocol'
import { Inject, Injectable } from '@nestjs/common'
import { CONFIG } from '../app.tokens.js'
import type { Config } from '../config.js'
import { RelayRepository } from './relay.repository.js'

const DAY_MS = 24 * 3_600_000
/** For how long the sum of all accounts is taken for granted: it is asked for with every message. */
const KEPT_MS = 5_000

/**
 * What the operator's gas may be spent on within a day: so much for one account, so much in all. Nobody can empty the
 * relayer, and nobody is stopped by others from withdrawing.
 */
@Injectable()
export class RelayBudget {
  private all = { gas: 0n, until: 0 }

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly repository: RelayRepository,
  ) {}

  /** @throws GranaryError RELAY_ACCOUNT_LIMIT, RELAY_TOTAL_LIMIT */
  async check(kind: RelayKind, account: string): Promise<void> {
    const since = new Date(Date.now() - DAY_MS)
    const limit = this.config.RELAY_ACCOUNT_GAS_PER_DAY
    if ((await this.repository.gasSince(since, account)) >= BigInt(limit))
      throw new GranaryError('RELAY_ACCOUNT_LIMIT', { limit })
    if (kind === 'withdrawal') return
    if (Date.now() >= this.all.until)
      this.all = { gas: await this.repository.gasSince(since), until: Date.now() + KEPT_MS }
    const total = this.config.RELAY_GAS_PER_DAY
    if (this.all.gas >= BigInt(total)) throw new GranaryError('RELAY_TOTAL_LIMIT', { limit: total })
  }
}
