import { Injectable } from '@nestjs/common'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { Chain } from '../chain/chain.js'
import { FeedService } from '../chain/feed.service.js'
import { Inspector } from '../storage/keeper/inspector.js'
import { COPY_STATES, FILE_STATES, KeepingRepository } from '../storage/keeper/keeping.repository.js'
import { OperationsRepository } from './operations.repository.js'

/** What an operator watches, in Prometheus' form. No label holds an address, an id or a path that somebody chose. */
@Injectable()
export class MetricsService {
  readonly registry = new Registry()
  private readonly requests: Histogram

  constructor(
    chain: Chain,
    feed: FeedService,
    repository: OperationsRepository,
    keeping: KeepingRepository,
    inspector: Inspector,
  ) {
    const registers = [this.registry]
    collectDefaultMetrics({ register: this.registry })
    this.requests = new Histogram({
      name: 'granary_http_request_seconds',
      help: 'Time to answer, by method, route and status',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
      registers,
    })
    const gauge = (name: string, help: string, read: (gauge: Gauge) => Promise<void> | void) =>
      new Gauge({
        name,
        help,
        registers,
        ...(name.endsWith('relays') ? { labelNames: ['status'] } : {}),
        ...(name.startsWith('granary_storage') ? { labelNames: ['state'] } : {}),
        async collect() {
          await read(this)
        },
      })
    gauge('granary_chain_block', 'Newest block of the chain', (each) => each.set(feed.progress.block))
    gauge('granary_feed_block', 'Newest block in the tables', (each) => each.set(feed.progress.indexed))
    gauge('granary_relays', 'Messages waiting or sent', async (each) => {
      for (const [status, count] of await repository.pendingRelays()) each.set({ status }, count)
    })
    gauge('granary_storage_files', 'Stored files by what their last check found', async (each) => {
      const { files } = await keeping.counts()
      for (const state of FILE_STATES) each.set({ state }, files.get(state) ?? 0)
    })
    gauge('granary_storage_copies', 'Copies at second locations by state', async (each) => {
      const { copies } = await keeping.counts()
      for (const state of COPY_STATES) each.set({ state }, copies.get(state) ?? 0)
    })
    new Counter({
      name: 'granary_storage_repairs_total',
      help: 'Stored files that were whole again after a repair',
      registers,
      collect() {
        this.reset()
        this.inc(inspector.repairs)
      },
    })
    gauge('granary_relayer_ether', 'What the relayer can still spend on gas', async (each) => {
      each.set(Number((await chain.provider.getBalance(chain.relayer)) / 10n ** 9n) / 1e9)
    })
  }

  observe(method: string, route: string, status: number, seconds: number): void {
    this.requests.observe({ method, route, status }, seconds)
  }
}
