import {
  type ContributedResource,
  contentToCid,
  type contributeBodySchema,
  contributionRefusal,
  type DatasetResource,
  datasetId,
  type datasetsQuerySchema,
  documentDigest,
  FLAGS,
  GranaryError,
  type Hex,
  type HistoryItem,
  MAX_MANIFEST_DATASETS,
  type MessageOf,
  type MetadataDocument,
  messageToJson,
  metadataDocumentSchema,
  releaseRefusal,
  structHash,
} from '@granary/protocol'
import { Injectable } from '@nestjs/common'
import type { z } from 'zod'
import type { Session } from '../auth/auth.service.js'
import { Signatures } from '../chain/signatures.js'
import type { Dataset } from '../database/generated/client.js'
import { DocumentsService } from '../documents/documents.service.js'
import { decodeCursor, encodeCursor, type Page, POSITION } from '../http/page.js'
import { PoolsService } from '../pools/pools.service.js'
import { RelaysService } from '../relays/relays.service.js'
import { ErasureRepository } from '../storage/erasure/erasure.repository.js'
import { presentDataset, presentHistory } from './dataset.presenter.js'
import { filterOf, splitPurposes } from './datasets.filter.js'
import { DatasetsRepository, type DescribedDataset } from './datasets.repository.js'
import { SealedFileService } from './sealed-file.service.js'

/** A size in a cursor. */
const SIZE_PLACE = /^[0-9]{1,16}$/

/** Contributions and the catalogue. */
@Injectable()
export class DatasetsService {
  constructor(
    private readonly repository: DatasetsRepository,
    private readonly documents: DocumentsService,
    private readonly pools: PoolsService,
    private readonly relays: RelaysService,
    private readonly sealed: SealedFileService,
    private readonly signatures: Signatures,
    private readonly erasures: ErasureRepository,
  ) {}

  /**
   * Takes a signed contribution of a sealed file that was uploaded before. Everything that the contract would refuse
   * is refused here first, and so is a file that the committee could not open.
   */
  async contribute(
    session: Session,
    body: z.output<typeof contributeBodySchema>,
  ): Promise<ContributedResource> {
    const { contribution, signature, metadata } = body
    const by = await this.signatures.check(
      session,
      'Contribution',
      contribution,
      signature,
      contribution.owner,
    )
    const id = datasetId(contribution.owner, contribution.content)
    const rawRoot = (contribution.flags & FLAGS.rawRoot) !== 0
    const cid = contentToCid(contribution.content, rawRoot)
    const key = structHash('Contribution', contribution)
    const known = await this.relays.known('contribution', key)
    if (known) return { id, cid, relay: known }
    await this.checkTerms(id, contribution)
    const { digest } = await documentDigest(metadata)
    if (digest !== contribution.metadata) throw new GranaryError('DOCUMENT_MISMATCH')
    if (await this.erasures.isErased(contribution.content)) throw new GranaryError('CONTENT_ERASED')
    const held = await this.repository.wantContent(contribution.content)
    if (!held) throw new GranaryError('CONTENT_UNKNOWN')
    if (held.rawRoot !== rawRoot)
      throw new GranaryError('CONTENT_NOT_OF_DATASET', 'the raw-root flag is wrong')
    await this.sealed.check(contribution.content, rawRoot, contribution.owner)
    await this.documents.store(metadata)
    const payload = { dataset: id, message: messageToJson('Contribution', contribution), signature, by }
    const relay = await this.relays.enqueue('contribution', key, session.address, payload)
    return { id, cid, relay }
  }

  /** @throws GranaryError PURPOSE_UNKNOWN, CURSOR_INVALID */
  async list(query: z.output<typeof datasetsQuerySchema>): Promise<Page<DatasetResource>> {
    const { sort, cursor, limit } = query
    const bySize = sort === 'largest' || sort === 'smallest'
    const [position, size = 0] = decodeCursor(cursor, POSITION, ...(bySize ? [SIZE_PLACE] : [])) ?? []
    const place = position ? { position: BigInt(position), size: Number(size) } : null
    const rows = await this.repository.list(filterOf(query), sort, place, limit + 1)
    const shown = rows.slice(0, limit)
    const last = shown.at(-1)
    return {
      items: await this.present(shown),
      next: rows.length > limit && last ? encodeCursor(last.position, ...(bySize ? [last.plain] : [])) : null,
    }
  }

