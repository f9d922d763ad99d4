import {
  type ConsentMessage,
  type ConsentMessageResource,
  consentMessagesIn,
  isConsentOf,
} from '@granary/protocol'
import { Injectable } from '@nestjs/common'
import { Chain } from '../chain/chain.js'
import type { ChainEvent, Relay } from '../database/generated/client.js'
import { onChain } from '../datasets/dataset.presenter.js'
import { DatasetsService } from '../datasets/datasets.service.js'
import { decodeCursor, encodeCursor, type Page, POSITION, toPage } from '../http/page.js'
import { ConsentsRepository } from './consents.repository.js'

const TYPES: Record<string, ConsentMessage['type']> = {
  Contributed: 'Contribution',
  ConsentUpdated: 'ConsentUpdate',
  Withdrawn: 'Withdrawal',
}

/** The messages by which an owner consented, as they were signed: what consent receipts are made of. */
@Injectable()
export class SignedConsentsService {
  constructor(
    private readonly datasets: DatasetsService,
    private readonly repository: ConsentsRepository,
    private readonly chain: Chain,
  ) {}

  /**
   * What this relayer sent it knows itself; everything else is read out of the transactions.
   *
   * @throws GranaryError DATASET_UNKNOWN, CURSOR_INVALID, CHAIN_UNAVAILABLE
   */
  async list(
    id: string,
    query: { cursor?: string | undefined; limit: number },
  ): Promise<Page<ConsentMessageResource>> {
    const { owner } = await this.datasets.require(id)
    const [after] = decodeCursor(query.cursor, POSITION) ?? []
    const rows = await this.repository.events(id, after ? BigInt(after) : null, query.limit + 1)
    const transactions = [...new Set(rows.slice(0, query.limit).map(({ transaction }) => transaction))]
    const relayed = await this.repository.relayed(owner, transactions)
    const read = new Map<string, Promise<ConsentMessage[]>>()
    const inTransaction = (hash: string) => {
      const known = read.get(hash) ?? this.messagesOf(hash)
      read.set(hash, known)
      return known
    }
    const found = new Map<ChainEvent, ConsentMessage | undefined>()
    for (const row of rows.slice(0, query.limit)) {
      const own = relayed.filter(({ transaction }) => transaction === row.transaction).map(messageOf)
      const known = own.find((message) => isMessageOf(row, message))
      const message =
        known ?? (await inTransaction(row.transaction)).find((candidate) => isMessageOf(row, candidate))
      found.set(row, message)
    }
    return toPage(
      rows,
      query.limit,
      ({ position }) => encodeCursor(position),
      (row) => present(row, found.get(row)),
    )
  }

  private async messagesOf(hash: string): Promise<ConsentMessage[]> {
    const transaction = await this.chain.provider.getTransaction(hash)
    return transaction ? consentMessagesIn(transaction.data) : []
  }
}

function messageOf({ kind, payload }: Relay): ConsentMessage {
  const type =
    kind === 'contribution' ? 'Contribution' : kind === 'withdrawal' ? 'Withdrawal' : 'ConsentUpdate'
  const { message, signature } = payload as { message: unknown; signature: string }
  return { type, message, signature } as ConsentMessage
}

function isMessageOf(row: ChainEvent, message: ConsentMessage): boolean {
  return (
    TYPES[row.name] === message.type &&
    isConsentOf(message, String(row.dataset), row.args as Record<string, unknown>)
  )
}

function present(row: ChainEvent, found: ConsentMessage | undefined): ConsentMessageResource {
  const signed = found ? { message: found.message, signature: found.signature } : null
  return { ...onChain(row), type: TYPES[row.name], signed } as ConsentMessageResource
}
