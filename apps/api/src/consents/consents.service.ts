import {
  checkConsentPurposes,
  type consentBodySchema,
  datasetId,
  GranaryError,
  messageToJson,
  type RelayedResource,
  structHash,
  type withdrawalBodySchema,
} from '@granary/protocol'
import { Injectable } from '@nestjs/common'
import type { z } from 'zod'
import type { Session } from '../auth/auth.service.js'
import { Signatures } from '../chain/signatures.js'
import { DatasetsService } from '../datasets/datasets.service.js'
import { RelaysService } from '../relays/relays.service.js'
import { ConsentsRepository } from './consents.repository.js'

const SKEW_SECONDS = 60

/** Changes of consent and withdrawals, signed by the dataset's owner. */
@Injectable()
export class ConsentsService {
  constructor(
    private readonly datasets: DatasetsService,
    private readonly relays: RelaysService,
    private readonly repository: ConsentsRepository,
    private readonly signatures: Signatures,
  ) {}

  async update(
    session: Session,
    id: string,
    body: z.output<typeof consentBodySchema>,
  ): Promise<RelayedResource> {
    const { update, signature } = body
    if (update.dataset !== id)
      throw new GranaryError('MESSAGE_INVALID', 'the message is about another dataset')
    const dataset = await this.datasets.require(id)
    if (dataset.owner !== session.address) throw new GranaryError('NOT_OWNER')
    const by = await this.signatures.check(session, 'ConsentUpdate', update, signature, dataset.owner)
    if (dataset.withdrawn) throw new GranaryError('DATASET_WITHDRAWN')
    checkConsentPurposes(update.purposes)
    const now = Date.now() / 1000
    if (update.expires !== 0 && update.expires <= now) throw new GranaryError('CONSENT_EXPIRED')
    if (update.issued > now + SKEW_SECONDS) throw new GranaryError('CONSENT_FROM_FUTURE')
    const payload = { message: messageToJson('ConsentUpdate', update), signature, by }
    const key = structHash('ConsentUpdate', update)
    return { relay: await this.relays.enqueue('consent-update', key, session.address, payload) }
  }

  /** A contribution that waits for its turn can be called back, too: the withdrawal goes first. */
  async withdraw(
    session: Session,
    id: string,
    body: z.output<typeof withdrawalBodySchema>,
  ): Promise<RelayedResource> {
    const { withdrawal, signature } = body
    const by = await this.signatures.check(session, 'Withdrawal', withdrawal, signature, withdrawal.owner)
    if (datasetId(withdrawal.owner, withdrawal.content) !== id)
      throw new GranaryError('MESSAGE_INVALID', 'the message is about another dataset')
    const key = structHash('Withdrawal', withdrawal)
    if (
      !(await this.relays.known('withdrawal', key)) &&
      !(await this.repository.isContributedOrQueued(id, withdrawal.owner))
    )
      throw new GranaryError('DATASET_UNKNOWN')
    const payload = { message: messageToJson('Withdrawal', withdrawal), signature, by }
    return { relay: await this.relays.enqueue('withdrawal', key, session.address, payload) }
  }
}
