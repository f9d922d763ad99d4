import { BlockList, isIP, isIPv4 } from 'node:net'
import { z } from 'zod'

// Which addresses a program may be made to call by a URL that somebody else chose.

type Range = readonly [network: string, bits: number]

/** This machine. */
const LOOPBACK: Range[] = [
  ['127.0.0.0', 8],
  ['::1', 128],
]
/** The networks of one house: RFC 1918, carrier-grade NAT (RFC 6598), unique local IPv6 addresses. */
const PRIVATE: Range[] = [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['fc00::', 7],
]
/** Nothing a member of a committee could be at: link-local (and clouds' metadata), multicast, documentation, tunnels. */
const NEVER: Range[] = [
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['::', 128],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
]
/** Of IPv6 only this is given out. */
const GLOBAL_6: Range = ['2000::', 3]

/** What an operator allows beside public addresses: `loopback`, `private`, or a network such as `10.1.0.0/16`. */
export type OutgoingAllow = readonly string[]

const isNetwork = (text: string) => {
  const [address = '', bits = '', ...more] = text.split('/')
  const family = isIP(address)
  return (
    family !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128) && more.length === 0
  )
}

/** OUTGOING_ALLOW as it stands in the environment: names and networks, separated by commas; `none` for neither. */
export const outgoingAllowSchema = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '' && part !== 'none'),
  )
  .refine(
    (parts) => parts.every((part) => part === 'loopback' || part === 'private' || isNetwork(part)),
    'loopback, private, none, or networks such as 10.1.0.0/16, separated by commas',
  )

const lists = {
  loopback: listOf(LOOPBACK),
  private: listOf(PRIVATE),
  never: listOf(NEVER),
  global6: listOf([GLOBAL_6]),
}

function listOf(ranges: readonly Range[]): BlockList {
  const list = new BlockList()
  for (const [network, bits] of ranges) list.addSubnet(network, bits, isIPv4(network) ? 'ipv4' : 'ipv6')
  return list
}

/**
 * Judges addresses. An IPv4 address inside an IPv6 one counts as itself; what is neither public nor allowed is refused,
 * and so is what is no address.
 */
export function createReach(allow: OutgoingAllow): (address: string) => boolean {
  const networks = allow
    .filter((part) => part.includes('/'))
    .map((part): Range => {
      const [network = '', bits = ''] = part.split('/')
      return [network, Number(bits)]
    })
  const named = listOf(networks)
  return (given) => {
    const address = bare(given)
    if (isIP(address) === 0) return false
    const family = isIPv4(address) ? 'ipv4' : 'ipv6'
    const within = (list: BlockList) => list.check(address, family)
    if (within(named)) return true
    if (within(lists.loopback)) return allow.includes('loopback')
    if (within(lists.private)) return allow.includes('private')
    if (within(lists.never)) return false
    return family === 'ipv4' || within(lists.global6)
  }
}

/** Without brackets and zone; a mapped IPv4 address as IPv4. */
function bare(text: string): string {
  const address = text.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, '')
  const dotted = /^(?:0*:)*:?ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (dotted && isIPv4(dotted)) return dotted
  const hex = /^(?:0*:)*:?ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(address)
  if (!hex || isIP(address) !== 6) return address
  const [high, low] = [Number.parseInt(hex[1] ?? '', 16), Number.parseInt(hex[2] ?? '', 16)]
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}
