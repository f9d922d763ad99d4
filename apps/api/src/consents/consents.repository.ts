import { Injectable } from '@nestjs/common'
import { Database } from '../database/database.js'

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
}
