import { GranaryError, type RelayKind, type RelayResource } from '@granary/protocol'
import { Injectable } from '@nestjs/common'
import { Chain } from '../chain/chain.js'
import { FeedService } from '../chain/feed.service.js'
import type { Prisma } from '../database/generated/client.js'
import { Preflight } from './preflight.js'
import { RelayBudget } from './relay.budget.js'
import { callFor } from './relay.calls.js'
import { RelayRepository } from './relay.repository.js'
import { RelayerService } from './relayer.service.js'

/** The queue of signed messages. What may enter it is checked by the features before. */
@Injectable()
export class RelaysService {
  constructor(
    private readonly repository: RelayRepository,
    private readonly relayer: RelayerService,
    private readonly feed: FeedService,
    private readonly chain: Chain,
    private readonly preflight: Preflight,
    private readonly budget: RelayBudget,
  ) {}

  /**
   * Queues a message and answers its relay's id. The same message again answers the same relay unless that was refused.
   *
   * @throws GranaryError RELAY_ACCOUNT_LIMIT, RELAY_TOTAL_LIMIT
   */
  async enqueue(
    kind: RelayKind,
    key: string,
    account: string,
    payload: Prisma.InputJsonValue,
  ): Promise<string> {
    const id = await this.budget.queue({ kind, key, account, payload })
    this.relayer.poke()
    return id
  }

  /**
   * Tries a call on the chain as it stands, which costs nothing.
   *
   * @throws GranaryError with the code of the revert, RELAY_TOO_EXPENSIVE
   */
  async judge(kind: RelayKind, payload: Prisma.InputJsonValue): Promise<void> {
    await this.preflight.estimate(kind, callFor(this.chain, kind, [payload]))
  }

  /** The relay of a message that waits to be on chain or is there; null of any other. */
  async known(kind: RelayKind, key: string): Promise<string | null> {
    return (await this.repository.findSame(kind, key))?.id ?? null
  }

  /** A relay counts as confirmed once the tables show what it did. @throws GranaryError RELAY_UNKNOWN */
  async get(id: string): Promise<RelayResource> {
    const relay = await this.repository.find(id)
    if (!relay) throw new GranaryError('RELAY_UNKNOWN')
    const shown = relay.block === null || Number(relay.block) <= this.feed.progress.indexed
    const status = relay.status === 'confirmed' && !shown ? 'sent' : relay.status
    return {
      id: relay.id,
      kind: relay.kind as RelayKind,
      status: status as RelayResource['status'],
      transaction: relay.transaction as RelayResource['transaction'],
      gasUsed: relay.gasUsed?.toString() ?? null,
      batch: relay.batch,
      code: relay.code,
      message: relay.message,
      waiting: isPending(relay.status) ? relay.waiting : null,
    }
  }
}

const isPending = (status: string) => status === 'queued' || status === 'sent'
