// What `granary export` writes: a plain tar (POSIX ustar, pax for files above 8 GiB) whose first entry is the header and
// whose last is the list of all others. One that was cut off lacks the list.
import { z } from 'zod'
import { datasetSchema, historyItemSchema, rewardsSchema, takenSettlementSchema } from './rest/index.js'
import { canonicalAddressSchema, canonicalBytes32Schema, timeSchema } from './scalars.js'

export const ARCHIVE_VERSION = 'granary/archive/v1'
export const ARCHIVE_HEADER = 'granary.json'
export const ARCHIVE_LIST = 'manifest.json'

/** Entries of one archive, and bytes of one of its documents. */
export const MAX_ARCHIVE_ENTRIES = 400_000
export const MAX_ARCHIVE_DOCUMENT_BYTES = 67_108_864

/** The names that entries have; no other is taken, so none leads out of a folder. */
export const ARCHIVE_NAME =
  /^(granary\.json|key\.txt(\.age)?|rewards\.json|settlements\.json|settlements\/[1-9][0-9]{0,8}\.json|datasets\/0x[0-9a-f]{64}\/(record\.json|metadata\.json|content\.car)|manifest\.json)$/

/** Whose things these are, and of which network. */
export const archiveHeaderSchema = z.strictObject({
  version: z.literal(ARCHIVE_VERSION),
  chainId: z.int().min(1),
  registry: canonicalAddressSchema,
  account: canonicalAddressSchema,
  exported: timeSchema,
})
export type ArchiveHeader = z.infer<typeof archiveHeaderSchema>

/** A dataset as the API told it, with everything that ever happened to it, newest first. */
export const archiveRecordSchema = z.object({ dataset: datasetSchema, history: z.array(historyItemSchema) })
export type ArchiveRecord = z.infer<typeof archiveRecordSchema>

/** `rewards.json`: what was earned, with its proof. `settlements.json`: the settlements with uses of own datasets. */
export const archiveRewardsSchema = rewardsSchema
export const archiveSettlementsSchema = z.array(takenSettlementSchema)

/** The list of all entries before it, in their order; `sha256` in hex without 0x. `absent`: files that nobody had. */
export const archiveListSchema = z.strictObject({
  version: z.literal(ARCHIVE_VERSION),
  entries: z.array(
    z.strictObject({ name: z.string(), size: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  ),
  absent: z.array(canonicalBytes32Schema),
})
export type ArchiveList = z.infer<typeof archiveListSchema>
