import { z } from 'zod'

/** What a pool is for: the terms that every contribution to it accepts. `schema` names the form its files have. */
export const termsDocumentSchema = z.strictObject({
  version: z.literal('granary/terms/v1'),
  title: z.string().min(1).max(200),
  description: z.string().max(5000),
  terms: z.string().max(100_000),
  schema: z.string().max(500).optional(),
})
export type TermsDocument = z.infer<typeof termsDocumentSchema>
