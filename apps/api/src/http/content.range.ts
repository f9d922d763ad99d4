import { GranaryError } from '@granary/protocol'

/** The one range of a Range header, null when there is none that is understood. @throws RANGE_NOT_SATISFIABLE */
export function parseRange(
  header: string | undefined,
  size: number,
): { offset: number; length: number } | null {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return null
  const [, from = '', to = ''] = match
  const offset = from === '' ? Math.max(0, size - Number(to)) : Number(from)
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  if (from !== '' && to !== '' && Number(to) < offset) return null
  if (offset >= size || last < offset) throw new GranaryError('RANGE_NOT_SATISFIABLE', { size })
  return { offset, length: last - offset + 1 }
}

/** The Range header, unless it holds for another state of the content than this (RFC 9110, 13.1.5). */
export function rangeOf(
  headers: { range?: string | undefined; 'if-range'?: string | string[] | undefined },
  etag: string,
): string | undefined {
  const only = headers['if-range']
  return only === undefined || only === etag ? headers.range : undefined
}
