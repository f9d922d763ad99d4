import type {
  CustodiansResource,
  StatisticsQuery,
  StatisticsResource,
  TreasuryMovement,
  TreasuryResource,
} from '@granary/protocol'
import { allPages, type Context } from './context.js'

/** The network as a whole, as the API tells it: for display. */
export interface Overview {
  /** What happened by day (UTC); without `from` and `to` the last ninety days. */
  statistics(query?: StatisticsQuery): Promise<StatisticsResource>
  /** How the committee's members answer the API. Throws COMMITTEE_MISSING. */
  custodians(): Promise<CustodiansResource>
  treasury(): Promise<TreasuryResource>
  /** What came into the treasury and went out, newest first. */
  treasuryMovements(): AsyncGenerator<TreasuryMovement>
}

export function createOverview(context: Context): Overview {
  return {
    statistics(query = {}) {
      const given = Object.entries(query).filter(([, value]) => value !== undefined) as [string, string][]
      return context.call<StatisticsResource>(`/v1/statistics?${new URLSearchParams(given)}`)
    },
    custodians: () => context.call<CustodiansResource>('/v1/custodians'),
    treasury: () => context.call<TreasuryResource>('/v1/treasury'),
    treasuryMovements: () => allPages(context, '/v1/treasury/movements', {}),
  }
}
