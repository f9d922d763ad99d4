// The building stones of the REST bodies: purposes, pages, places on the chain, problems.
import { z } from 'zod'
import { PURPOSES, type PurposeName } from '../purposes.js'
import { bytes32Schema, timeSchema } from '../scalars.js'

const PURPOSE_NAMES = PURPOSES.map((purpose) => purpose.name) as [PurposeName, ...PurposeName[]]

/** One purpose's name. */
export const purposeNameSchema = z.enum(PURPOSE_NAMES)

/** Purposes by name, without repeats. */
export const purposeNamesSchema = z
  .array(purposeNameSchema)
  .max(32)
  .refine((names) => new Set(names).size === names.length, 'no name twice')

/** A pool's number as it is on chain. */
export const poolNumberSchema = z.int().min(1).max(65_535)

/** `?cursor=&limit=` of every list. A cursor is opaque: only a `next` from the same list is one. */
export const pageQuerySchema = z.object({
  cursor: z
    .string()
    .max(256)
    .regex(/^[A-Za-z0-9_-]+$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
export type PageQuery = z.infer<typeof pageQuerySchema>

/** One page of a list; `next` is the cursor of the following page, null at the end. */
export function pageSchema<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() })
}

/** Where on the chain something happened. */
export const onChainSchema = z.object({
  block: z.int(),
  transaction: bytes32Schema,
  time: timeSchema,
})

/** An RFC 9457 problem document; `code` is the stable part, the texts are for people. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string().optional(),
  instance: z.string().optional(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
})
export type Problem = z.infer<typeof problemSchema>
