import {
  bitsToPurposes,
  DATASET_FORMATS,
  type DatasetFacets,
  type datasetFilterSchema,
  PURPOSES,
} from '@granary/protocol'
import { Inject, Injectable } from '@nestjs/common'
import type { z } from 'zod'
import { CONFIG } from '../app.tokens.js'
import type { Config } from '../config.js'
import { filterOf } from './datasets.filter.js'
import { type FacetRow, FacetsRepository } from './facets.repository.js'

/** Where one range of sizes ends and the next begins, in bytes. */
const STEPS = [10_000, 1_000_000, 100_000_000, 10_000_000_000]

/** How many datasets each further choice would leave. */
@Injectable()
export class FacetsService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly repository: FacetsRepository,
  ) {}

  /** @throws GranaryError PURPOSE_UNKNOWN */
  async count(query: z.output<typeof datasetFilterSchema>): Promise<DatasetFacets> {
    const limit = this.config.FACET_DATASETS
    const rows = await this.repository.count(filterOf(query), STEPS, limit)
    const of = (facet: FacetRow['facet']) => rows.filter((row) => row.facet === facet && row.value !== null)
    const counted = (facet: FacetRow['facet'], value: string) =>
      of(facet).find((row) => row.value === value)?.count ?? 0
    const maps = of('purposes').map(({ value, count }) => ({ names: bitsToPurposes(Number(value)), count }))
    return {
      total: counted('total', '0'),
      limit,
      pools: of('pool')
        .map(({ value, count }) => ({ pool: Number(value), count }))
        .sort((a, b) => b.count - a.count || a.pool - b.pool),
      purposes: PURPOSES.filter((purpose) => !('reserved' in purpose)).map(({ name }) => ({
        purpose: name,
        count: maps.reduce((sum, { names, count }) => sum + (names.includes(name) ? count : 0), 0),
      })),
      formats: DATASET_FORMATS.map((format) => ({ format, count: counted('format', format) })).filter(
        ({ count }) => count > 0,
      ),
      ask: (['yes', 'no'] as const).map((ask) => ({ ask, count: counted('ask', ask) })),
      sizes: [0, ...STEPS].map((minSize, place) => ({
        minSize,
        maxSize: STEPS[place] ?? null,
        count: counted('size', String(place)),
      })),
    }
  }
}
