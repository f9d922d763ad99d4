import { z } from 'zod'
import { MAX_DESCRIPTION } from '../limits.js'
import { datasetSchemaSchema } from './dataset-schema.js'

/**
 * What a contributor tells the public about a dataset. `size` is the plaintext's in bytes; texts may be empty. Never a
 * hash of the plaintext: a guessable file could be confirmed by it. `schema` is what the file holds; older documents
 * have a text of their own there, and longer descriptions than a new one may have.
 */
export const metadataDocumentSchema = z.strictObject({
  version: z.literal('granary/metadata/v1'),
  title: z.string().max(200),
  description: z.string().max(5000).optional(),
  mediaType: z.string().min(1).max(200),
  size: z.int().min(0),
  schema: z.union([datasetSchemaSchema, z.string().max(500)]).optional(),
  license: z.string().max(200),
})
export type MetadataDocument = z.infer<typeof metadataDocumentSchema>

/** The same for a document that is written now. */
export const newMetadataDocumentSchema = metadataDocumentSchema.extend({
  description: z.string().max(MAX_DESCRIPTION).optional(),
})
