import { Counter, Histogram, type Registry } from 'prom-client'

/** What every program measures. No label holds an account, an id, or a path that somebody chose. */
export interface Meters {
  answered(method: string, route: string, status: number, seconds: number, code?: string): void
  called(target: string, outcome: string, seconds: number): void
}

const BUCKETS = [0.005, 0.02, 0.1, 0.5, 2, 10]

/** Adds the measurements of requests and outgoing calls to a registry. */
export function createMeters(registry: Registry): Meters {
  const registers = [registry]
  const requests = new Histogram({
    name: 'granary_http_request_seconds',
    help: 'Time to answer, by method, route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS,
    registers,
  })
  const errors = new Counter({
    name: 'granary_errors_total',
    help: 'Answers that were problem documents, by code and route',
    labelNames: ['code', 'route'],
    registers,
  })
  const calls = new Histogram({
    name: 'granary_outgoing_seconds',
    help: 'Time of calls to others, by whom and outcome',
    labelNames: ['target', 'outcome'],
    buckets: BUCKETS,
    registers,
  })
  return {
    answered(method, route, status, seconds, code) {
      requests.observe({ method, route, status }, seconds)
      if (code) errors.inc({ code, route })
    },
    called: (target, outcome, seconds) => calls.observe({ target, outcome }, seconds),
  }
}

const READ_MS = 3_000

/** What a gauge reads; NaN where it fails or takes longer than 3 s, so that one part that is away hides no other. */
export async function readWithin(read: () => number | Promise<number>): Promise<number> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<number>((resolve) => {
    timer = setTimeout(resolve, READ_MS, Number.NaN)
  })
  try {
    return await Promise.race([read(), late])
  } catch {
    return Number.NaN
  } finally {
    clearTimeout(timer)
  }
}
