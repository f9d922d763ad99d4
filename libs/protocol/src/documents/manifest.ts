import { z } from 'zod'
import { MAX_MANIFEST_DATASETS } from '../limits.js'
import { canonicalAddressSchema, canonicalBytes32Schema } from '../scalars.js'

const ascending = (ids: readonly string[]) => ids.every((id, i) => i === 0 || ids[i - 1]! < id)

/** Dataset ids in ascending order without repeats. */
export const datasetListSchema = z
  .array(canonicalBytes32Schema)
  .min(1)
  .max(MAX_MANIFEST_DATASETS)
  .refine(ascending, 'ascending without repeats')

/**
 * The datasets a request asks for and how they were chosen: all of `pool` that allow `purposes` at the block, less the
 * owners left out, at most `maxPerOwner` of one owner (null = no bound), only those of `filters.datasets` if it is
 * there. Anybody can recompute it from the chain.
 */
export const manifestDocumentSchema = z.strictObject({
  version: z.literal('granary/manifest/v1'),
  chainId: z.int().min(1),
  blockHash: canonicalBytes32Schema,
  blockNumber: z.int().min(0),
  pool: z.int().min(1).max(65_535),
  purposes: z.int().min(0).max(0xffff_ffff),
  filters: z.strictObject({
    excludedOwners: z.array(canonicalAddressSchema).max(1000),
    maxPerOwner: z.int().min(1).nullable(),
    datasets: datasetListSchema.optional(),
  }),
  datasets: datasetListSchema,
})
export type ManifestDocument = z.infer<typeof manifestDocumentSchema>
