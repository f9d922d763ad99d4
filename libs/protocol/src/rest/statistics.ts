// GET /v1/statistics: what happened on this network, by day (UTC).
import { z } from 'zod'
import { MAX_STATISTICS_DAYS } from '../limits.js'
import { amountSchema } from '../scalars.js'

/** A day in UTC, `2026-11-26`. */
export const daySchema = z.iso.date()

const DAY_MS = 86_400_000

/** Both days included; without them the last ninety days. */
export const statisticsQuerySchema = z
  .object({ from: daySchema.optional(), to: daySchema.optional() })
  .refine(({ from, to }) => !from || !to || from <= to, { path: ['from'], message: 'not after `to`' })
  .refine(
    ({ from, to }) =>
      !from || (Date.parse(to ?? new Date().toISOString()) - Date.parse(from)) / DAY_MS < MAX_STATISTICS_DAYS,
    { path: ['from'], message: `at most ${MAX_STATISTICS_DAYS} days` },
  )
export type StatisticsQuery = z.input<typeof statisticsQuerySchema>

/**
 * `contributors`: accounts whose first dataset it was; `uses`: of datasets, once they are settled, and `earned` what they
 * earned their owners; `claimed`: what accounts took out of the rewards, treasury and custodians included.
 */
export const countsSchema = z.object({
  contributors: z.int(),
  datasets: z.int(),
  uses: z.int(),
  earned: amountSchema,
  claimed: amountSchema,
})
export type Counts = z.infer<typeof countsSchema>

/** `total` of all time, `before` of the time before `from`; a day on which nothing happened is there, too. */
export const statisticsSchema = z.object({
  from: daySchema,
  to: daySchema,
  total: countsSchema,
  before: countsSchema,
  days: z.array(countsSchema.extend({ day: daySchema })),
})
export type StatisticsResource = z.infer<typeof statisticsSchema>
