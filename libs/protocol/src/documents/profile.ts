import { z } from 'zod'

/** Who a trainer says it is. */
export const profileDocumentSchema = z.strictObject({
  version: z.literal('granary/profile/v1'),
  name: z.string().min(1).max(200),
  description: z.string().max(5000),
  url: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .optional(),
})
export type ProfileDocument = z.infer<typeof profileDocumentSchema>
