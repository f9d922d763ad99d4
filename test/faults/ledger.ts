import { appendFileSync } from 'node:fs'
import type { Hex } from '@granary/protocol'

/** A message that the API has taken: it must land on chain, or be refused for a reason, once. */
export interface Accepted {
  relay: string
  /** whose */
  by: string
  /** what for, e.g. `POST /v1/datasets/0x…/consent` */
  call: string
  at: number
}

/** Plain bytes that became a dataset, or would have. */
export interface Planted {
  owner: string
  sha256: string
  size: number
}

/** What the clients were promised, in the words of the promises; kept outside of everything that is tested. */
export class Ledger {
  readonly accepted = new Map<string, Accepted>()
  /** by dataset; from the moment its contribution was accepted */
  readonly planted = new Map<Hex, Planted>()
  /** datasets whose contribution was confirmed to its owner */
  readonly contributed = new Set<Hex>()
  /** by dataset: when its owner was told that it is withdrawn */
  readonly withdrawn = new Map<Hex, number>()
  /** requests that were confirmed to their trainer */
  readonly opened = new Map<Hex, { by: string; expires: number }>()
  /** transactions that clients were told of */
  readonly transactions = new Set<string>()
  /** promises that were broken while it ran, with ids */
  readonly broken: string[] = []
  /** what must never be in a log */
  readonly secrets = new Set<string>()
  /** how the attempts of clients ended, by operation */
  readonly counts = new Map<string, { done: number; refused: number; failed: number; retried: number }>()
  /** codes of attempts that failed, and how often */
  readonly codes = new Map<string, number>()

  constructor(private readonly log: string) {}

  count(operation: string, how: 'done' | 'refused' | 'failed' | 'retried'): void {
    const line = this.counts.get(operation) ?? { done: 0, refused: 0, failed: 0, retried: 0 }
    line[how] += 1
    this.counts.set(operation, line)
  }

  /** Notes a failed attempt, for people who look for its cause. */
  note(by: string, operation: string, error: unknown): void {
    const { code = 'no code', message = String(error) } = error as { code?: string; message?: string }
    this.codes.set(code, (this.codes.get(code) ?? 0) + 1)
    appendFileSync(this.log, `${new Date().toISOString()} ${by}, ${operation}: ${code} ${message}\n`)
  }

  sum(): { done: number; refused: number; failed: number; retried: number } {
    const sum = { done: 0, refused: 0, failed: 0, retried: 0 }
    for (const line of this.counts.values())
      for (const how of ['done', 'refused', 'failed', 'retried'] as const) sum[how] += line[how]
    return sum
  }

  /** The platform's fetch for one client: notes what the API accepts, and tokens, which are secrets. */
  watching(by: string): typeof fetch {
    return async (input, init) => {
      const answer = await fetch(input, init)
      if (init?.method !== 'POST' || !answer.ok) return answer
      const call = `POST ${new URL(String(input)).pathname}`
      const body = await answer
        .clone()
        .json()
        .catch(() => undefined)
      if (typeof body?.relay === 'string' && !this.accepted.has(body.relay))
        this.accepted.set(body.relay, { relay: body.relay, by, call, at: Date.now() })
      if (typeof body?.token === 'string') this.secrets.add(body.token)
      return answer
    }
  }
}
