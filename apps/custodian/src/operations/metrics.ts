// What an operator of a custodian watches, in Prometheus' form. No label holds an account, an id or a secret.
import { createMeters, type Meters, readWithin } from '@granary/operation'
import type { Refusal } from '@granary/protocol'
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { State } from './state.js'

export class Metrics {
  readonly registry = new Registry()
  readonly meters: Meters
  readonly #releases: Counter
  readonly #rounds: Counter

  constructor() {
    const registers = [this.registry]
    collectDefaultMetrics({ register: this.registry })
    this.meters = createMeters(this.registry)
    this.#releases = new Counter({
      name: 'granary_custodian_datasets_total',
      help: 'Datasets judged, by step (receipts, shares, owner-releases) and outcome: passed, or the code of the refusal',
      labelNames: ['step', 'outcome'],
      registers,
    })
    this.#rounds = new Counter({
      name: 'granary_custodian_rounds_total',
      help: 'Rounds of settlement and key generation, by outcome: done, or the code of the failure',
      labelNames: ['task', 'outcome'],
      registers,
    })
  }

  /** Counts what was judged; `asked` datasets, of which `refused` were not let through. */
  judged(step: string, asked: number, refused: readonly Refusal[]): void {
    const passed = asked - refused.length
    if (passed > 0) this.#releases.inc({ step, outcome: 'passed' }, passed)
    for (const { code } of refused) this.#releases.inc({ step, outcome: code })
  }

  round(task: string, outcome: string): void {
    this.#rounds.inc({ task, outcome })
  }

  /** What is read whenever somebody asks. */
  follow(state: State): void {
    const gauge = (name: string, help: string, read: () => number | Promise<number>) =>
      new Gauge({
        name,
        help,
        registers: [this.registry],
        async collect() {
          this.set(await readWithin(read))
        },
      })
    gauge(
      'granary_custodian_ready',
      '1 when it holds a share of the current epoch and the chain answers',
      async () => ((await state.isReady()) ? 1 : 0),
    )
    gauge('granary_custodian_epoch', 'The current epoch of the committee as last read', () => state.epoch)
    gauge('granary_custodian_ledger_entries', 'Entries of the ledger', () => state.ledgerEntries)
    gauge('granary_custodian_uses_due', 'Uses with a quorum that are not settled', () => state.usesDue)
    gauge('granary_custodian_use_oldest_seconds', 'Age of the oldest of them', () => state.oldestUseSeconds)
    gauge('granary_custodian_settlement', 'Number of the last settlement that stands', () => state.settlement)
    gauge('granary_custodian_chain_block', 'Newest block of the first endpoint that answers', () =>
      state.height(),
    )
    gauge('granary_custodian_chain_age_seconds', 'Age of that block', () => state.blockAge())
    gauge('granary_custodian_ether', 'What it can still spend on gas', () => state.ether())
  }
}
