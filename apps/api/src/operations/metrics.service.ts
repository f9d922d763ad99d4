import { createMeters, type Meters, readWithin } from '@granary/operation'
import { Injectable } from '@nestjs/common'
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { ChainAudit } from '../chain/audit.js'
import { Chain } from '../chain/chain.js'
import { FeedService } from '../chain/feed.service.js'
import { RPC_FAULTS } from '../chain/rpc.js'
import { LeaseRepository } from '../database/lease.repository.js'
import { Inspector } from '../storage/keeper/inspector.js'
import { COPY_STATES, FILE_STATES, KeepingRepository } from '../storage/keeper/keeping.repository.js'
import { OperationsRepository } from './operations.repository.js'

/** What an operator watches, in Prometheus' form. No label holds an address, an id or a path that somebody chose. */
@Injectable()
export class MetricsService {
  readonly registry = new Registry()
  /** Of requests, errors and outgoing calls. */
  readonly meters: Meters

  constructor(
    chain: Chain,
    feed: FeedService,
    audit: ChainAudit,
    leases: LeaseRepository,
    repository: OperationsRepository,
    keeping: KeepingRepository,
    inspector: Inspector,
  ) {
    const registers = [this.registry]
    collectDefaultMetrics({ register: this.registry })
    this.meters = createMeters(this.registry)
    const gauge = (name: string, help: string, read: (gauge: Gauge) => Promise<void> | void) =>
      new Gauge({
        name,
        help,
        registers,
        ...(/relays?(_|$)/.test(name) ? { labelNames: ['status'] } : {}),
        ...(name.startsWith('granary_storage') ? { labelNames: ['state'] } : {}),
        async collect() {
          // One part that is away must not hide the others.
          await readWithin(async () => {
            await read(this)
            return 0
          }).then((failed) => {
            if (Number.isNaN(failed)) this.reset()
          })
        },
      })
    gauge('granary_chain_block', 'Newest block of the chain', (each) => each.set(feed.progress.block))
    gauge('granary_feed_block', 'Newest block in the tables', (each) => each.set(feed.progress.indexed))
    gauge('granary_feed_lag_blocks', 'Blocks that are not in the tables yet', (each) =>
      each.set(Math.max(feed.progress.block - feed.progress.indexed, 0)),
    )
    gauge('granary_feed_behind_seconds', 'Since the tables were last seen to be up to the chain', (each) =>
      each.set(feed.age.behind ?? Number.NaN),
    )
    gauge('granary_chain_unread_seconds', 'Since the chain last answered', (each) =>
      each.set(feed.age.unread ?? Number.NaN),
    )
    new Counter({
      name: 'granary_rpc_faults_total',
      help: 'What went wrong between here and the nodes',
      labelNames: ['fault'],
      registers,
      collect() {
        this.reset()
        for (const fault of RPC_FAULTS) this.inc({ fault }, chain.provider.faults.get(fault) ?? 0)
      },
    })
    new Gauge({
      name: 'granary_relayer_waiting',
      help: '1 for what the relayer waits for',
      labelNames: ['reason'],
      registers,
      async collect() {
        const said = await leases.said('relayer')
        for (const reason of ['RELAYER_OUT_OF_FUNDS', 'GAS_PRICE_TOO_HIGH', 'RELAYER_NONCE_TAKEN'])
          this.set({ reason }, said === reason ? 1 : 0)
      },
    })
    gauge('granary_relays', 'Messages waiting or sent', async (each) => {
      for (const [status, count] of await repository.pendingRelays()) each.set({ status }, count)
    })
    gauge('granary_relay_oldest_seconds', 'Age of the oldest message waiting or sent', async (each) => {
      for (const [status, seconds] of await repository.oldestRelays()) each.set({ status }, seconds)
    })
    gauge('granary_relays_ended', 'Messages confirmed or refused so far', async (each) => {
      for (const [status, count] of await repository.endedRelays()) each.set({ status }, count)
    })
    gauge('granary_uploads', 'Uploads under way', async (each) =>
      each.set((await repository.uploads()).count),
    )
    gauge('granary_upload_bytes', 'Bytes announced by uploads under way', async (each) =>
      each.set((await repository.uploads()).bytes),
    )
    gauge('granary_settlements_unread', 'Settlements whose document was not read yet', async (each) =>
      each.set(await repository.unreadSettlements()),
    )
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
    new Counter({
      name: 'granary_feed_repairs_total',
      help: 'Datasets that the tables had lost and that were put back from the chain',
      registers,
      collect() {
        this.reset()
        this.inc(audit.repairs)
      },
    })
    gauge('granary_relayer_ether', 'What the relayer can still spend on gas', async (each) => {
      // Metrics matter most while the chain does not answer.
      const balance = await chain.provider.getBalance(chain.relayer).catch(() => null)
      each.set(balance === null ? Number.NaN : Number(balance / 10n ** 9n) / 1e9)
    })
  }
}
