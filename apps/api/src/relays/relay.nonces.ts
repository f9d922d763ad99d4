import { Inject, Injectable } from '@nestjs/common'
import { CONFIG } from '../app.tokens.js'
import { Chain } from '../chain/chain.js'
import type { Config } from '../config.js'
import type { Submission } from '../database/generated/client.js'
import { SubmissionRepository } from './submission.repository.js'

/** The numbers of the relayer's transactions. Its key may be used elsewhere, and nodes may be behind. */
@Injectable()
export class RelayNonces {
  /** Since when something is odd that a node which is behind would say, too. */
  private readonly odd = new Map<string, { since: number; seen: number }>()

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly chain: Chain,
    private readonly submissions: SubmissionRepository,
  ) {}

  /** The number for a next transaction; null while the node's count does not fit with what is known. */
  async next(open: Submission[]): Promise<number | null> {
    const used = await this.used()
    // What was sent with the same key elsewhere, and waits, is not to be pushed aside.
    const taken = Math.max(used, await this.taken())
    const next = await this.submissions.nextNonce(this.chain.relayer)
    if (next === null || used >= next) return taken
    if (open.length > 0) return Math.max(next, taken)
    // A node that is behind, or a chain that went back: then the numbers are free again.
    return this.lasts(`fewer than ${next}`) ? taken : null
  }

  /** How many are in blocks. */
  used(): Promise<number> {
    return this.chain.provider.getTransactionCount(this.chain.relayer, 'latest')
  }

  /** How many are in blocks or on their way, as far as the node knows. Some nodes count beyond a gap. */
  taken(): Promise<number> {
    return this.chain.provider.getTransactionCount(this.chain.relayer, 'pending')
  }

  /** Whether something that was odd before is odd for so long now that no node is just behind. */
  lasts(what: string, patience = this.config.CHAIN_PATIENCE_SECONDS * 1000): boolean {
    const now = Date.now()
    const kept = 2 * Math.max(this.config.CHAIN_PATIENCE_SECONDS, this.config.RELAY_REPRICE_SECONDS) * 1000
    for (const [other, { seen }] of this.odd) if (now - seen > kept) this.odd.delete(other)
    const since = this.odd.get(what)?.since ?? now
    this.odd.set(what, { since, seen: now })
    return now - since >= patience
  }

  /** It is as it should be again. */
  forget(what: string): void {
    this.odd.delete(what)
  }
}
