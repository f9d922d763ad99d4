import { type datasetFilterSchema, PERMIT_BITS, purposesToBits } from '@granary/protocol'
import type { z } from 'zod'
import { type Allowing, type DatasetFilter, wordsOf } from './search.repository.js'

/** What a query asks for. @throws GranaryError PURPOSE_UNKNOWN */
export function filterOf(query: z.output<typeof datasetFilterSchema>): DatasetFilter {
  const { owner, pool, purposes, q, format, ask, status, minSize, maxSize, since, before } = query
  return {
    owner,
    pool,
    allowing: purposes === undefined ? undefined : allowingOf(purposes),
    status,
    words: q === undefined || q.trim() === '' ? undefined : wordsOf(q),
    formats: format,
    ask: ask === undefined ? undefined : ask === 'yes',
    minSize,
    maxSize,
    since: since === undefined ? undefined : new Date(since),
    before: before === undefined ? undefined : new Date(before),
  }
}

/** What a comma-separated list of purposes asks of a consent. */
function allowingOf(list: string): Allowing {
  const names = list.split(',').map((name) => name.trim())
  return splitPurposes(purposesToBits(names.filter((name) => name !== '')))
}

export function splitPurposes(bits: number): Allowing {
  const permits = bits % (PERMIT_BITS + 1)
  return { permits, restrictions: bits - permits }
}
