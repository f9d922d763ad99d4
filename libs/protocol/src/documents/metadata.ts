import { z } from 'zod'

/**
 * What a contributor tells the public about a dataset. `size` is the plaintext's in bytes; texts may be empty. Never a
 * hash of the plaintext: a guessable file could be confirmed by it.
 */
export const metadataDocumentSchema = z.strictObject({
  version: z.literal('granary/metadata/v1'),
  title: z.string().max(200),
  description: z.string().max(5000),
  mediaType: z.string().min(1).max(200),
  size: z.int().min(0),
  schema: z.string().max(500).optional(),
  license: z.string().max(200),
})
export type MetadataDocument = z.infer<typeof metadataDocumentSchema>
