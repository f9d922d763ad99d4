import {
  GranaryError,
  MAX_STATISTICS_DAYS,
  type StatisticsResource,
  type statisticsQuerySchema,
} from '@granary/protocol'
import { Injectable } from '@nestjs/common'
import type { z } from 'zod'
import { StatisticsRepository } from './statistics.repository.js'

const DAY_MS = 86_400_000
const USUAL_DAYS = 90
const NOTHING = { contributors: 0, datasets: 0, uses: 0, earned: '0', claimed: '0' }

const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10)

/** What happened on this network, for everybody: public, all of it is on chain. */
@Injectable()
export class StatisticsService {
  constructor(private readonly repository: StatisticsRepository) {}

  /** @throws GranaryError VALIDATION_FAILED for more days than one answer has */
  async get(query: z.output<typeof statisticsQuerySchema>): Promise<StatisticsResource> {
    const to = query.to ?? dayOf(Date.now())
    const from = query.from ?? dayOf(Date.parse(to) - (USUAL_DAYS - 1) * DAY_MS)
    const count = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1
    if (count < 1 || count > MAX_STATISTICS_DAYS)
      throw new GranaryError('VALIDATION_FAILED', {
        errors: [{ path: 'from', message: `1 to ${MAX_STATISTICS_DAYS} days before the end` }],
      })
    const [total, before, rows] = await Promise.all([
      this.repository.sums(null),
      this.repository.sums(from),
      this.repository.days(from, to),
    ])
    const known = new Map(rows.map((row) => [row.day, row]))
    const days = Array.from({ length: count }, (_, place) => dayOf(Date.parse(from) + place * DAY_MS))
    return { from, to, total, before, days: days.map((day) => known.get(day) ?? { day, ...NOTHING }) }
  }
}
