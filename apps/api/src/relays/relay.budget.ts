import { GranaryError, type RelayKind } from '@granary/protocol'
import { Inject, Injectable } from '@nestjs/common'
import { CONFIG } from '../app.tokens.js'
import type { Config } from '../config.js'
import { UNKNOWN_GAS } from './relay.calls.js'
import { type Message, RelayRepository } from './relay.repository.js'

const DAY_MS = 24 * 3_600_000
/** For how long the sum of all accounts is taken for granted: it is asked for with every message. */
const KEPT_MS = 5_000
/** So many messages before the end of what all may spend it is added up for each: none get through together. */
const NEAR_MESSAGES = 1_000

/**
 * What the operator's gas may be spent on within a day: so much for one account, so much in all. Nobody can empty the
 * relayer, and nobody is stopped by others from withdrawing. A message is taken while less than the limit is spent: what
 * goes beyond is at most the last one.
 */
@Injectable()
export class RelayBudget {
  private all = { gas: 0n, until: 0 }

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly repository: RelayRepository,
  ) {}

  /**
   * Queues a message if there is gas left for it, and answers its relay's id; the same message again answers the same
   * relay.
   *
   * @throws GranaryError RELAY_ACCOUNT_LIMIT, RELAY_TOTAL_LIMIT
   */
  async queue(message: Message): Promise<string> {
    const since = new Date(Date.now() - DAY_MS)
    const { RELAY_ACCOUNT_GAS_PER_DAY: most, RELAY_GAS_PER_DAY: total } = this.config
    const limits = { accountLimit: BigInt(most), totalLimit: await this.total(message.kind, since) }
    const queued = await this.repository.add(message, { since, ...limits })
    if ('id' in queued) return queued.id
    if (queued.reached === 'account') throw new GranaryError('RELAY_ACCOUNT_LIMIT', { limit: most })
    throw new GranaryError('RELAY_TOTAL_LIMIT', { limit: total })
  }

  /** The limit of all together, null while it is far away. */
  private async total(kind: RelayKind, since: Date): Promise<bigint | null> {
    if (kind === 'withdrawal') return null
    const limit = BigInt(this.config.RELAY_GAS_PER_DAY)
    const near = limit - BigInt(NEAR_MESSAGES * UNKNOWN_GAS)
    if (Date.now() >= this.all.until)
      this.all = { gas: await this.repository.gasSince(since), until: Date.now() + KEPT_MS }
    return this.all.gas < near ? null : limit
  }
}
