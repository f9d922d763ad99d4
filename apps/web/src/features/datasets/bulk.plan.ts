// What a change of many consents comes to, before anything is signed.
import type { DatasetResource, PurposeName } from '@granary/protocol'
import { type Change, type Consent, changes } from './consent.js'

/** The parts that change; what is left out stays as each dataset has it. `expires` null = until withdrawn. */
export interface BulkChange {
  purposes?: PurposeName[]
  expires?: Date | null
  ask?: boolean
}

export interface BulkItem {
  dataset: DatasetResource
  consent: Consent
}

export interface BulkPlan {
  /** Each of these takes one signature. */
  items: BulkItem[]
  /** Already as the change would have them. */
  same: number
  /** Final: nothing about them can be changed. */
  withdrawn: number
  /** Ended, and the change gives them no new end. */
  ended: number
  /** How many datasets each thing changes for. */
  allow: Map<PurposeName, number>
  forbid: Map<PurposeName, number>
  end: number
  ask: number
}

/** Sorts datasets by what a change would do to them. */
export function planOf(datasets: readonly DatasetResource[], change: BulkChange): BulkPlan {
  const plan: BulkPlan = {
    items: [],
    same: 0,
    withdrawn: 0,
    ended: 0,
    allow: new Map(),
    forbid: new Map(),
    end: 0,
    ask: 0,
  }
  for (const dataset of datasets) {
    if (dataset.status === 'withdrawn') {
      plan.withdrawn += 1
      continue
    }
    if (dataset.status === 'expired' && change.expires === undefined) {
      plan.ended += 1
      continue
    }
    const consent = consentAfter(dataset, change)
    const list = changes(dataset, consent)
    if (list.length === 0) {
      plan.same += 1
      continue
    }
    plan.items.push({ dataset, consent })
    for (const one of list) count(plan, one)
  }
  return plan
}

/** The consent as it was, to sign it again. */
export function consentBefore({ purposes, expires, ask }: DatasetResource): Consent {
  return { purposes: [...purposes], expires: expires === null ? null : new Date(expires), ask }
}

function consentAfter(dataset: DatasetResource, change: BulkChange): Consent {
  const before = consentBefore(dataset)
  return {
    purposes: change.purposes ?? before.purposes,
    expires: change.expires === undefined ? before.expires : change.expires,
    ask: change.ask ?? before.ask,
  }
}

function count(plan: BulkPlan, change: Change): void {
  if (change.kind === 'end') plan.end += 1
  else if (change.kind === 'ask') plan.ask += 1
  else {
    const map = plan[change.kind]
    for (const purpose of change.purposes) map.set(purpose, (map.get(purpose) ?? 0) + 1)
  }
}
