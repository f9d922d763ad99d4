import type { CopyState, ErasureResource, Hex, LocationKind, StorageResource } from '@granary/protocol'
import type { Erasure, StorageEvent, StoredCopy, StoredFile } from '../database/generated/client.js'
import { OWN } from './locations/location.entry.js'

/** What the operator's first store shows of itself, by the state of the file as a whole. */
const OWN_STATES = {
  unchecked: 'unchecked',
  held: 'held',
  missing: 'missing',
  repairing: 'missing',
  lost: 'missing',
  erased: 'erased',
} as const satisfies Record<StorageResource['state'], CopyState>

export function presentErasure(row: Erasure): ErasureResource {
  return {
    dataset: row.dataset as Hex,
    state: row.state as ErasureResource['state'],
    requested: row.requestedAt.toISOString(),
    finished: row.finishedAt?.toISOString() ?? null,
    sharedBlocks: row.sharedBlocks,
  }
}

export function presentStorage(
  dataset: string,
  cid: string,
  facts: {
    file: StoredFile | null
    copies: StoredCopy[]
    events: StorageEvent[]
    erasure: Erasure | null
    /** The names of the locations that are configured now. */
    configured: string[]
  },
): StorageResource {
  const { file, copies, events, erasure, configured } = facts
  const state = (file?.state ?? 'unchecked') as StorageResource['state']
  const own = copies.find(({ location }) => location === OWN)
  const first = {
    location: OWN,
    kind: 'own' as LocationKind,
    state: OWN_STATES[state],
    since: (own?.since ?? file?.since ?? new Date(0)).toISOString(),
    checked: file?.checkedAt?.toISOString() ?? null,
    code: null,
  }
  const others = copies
    .filter(({ location }) => location !== OWN)
    .map((copy) => ({
      location: copy.location,
      kind: (configured.includes(copy.location) ? copy.kind : 'former') as LocationKind,
      state: copy.state as CopyState,
      since: copy.since.toISOString(),
      checked: copy.checkedAt?.toISOString() ?? null,
      code: copy.code,
    }))
  const locations = file ? [first, ...others] : []
  return {
    dataset: dataset as Hex,
    cid,
    state,
    since: file?.since.toISOString() ?? null,
    checked: file?.checkedAt?.toISOString() ?? null,
    nextCheck: !file || state === 'erased' ? null : file.dueAt.toISOString(),
    copies: locations.filter((copy) => copy.state === 'held').length,
    locations,
    erasure: erasure && presentErasure(erasure),
    history: events.map((event) => ({
      time: event.time.toISOString(),
      type: event.type as StorageResource['history'][number]['type'],
      location: event.location,
      blocks: event.blocks,
      code: event.code,
    })),
  }
}
