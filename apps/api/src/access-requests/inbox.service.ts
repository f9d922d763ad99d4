import {
  type AnswersPage,
  type answersQuerySchema,
  type Hex,
  type InboxItem,
  type inboxQuerySchema,
  manifestDocumentSchema,
} from '@granary/protocol'
import { Injectable } from '@nestjs/common'
import type { z } from 'zod'
import { onChain } from '../datasets/dataset.presenter.js'
import { DocumentsService } from '../documents/documents.service.js'
import { decodeCursor, encodeCursor, type Page, POSITION } from '../http/page.js'
import { AccessRequestsRepository, type InboxRow } from './access-requests.repository.js'
import { presentRequest } from './request.presenter.js'

/** The owner's inbox in ask mode. A hint, like all of the catalogue: what is signed is read from the chain first. */
@Injectable()
export class InboxService {
  constructor(
    private readonly repository: AccessRequestsRepository,
    private readonly documents: DocumentsService,
  ) {}

  /** What open requests ask of an owner, newest request first. Public: all of it is on chain and on IPFS. */
  async list(query: z.output<typeof inboxQuerySchema>): Promise<Page<InboxItem>> {
    const { owner, status, cursor, limit } = query
    const place = decodeCursor(cursor, POSITION, ID)
    const after = place ? { position: BigInt(`${place[0]}`), dataset: `${place[1]}` } : null
    // A request that came past this API has its manifest on IPFS only.
    await this.documents.readMany(manifestDocumentSchema, await this.repository.manifestsMissing(owner))
    const rows = await this.repository.inbox(owner, status, after, limit + 1)
    const shown = rows.slice(0, limit)
    const found = await this.repository.findMany([...new Set(shown.map((row) => row.request))])
    const requests = new Map(found.map((request) => [request.id, presentRequest(request)]))
    const last = shown.at(-1)
    return {
      items: shown.flatMap((row) => {
        const request = requests.get(row.request)
        return request ? [{ request, owner, ...answerOf(row) }] : []
      }),
      next: rows.length > limit && last ? encodeCursor(last.position, last.dataset) : null,
    }
  }

  /** Every answer that an owner gave, newest first, also to requests that are over. */
  async history({ owner, cursor, limit }: z.output<typeof answersQuerySchema>): Promise<AnswersPage> {
    const place = decodeCursor(cursor, POSITION, ID, ID)
    const after = place
      ? { block: BigInt(`${place[0]}`), request: `${place[1]}`, dataset: `${place[2]}` }
      : null
    const rows = await this.repository.answers(owner, after, limit + 1)
    const shown = rows.slice(0, limit)
    const found = await this.repository.findMany([...new Set(shown.map((row) => row.request))])
    const requests = new Map(found.map((request) => [request.id, presentRequest(request)]))
    const last = shown.at(-1)
    return {
      items: shown.flatMap((row) => {
        const request = requests.get(row.request)
        const status = row.granted ? ('granted' as const) : ('refused' as const)
        const dataset = row.dataset as Hex
        return request ? [{ dataset, status, given: onChain(row), request, earned: row.earned }] : []
      }),
      next: rows.length > limit && last ? encodeCursor(last.block, last.request, last.dataset) : null,
    }
  }
}

const ID = /^0x[0-9a-f]{64}$/

function answerOf({ dataset, granted, block, transaction, time }: InboxRow) {
  const given = block !== null && transaction !== null && time ? onChain({ block, transaction, time }) : null
  const status = granted === null ? 'pending' : granted ? 'granted' : 'refused'
  return { dataset: dataset as Hex, status, given } as const
}
