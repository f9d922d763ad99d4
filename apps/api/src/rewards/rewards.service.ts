import {
  GranaryError,
  type Hex,
  type RelayedResource,
  type RewardsResource,
  ZERO_BYTES32,
} from '@granary/protocol'
import { Injectable } from '@nestjs/common'
import type { Session } from '../auth/auth.service.js'
import { expiryTime } from '../datasets/dataset.presenter.js'
import { RelaysService } from '../relays/relays.service.js'
import { type LaterLeaf, RewardsRepository } from './rewards.repository.js'
import { SettlementsService } from './settlements.service.js'

const ENTRIES = 200

/** What accounts earned by what is in effect, with proofs, and claims paid for by the operator. */
@Injectable()
export class RewardsService {
  constructor(
    private readonly repository: RewardsRepository,
    private readonly settlements: SettlementsService,
    private readonly relays: RelaysService,
  ) {}

  async get(address: Hex): Promise<RewardsResource> {
    const rewards = await this.settlements.inEffect()
    const earned = rewards?.totals.get(address) ?? 0n
    const { entries, later, ...known } = await this.repository.account(
      address,
      rewards?.sequence ?? 0,
      ENTRIES,
    )
    const claimed = BigInt(known.claimed)
    return {
      address,
      earned: earned.toString(),
      claimed: claimed.toString(),
      claimable: (earned > claimed ? earned - claimed : 0n).toString(),
      total: earned.toString(),
      root: rewards?.tree.root ?? ZERO_BYTES32,
      proof: rewards && earned > 0n ? rewards.tree.proof(address) : [],
      pending: pendingOf(earned, later),
      entries,
    }
  }

  /** Anybody signed in may have an account's reward paid to that account. @throws GranaryError NOTHING_TO_CLAIM */
  async claim(session: Session, address: Hex): Promise<RelayedResource> {
    const { total, claimable, proof, pending } = await this.get(address)
    if (claimable === '0') throw new GranaryError('NOTHING_TO_CLAIM', pending[0] && { from: pending[0].from })
    const payload = { account: address, total, proof }
    return { relay: await this.relays.enqueue('claim', `${address} ${total}`, session.address, payload) }
  }
}

/** What each settlement after the one in effect, which left `earned`, adds for an account. */
function pendingOf(earned: bigint, later: LaterLeaf[]): RewardsResource['pending'] {
  let before = earned
  return later.map(({ total, settlement, from }) => {
    const amount = (BigInt(total) - before).toString()
    before = BigInt(total)
    return { settlement, amount, from: expiryTime(BigInt(from)) ?? new Date(0).toISOString() }
  })
}
