import {
  documentCids,
  GranaryError,
  type PoolResource,
  type PoolState,
  termsDocumentSchema,
} from '@granary/protocol'
import { Injectable } from '@nestjs/common'
import { DocumentsService } from '../documents/documents.service.js'
import { decodeCursor, encodeCursor, type Page } from '../http/page.js'
import { type DescribedPool, PoolsRepository } from './pools.repository.js'

/** Pools as the chain and their terms tell. */
@Injectable()
export class PoolsService {
  constructor(
    private readonly repository: PoolsRepository,
    private readonly documents: DocumentsService,
  ) {}

  async list({ cursor, limit }: { cursor?: string | undefined; limit: number }): Promise<Page<PoolResource>> {
    const after = Number(decodeCursor(cursor, /^[0-9]{1,5}$/)?.[0] ?? 0)
    const rows = await this.repository.list(after, limit + 1)
    const shown = rows.slice(0, limit)
    const last = shown.at(-1)
    return {
      items: await this.present(shown),
      next: rows.length > limit && last ? encodeCursor(last.id) : null,
    }
  }

  /** @throws GranaryError POOL_UNKNOWN */
  async get(id: number): Promise<PoolResource> {
    const row = await this.repository.described(id)
    if (!row) throw new GranaryError('POOL_UNKNOWN')
    const [pool] = await this.present([row])
    return pool as PoolResource
  }

  /** What the protocol's rules ask of a pool. */
  async state(id: number): Promise<PoolState & { price: bigint }> {
    const pool = await this.repository.state(id)
    return { exists: pool !== null, closed: pool?.closed ?? false, price: BigInt(pool?.price ?? 0) }
  }

  private async present(pools: DescribedPool[]): Promise<PoolResource[]> {
    const terms = await this.documents.readThese(
      termsDocumentSchema,
      pools.map((pool) => [pool.terms, pool.document]),
    )
    return pools.map((pool) => ({
      id: pool.id,
      title: terms.get(pool.terms)?.title ?? null,
      description: terms.get(pool.terms)?.description ?? null,
      terms: documentCids(pool.terms as `0x${string}`)[0],
      price: pool.price,
      lowestPrice: pool.lowestPrice,
      closed: pool.closed,
      datasets: pool.datasets,
    }))
  }
}
