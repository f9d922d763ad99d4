import { GranaryError } from '@granary/protocol'

/** One page of a list. */
export interface Page<T> {
  items: T[]
  next: string | null
}

/** A cursor that holds the place after which the next page begins. */
export function encodeCursor(...place: (string | bigint | number)[]): string {
  return Buffer.from(place.join(' '), 'utf8').toString('base64url')
}

/**
 * The place in a cursor, or null without one.
 *
 * @throws GranaryError CURSOR_INVALID when it has not the parts that `patterns` describe
 */
export function decodeCursor(cursor: string | undefined, ...patterns: RegExp[]): string[] | null {
  if (cursor === undefined) return null
  const parts = Buffer.from(cursor, 'base64url').toString('utf8').split(' ')
  if (parts.length !== patterns.length || !patterns.every((pattern, i) => pattern.test(parts[i] ?? '')))
    throw new GranaryError('CURSOR_INVALID')
  return parts
}

/** A position in the chain's order, as cursors hold it. */
export const POSITION = /^[0-9]{1,18}$/

/** A page from `limit + 1` rows: the one too many only tells that there is more. */
export function toPage<Row, Item>(
  rows: Row[],
  limit: number,
  place: (row: Row) => string,
  present: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { items: shown.map(present), next: rows.length > limit && last ? place(last) : null }
}
