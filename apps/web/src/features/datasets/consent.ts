// A dataset's consent as the form shows it, and what a change of it comes to.
import type { DatasetResource, PurposeName } from '@granary/protocol'
import { day, dayValue } from '../../lib/format.js'
import { type ConsentDraft, expires } from '../contribute/draft.js'

type Current = Pick<DatasetResource, 'purposes' | 'expires' | 'ask' | 'status'>

export interface Consent {
  purposes: PurposeName[]
  expires: Date | null
  ask: boolean
}

/** What the form begins with. An end that has passed is proposed anew. */
export function draftOf({ purposes, expires: end, ask, status }: Current): ConsentDraft {
  return {
    purposes: [...purposes],
    ask,
    expiry:
      end === null
        ? { kind: 'never' }
        : status === 'expired'
          ? { kind: 'years', years: 2 }
          : { kind: 'date', date: dayValue(new Date(end)) },
  }
}

/** What to sign for a draft that misses nothing. A day that was left alone keeps its very second. */
export function consentOf(draft: ConsentDraft, current: Current): Consent {
  const end = expires(draft.expiry) as Date | null
  const kept = current.expires === null || current.status === 'expired' ? null : new Date(current.expires)
  const same = end !== null && kept !== null && dayValue(end) === dayValue(kept)
  return { purposes: draft.purposes, ask: draft.ask, expires: same ? kept : end }
}

/** One thing that changes; `end` null = until withdrawn. */
export type Change =
  | { kind: 'allow' | 'forbid'; purposes: PurposeName[] }
  | { kind: 'end'; end: string | null }
  | { kind: 'ask'; ask: boolean }

/** What changes from the current consent to the next, in the order of the form; empty when nothing does. */
export function changes(current: Current, next: Consent): Change[] {
  const without = (some: readonly PurposeName[], others: readonly PurposeName[]) =>
    some.filter((name) => !others.includes(name))
  const list: Change[] = []
  const added = without(next.purposes, current.purposes)
  const removed = without(current.purposes, next.purposes)
  if (added.length > 0) list.push({ kind: 'allow', purposes: added })
  if (removed.length > 0) list.push({ kind: 'forbid', purposes: removed })
  const before = current.expires === null ? null : Date.parse(current.expires)
  if (before !== (next.expires?.getTime() ?? null))
    list.push({ kind: 'end', end: next.expires === null ? null : day(next.expires) })
  if (current.ask !== next.ask) list.push({ kind: 'ask', ask: next.ask })
  return list
}
