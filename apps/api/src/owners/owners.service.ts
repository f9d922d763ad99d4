import {
  bitsToPurposes,
  type EarningsResource,
  type earningsQuerySchema,
  type Hex,
  metadataDocumentSchema,
  type OwnedPage,
  type OwnedUse,
  type OwnedUsesPage,
  type ownedQuerySchema,
  profileDocumentSchema,
  type usesQuerySchema,
} from '@granary/protocol'
import { Injectable } from '@nestjs/common'
import type { z } from 'zod'
import { FeedService } from '../chain/feed.service.js'
import { expiryTime, onChain, presentDataset } from '../datasets/dataset.presenter.js'
import { DocumentsService } from '../documents/documents.service.js'
import { decodeCursor, encodeCursor, POSITION } from '../http/page.js'
import { type OwnedUseRow, OwnersRepository } from './owners.repository.js'

const ID = /^0x[0-9a-f]{64}$/

/** What an account owns, who used it for what, and what it earned. All of it is on chain and so for everybody to see. */
@Injectable()
export class OwnersService {
  constructor(
    private readonly repository: OwnersRepository,
    private readonly documents: DocumentsService,
    private readonly feed: FeedService,
  ) {}

  async datasets(owner: Hex, query: z.output<typeof ownedQuerySchema>): Promise<OwnedPage> {
    const { cursor, limit, ...filter } = query
    const [after] = decodeCursor(cursor, POSITION) ?? []
    const rows = await this.repository.datasets(owner, filter, after ? BigInt(after) : null, limit + 1)
    const shown = rows.slice(0, limit)
    const documents = await this.documents.readThese(
      metadataDocumentSchema,
      shown.map((row) => [row.metadata, row.document]),
    )
    const last = shown.at(-1)
    return {
      items: shown.map((row) => presentDataset(row, documents.get(row.metadata) ?? null)),
      next: rows.length > limit && last ? encodeCursor(last.position) : null,
      total: rows[0]?.total ?? 0,
    }
  }

  async uses(owner: Hex, query: z.output<typeof usesQuerySchema>): Promise<OwnedUsesPage> {
    const { cursor, limit, dataset } = query
    const place = decodeCursor(cursor, POSITION, ID, ID)
    const before = place
      ? { position: BigInt(place[0] as string), request: `${place[1]}`, dataset: `${place[2]}` }
      : null
    const rows = await this.repository.uses(owner, dataset ?? null, before, limit + 1)
    const shown = rows.slice(0, limit)
    const last = shown.at(-1)
    const [titles, names] = await Promise.all([
      this.documents.readThese(metadataDocumentSchema, pairs(shown, 'metadata', 'document')),
      this.documents.readThese(profileDocumentSchema, pairs(shown, 'profile', 'profileBody')),
    ])
    const now = BigInt(this.feed.clock)
    return {
      items: shown.map((row) =>
        presentUse(row, now, {
          title: titles.get(row.metadata ?? '')?.title ?? null,
          trainerName: names.get(row.profile ?? '')?.name ?? null,
        }),
      ),
      next: rows.length > limit && last ? encodeCursor(last.position, last.request, last.dataset) : null,
    }
  }

  async earnings(owner: Hex, query: z.output<typeof earningsQuerySchema>): Promise<EarningsResource> {
    return { items: await this.repository.earnings(owner, query.by, query.dataset ?? null) }
  }
}

function presentUse(row: OwnedUseRow, now: bigint, told: Pick<OwnedUse, 'title' | 'trainerName'>): OwnedUse {
  return {
    ...onChain(row),
    ...told,
    dataset: row.dataset as Hex,
    request: row.request as Hex,
    opened: row.opened as Hex | null,
    trainer: row.trainer as Hex | null,
    purposes: bitsToPurposes(Number(row.purposes ?? 0)),
    amount: row.amount,
    settlement: row.settlement,
    state: row.effectiveFrom <= now ? 'in-effect' : 'pending',
    effectiveFrom: expiryTime(row.effectiveFrom) ?? new Date(0).toISOString(),
  }
}

/** Digests of documents with their bodies as the database has them; those that are on chain only. */
function pairs(
  rows: OwnedUseRow[],
  digest: 'metadata' | 'profile',
  body: 'document' | 'profileBody',
): [string, unknown][] {
  return rows.flatMap((row) => {
    const name = row[digest]
    return name ? [[name, row[body]]] : []
  })
}
