import {
  documentDigest,
  GranaryError,
  type Hex,
  messageToJson,
  profileDocumentSchema,
  type RelayedResource,
  structHash,
  type TrainerRecord,
  type TrainerResource,
  type trainerBodySchema,
} from '@granary/protocol'
import { Injectable } from '@nestjs/common'
import type { z } from 'zod'
import type { Session } from '../auth/auth.service.js'
import { Signatures } from '../chain/signatures.js'
import type { Trainer } from '../database/generated/client.js'
import { expiryTime } from '../datasets/dataset.presenter.js'
import { DocumentsService } from '../documents/documents.service.js'
import { decodeCursor, encodeCursor, type Page, POSITION } from '../http/page.js'
import { RelaysService } from '../relays/relays.service.js'
import { approvedSince, type TrainerStatus, trainerStatus } from './trainer.status.js'
import { TrainersRepository } from './trainers.repository.js'

/** Applications of trainers and what the DAO made of them. */
@Injectable()
export class TrainersService {
  constructor(
    private readonly repository: TrainersRepository,
    private readonly documents: DocumentsService,
    private readonly relays: RelaysService,
    private readonly signatures: Signatures,
  ) {}

  async apply(session: Session, body: z.output<typeof trainerBodySchema>): Promise<RelayedResource> {
    const { application, signature, profile } = body
    const by = await this.signatures.check(
      session,
      'TrainerApplication',
      application,
      signature,
      application.trainer,
    )
    const { digest } = await documentDigest(profile)
    if (digest !== application.profile) throw new GranaryError('DOCUMENT_MISMATCH')
    await this.documents.store(profile)
    const payload = { message: messageToJson('TrainerApplication', application), signature, by }
    const key = structHash('TrainerApplication', application)
    return { relay: await this.relays.enqueue('trainer-application', key, session.address, payload) }
  }

  async list(query: {
    status?: TrainerStatus | undefined
    cursor?: string | undefined
    limit: number
  }): Promise<Page<TrainerResource>> {
    const after = BigInt(decodeCursor(query.cursor, POSITION)?.[0] ?? 0)
    const rows = await this.repository.list(query.status, after, query.limit + 1)
    const shown = rows.slice(0, query.limit)
    const last = shown.at(-1)
    return {
      items: await Promise.all(shown.map((row) => this.present(row.address, row))),
      next: rows.length > query.limit && last ? encodeCursor(last.position) : null,
    }
  }

  async get(address: string): Promise<TrainerResource> {
    return this.present(address, await this.repository.find(address))
  }

  /** What it has done so far: public, all of it is on chain. */
  async record(address: Hex): Promise<TrainerRecord> {
    const row = await this.repository.find(address)
    const isApproved = trainerStatus(row, new Date()) === 'approved'
    const since = isApproved ? approvedSince(await this.repository.approvals(address)) : null
    return { address, approvedSince: since?.toISOString() ?? null, ...(await this.repository.sums(address)) }
  }

  /** @throws GranaryError TRAINER_NOT_APPROVED, TRAINER_IS_SUSPENDED */
  async requireApproved(address: string): Promise<void> {
    const status = trainerStatus(await this.repository.find(address), new Date())
    if (status === 'suspended') throw new GranaryError('TRAINER_IS_SUSPENDED')
    if (status !== 'approved') throw new GranaryError('TRAINER_NOT_APPROVED')
  }

  /** What the protocol's rules ask of a trainer; 0 = never approved, or revoked. */
  async state(address: string): Promise<{ approvedUntil: number; suspended: boolean }> {
    const row = await this.repository.find(address)
    return {
      approvedUntil: !row || row.revoked ? 0 : Number(row.approvedUntil),
      suspended: row?.suspended ?? false,
    }
  }

  private async present(address: string, row: Trainer | null): Promise<TrainerResource> {
    return {
      address: address as Hex,
      status: trainerStatus(row, new Date()),
      approvedUntil: row ? expiryTime(row.approvedUntil) : null,
      profile: row?.profile ? await this.documents.read(profileDocumentSchema, row.profile) : null,
    }
  }
}
