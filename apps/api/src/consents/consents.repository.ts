import { Injectable } from '@nestjs/common'
import { Database } from '../database/database.js'
import type { ChainEvent, Relay } from '../database/generated/client.js'

const KINDS = ['contribution', 'consent-update', 'withdrawal']
const EVENTS = ['Contributed', 'ConsentUpdated', 'Withdrawn']

@Injectable()
export class ConsentsRepository {
  constructor(private readonly database: Database) {}

  /** Whether there is anything to withdraw: gas is not spent on tombstones for what nobody contributed. */
  async isContributedOrQueued(id: string, owner: string): Promise<boolean> {
    if (await this.database.dataset.findUnique({ where: { id }, select: { id: true } })) return true
    const queued = await this.database.relay.findFirst({
      where: {
        account: owner,
        kind: 'contribution',
        status: { in: ['queued', 'sent', 'confirmed'] },
        payload: { path: ['dataset'], equals: id },
      },
    })
    return queued !== null
  }

  /** What made, changed or ended the consent of a dataset, oldest first, after a place in the chain's order. */
  events(dataset: string, after: bigint | null, take: number): Promise<ChainEvent[]> {
    return this.database.chainEvent.findMany({
      where: { dataset, name: { in: EVENTS }, ...(after === null ? {} : { position: { gt: after } }) },
      orderBy: { position: 'asc' },
      take,
    })
  }

  /** What this relayer sent for an account in these transactions. */
  relayed(account: string, transactions: string[]): Promise<Relay[]> {
    return this.database.relay.findMany({
      where: { account, kind: { in: KINDS }, status: 'confirmed', transaction: { in: transactions } },
    })
  }
}