  /** @throws GranaryError DATASET_UNKNOWN */
  async get(id: string): Promise<DatasetResource> {
    const row = await this.repository.described(id)
    if (!row) throw new GranaryError('DATASET_UNKNOWN')
    const [dataset] = await this.present([row])
    return dataset as DatasetResource
  }

  /**
   * Takes the document that is on chain for an own dataset: it came from another installation.
   *
   * @throws GranaryError DATASET_UNKNOWN, NOT_OWNER, DOCUMENT_MISMATCH
   */
  async restoreMetadata(session: Session, id: string, metadata: MetadataDocument): Promise<DatasetResource> {
    const dataset = await this.require(id)
    if (dataset.owner !== session.address) throw new GranaryError('NOT_OWNER')
    const { digest } = await documentDigest(metadata)
    if (digest !== dataset.metadata) throw new GranaryError('DOCUMENT_MISMATCH')
    await this.documents.store(metadata)
    return this.get(id)
  }

  /** The dataset as it is on chain. @throws GranaryError DATASET_UNKNOWN */
  async require(id: string): Promise<Dataset> {
    const dataset = await this.repository.find(id)
    if (!dataset) throw new GranaryError('DATASET_UNKNOWN')
    return dataset
  }

  findMany(ids: string[]): Promise<Dataset[]> {
    return this.repository.findMany(ids)
  }

  /** What of a pool (or of the ids named) allows a use now, by ascending id; one more than a manifest may hold. */
  eligible(pool: number, purposes: number, ids?: string[]): Promise<{ id: Hex; owner: string }[]> {
    return this.repository.eligible(
      { pool, allowing: splitPurposes(purposes) },
      ids,
      MAX_MANIFEST_DATASETS + 1,
    )
  }

  /** Throws the reason why a dataset does not allow a use. Approvals come later and are no reason. */
  async refuse(id: string, pool: number, purposes: number): Promise<never> {
    const row = await this.repository.find(id)
    const dataset = row && { ...row, purposes: Number(row.purposes), expires: Number(row.expires) }
    const now = Math.floor(Date.now() / 1000)
    const code = releaseRefusal({ pool, purposes }, { now, dataset, approval: 'granted' })
    throw new GranaryError(code ?? 'DATASET_NOT_ELIGIBLE', { dataset: id })
  }

  async history(
    id: string,
    query: { cursor?: string | undefined; limit: number },
  ): Promise<Page<HistoryItem>> {
    await this.require(id)
    const place = decodeCursor(query.cursor, POSITION, /^(?:-|0x[0-9a-f]{64})$/)
    const before = place
      ? { position: BigInt(place[0] as string), key: place[1] === '-' ? '' : `${place[1]}` }
      : null
    const rows = await this.repository.history(id, before, query.limit + 1)
    const shown = rows.slice(0, query.limit)
    const last = shown.at(-1)
    return {
      items: shown.map(presentHistory).filter((item) => item !== null),
      next: rows.length > query.limit && last ? encodeCursor(last.position, last.key || '-') : null,
    }
  }

  private async checkTerms(id: Hex, contribution: MessageOf<'Contribution'>): Promise<void> {
    const code = contributionRefusal(contribution, {
      now: Math.floor(Date.now() / 1000),
      pool: await this.pools.state(contribution.pool),
      dataset: await this.repository.find(id),
    })
    if (code) throw new GranaryError(code)
  }

  private async present(rows: DescribedDataset[]): Promise<DatasetResource[]> {
    const documents = await this.documents.readThese(
      metadataDocumentSchema,
      rows.map((row) => [row.metadata, row.document]),
    )
    return rows.map((row) => presentDataset(row, documents.get(row.metadata) ?? null))
  }
}
