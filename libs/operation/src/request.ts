// What is known of the request that a program works on at this moment, carried along by the platform's async context.
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import type { Span } from './telemetry.js'

/** Facts of one request. They end up in its line of the log: no secret may be put here. */
export interface RequestFacts {
  readonly id: string
  /** Code of the problem document that it was answered with. */
  code?: string
  /** Account that is signed in: public. */
  account?: string
  /** Where its part of a trace begins, when traces are recorded. */
  span?: Span | undefined
}

const REQUEST_ID = /^[A-Za-z0-9_-]{8,64}$/
const storage = new AsyncLocalStorage<RequestFacts>()

/** A caller's request id (8 to 64 letters, digits, `_` and `-`), or a new one where it has none of this form. */
export function requestIdOf(given: string | string[] | undefined): string {
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID()
}

/** Runs `work` as a part of this request: its lines and its outgoing calls carry the id. */
export function inRequest<T>(facts: RequestFacts, work: () => T): T {
  return storage.run(facts, work)
}

/** The request that is worked on, undefined in loops of the program's own. */
export function currentRequest(): RequestFacts | undefined {
  return storage.getStore()
}

/** Adds what was learnt about the current request. */
export function note(facts: Partial<Pick<RequestFacts, 'code' | 'account'>>): void {
  const request = storage.getStore()
  if (request) Object.assign(request, facts)
}
