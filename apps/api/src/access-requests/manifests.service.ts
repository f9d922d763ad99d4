import {
  type Address,
  checkRequestPurposes,
  contentToCid,
  GranaryError,
  type Hex,
  MAX_MANIFEST_DATASETS,
  type ManifestDocument,
  type MessageOf,
  type manifestBodySchema,
  manifestDocumentSchema,
  manifestRoot,
  type ProposedManifest,
  purposesToBits,
  type RequestManifest,
} from '@granary/protocol'
import { Injectable } from '@nestjs/common'
import type { z } from 'zod'
import type { Session } from '../auth/auth.service.js'
import { Chain } from '../chain/chain.js'
import { FeedService } from '../chain/feed.service.js'
import { DatasetsService } from '../datasets/datasets.service.js'
import { DocumentsService } from '../documents/documents.service.js'
import { PoolsService } from '../pools/pools.service.js'
import { TrainersService } from '../trainers/trainers.service.js'
import { choose } from './choose.js'

/** Manifests: proposed from the catalogue, kept as documents. A trainer's SDK recomputes them from the chain. */
@Injectable()
export class ManifestsService {
  constructor(
    private readonly chain: Chain,
    private readonly feed: FeedService,
    private readonly trainers: TrainersService,
    private readonly pools: PoolsService,
    private readonly datasets: DatasetsService,
    private readonly documents: DocumentsService,
  ) {}

  /** @throws GranaryError TRAINER_NOT_APPROVED, POOL_UNKNOWN, MANIFEST_EMPTY, …; of a dataset that was named and
   *   may not be used: the code that says why, with the dataset */
  async propose(session: Session, body: z.output<typeof manifestBodySchema>): Promise<ProposedManifest> {
    await this.trainers.requireApproved(session.address)
    const purposes = purposesToBits(body.purposes)
    checkRequestPurposes(purposes)
    const pool = await this.pools.state(body.pool)
    if (!pool.exists) throw new GranaryError('POOL_UNKNOWN')
    if (pool.closed) throw new GranaryError('POOL_IS_CLOSED')
    const asked = body.datasets ? [...new Set(body.datasets)].sort() : undefined
    const block = await this.feed.checkpoint()
    const eligible = await this.datasets.eligible(body.pool, purposes, asked)
    const found = new Set<string>(eligible.map(({ id }) => id))
    const missing = asked?.find((id) => !found.has(id))
    if (missing) await this.datasets.refuse(missing, body.pool, purposes)
    const excludedOwners = [...new Set(body.excludedOwners ?? [])].sort() as Address[]
    const chosen = choose(eligible, excludedOwners, body.maxPerOwner ?? null)
    if (chosen.length === 0) throw new GranaryError('MANIFEST_EMPTY')
    if (chosen.length > MAX_MANIFEST_DATASETS) throw new GranaryError('MANIFEST_TOO_LARGE')
    const document: ManifestDocument = {
      version: 'granary/manifest/v1',
      chainId: this.chain.deployment.chainId,
      blockHash: block.hash as Hex,
      blockNumber: block.number,
      pool: body.pool,
      purposes,
      filters: {
        excludedOwners,
        maxPerOwner: body.maxPerOwner ?? null,
        ...(asked ? { datasets: asked } : {}),
      },
      datasets: chosen,
    }
    const { digest, cid } = await this.documents.store(document)
    const count = chosen.length
    const price = pool.price.toString()
    const total = (pool.price * BigInt(count)).toString()
    return { document, digest, cid, root: manifestRoot(chosen), count, price, total }
  }

  /** The manifest of a request and where its datasets' content is. @throws GranaryError CONTENT_UNAVAILABLE */
  async ofRequest(digest: string): Promise<RequestManifest> {
    const document = await this.documents.read(manifestDocumentSchema, digest)
    if (!document) throw new GranaryError('CONTENT_UNAVAILABLE', 'the manifest document is not here')
    const rows = new Map((await this.datasets.findMany(document.datasets)).map((row) => [row.id, row]))
    const contents = document.datasets.flatMap((id) => {
      const row = rows.get(id)
      if (!row) return []
      const content = row.content as Hex
      const cid = contentToCid(content, row.rawRoot)
      return [{ dataset: id, content, cid, rawRoot: row.rawRoot, owner: row.owner as Hex }]
    })
    return { document, contents }
  }

  /** The ids of a manifest document, null when it is not here. */
  async datasetsOf(digest: string): Promise<Hex[] | null> {
    return (await this.documents.read(manifestDocumentSchema, digest))?.datasets ?? null
  }

  /** @throws GranaryError MANIFEST_MISMATCH when the document is not here or says something else than the request */
  async check(request: MessageOf<'AccessRequest'>): Promise<void> {
    const document = await this.documents.read(manifestDocumentSchema, request.manifestDocument)
    const fits =
      document !== null &&
      document.chainId === this.chain.deployment.chainId &&
      document.pool === request.pool &&
      document.purposes === request.purposes &&
      document.datasets.length === request.count &&
      manifestRoot(document.datasets) === request.manifestRoot
    if (!fits) throw new GranaryError('MANIFEST_MISMATCH')
  }
}
