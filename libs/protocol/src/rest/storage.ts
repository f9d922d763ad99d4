// Where a dataset's sealed file lies, what became of it there, and its erasure.
import { z } from 'zod'
import { bytes32Schema, timeSchema } from '../scalars.js'

/**
 * Of the file as a whole: `unchecked` until it was looked at once; `missing` = blocks are gone and a location that may
 * have them did not answer; `lost` = no configured location has them. Both are tried again.
 */
export const storageStateSchema = z.enum(['unchecked', 'held', 'missing', 'repairing', 'lost', 'erased'])
export type StorageState = z.infer<typeof storageStateSchema>

/** `own` is the operator's first store; a `gateway` belongs to somebody else and is only read. */
export const locationKindSchema = z.enum(['own', 'kubo', 'gateway', 'pinning', 'former'])
export type LocationKind = z.infer<typeof locationKindSchema>

/** `pending` = the copy is being made; `failing` = the location does not do what it should: `code` says what. */
export const copyStateSchema = z.enum(['unchecked', 'pending', 'held', 'missing', 'failing', 'erased'])
export type CopyState = z.infer<typeof copyStateSchema>

/** One copy. `since` when it is in this state; for an erased one, when it was erased. */
export const copySchema = z.object({
  location: z.string(),
  kind: locationKindSchema,
  state: copyStateSchema,
  since: timeSchema,
  checked: timeSchema.nullable(),
  code: z.string().nullable(),
})
export type StoredCopy = z.infer<typeof copySchema>

/** What became of a file, newest first: changes only, not every check. `blocks` = how many it was about. */
export const storageEventSchema = z.object({
  time: timeSchema,
  type: z.enum(['held', 'missing', 'repaired', 'lost', 'copied', 'copy-missing', 'lied', 'erased', 'kept']),
  location: z.string().nullable(),
  blocks: z.int().nullable(),
  code: z.string().nullable(),
})
export type StorageEventItem = z.infer<typeof storageEventSchema>

/**
 * An owner's wish that the file be erased. `kept` = somebody else's dataset has the same content, so it stays.
 * `sharedBlocks` stay because other files have them, too.
 */
export const erasureSchema = z.object({
  dataset: bytes32Schema,
  state: z.enum(['erasing', 'erased', 'kept']),
  requested: timeSchema,
  finished: timeSchema.nullable(),
  sharedBlocks: z.int(),
})
export type ErasureResource = z.infer<typeof erasureSchema>

/** GET /v1/datasets/{id}/storage. `copies` counts the places where it was found when last looked at. */
export const storageSchema = z.object({
  dataset: bytes32Schema,
  cid: z.string(),
  state: storageStateSchema,
  since: timeSchema.nullable(),
  checked: timeSchema.nullable(),
  nextCheck: timeSchema.nullable(),
  copies: z.int(),
  locations: z.array(copySchema),
  erasure: erasureSchema.nullable(),
  history: z.array(storageEventSchema),
})
export type StorageResource = z.infer<typeof storageSchema>
