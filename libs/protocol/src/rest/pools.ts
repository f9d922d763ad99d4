import { z } from 'zod'
import { amountSchema } from '../scalars.js'

/** `title` and `description` come from the terms document; null until it can be read. */
export const poolSchema = z.object({
  id: z.int(),
  title: z.string().nullable(),
  description: z.string().nullable(),
  terms: z.string(),
  price: amountSchema,
  lowestPrice: amountSchema,
  closed: z.boolean(),
  datasets: z.int(),
})
export type PoolResource = z.infer<typeof poolSchema>
