import { isIP, isIPv4 } from 'node:net'

/**
 * What requests from an address are counted under: an IPv4 address itself, of an IPv6 address the first 64 bits, since
 * whoever has one has all of its network. A mapped IPv4 address counts as itself.
 */
export function addressKey(address: string | undefined): string {
  const bare = (address ?? '').replace(/%.*$/, '')
  if (isIPv4(bare)) return bare
  if (!isIP(bare)) return 'unknown'
  const mapped = /^::ffff:([\d.]+)$/i.exec(bare)?.[1]
  if (mapped && isIPv4(mapped)) return mapped
  const groups = groupsOf(bare)
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    const [high = 0, low = 0] = groups.slice(6)
    return [high >> 8, high & 255, low >> 8, low & 255].join('.')
  }
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`
}

/** The eight groups of an IPv6 address; dotted endings stand for two of them. */
function groupsOf(address: string): number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address)
  const [, front = '', a = 0, b = 0, c = 0, d = 0] = dotted ?? []
  const pair = (high: unknown, low: unknown) => ((Number(high) << 8) | Number(low)).toString(16)
  const text = dotted ? `${front}${pair(a, b)}:${pair(c, d)}` : address
  const [before = '', after] = text.split('::')
  const read = (part: string) =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16))
  const first = read(before)
  if (after === undefined) return first
  const last = read(after)
  return [...first, ...new Array<number>(8 - first.length - last.length).fill(0), ...last]
}
