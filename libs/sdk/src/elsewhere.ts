import { GranaryError } from '@granary/protocol'
import { isLoopback } from './loopback.js'

/** A fetch for URLs that the user did not choose. */
export type Elsewhere = typeof fetch

/** IPv4 networks that nobody on the internet is at, by first address and bits. */
const NOT_PUBLIC: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
]
/** Names that only mean something within a house or a machine (RFC 6761, 6762, 8375, and ICANN's `internal`). */
const LOCAL_NAME =
  /(?:^|\.)(?:localhost|local|internal|intranet|lan|home|corp|home\.arpa|test|invalid|onion)\.?$/

/**
 * The one rule for URLs that API or chain name (custodians' endpoints, the gateways that serve settlements): http or
 * https, no credentials, no redirect, and a public address or name. Exceptions: the origins that the user named, and for
 * an API on this very machine (a development network) whatever else is on it.
 *
 * It judges the URL. What a name stands for only Node can tell: `outgoingFetch` of `@granary/sdk/node` looks that up,
 * too, and connects to what it judged. A browser asks only what the page's policy lets it.
 *
 * @param chosen what the user named: the API, an endpoint of the chain
 * @throws GranaryError URL_REFUSED
 */
export function judgeUrl(text: string, chosen: readonly string[]): void {
  const refused = new GranaryError('URL_REFUSED', `${text.slice(0, 200)} is no address that may be called`)
  if (!URL.canParse(text)) throw refused
  const url = new URL(text)
  if (!/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') throw refused
  const own = chosen.map((each) => new URL(each))
  if (own.some(({ origin }) => origin === url.origin)) return
  if (isLoopback(url.hostname) && own[0] && isLoopback(own[0].hostname)) return
  if (!isPublic(url.hostname)) throw refused
}

/** What WHATWG URLs make of a host: IPv4 in four decimal parts, IPv6 in brackets, names in lower case. */
function isPublic(host: string): boolean {
  // Of IPv6 only 2000::/3 is given out; in it lie documentation, tunnels to IPv4, and protocol assignments.
  if (host.startsWith('['))
    return (
      /^\[[23]/.test(host) &&
      !/^\[(?:2001:(?:db8|0|[0-9a-f]{1,2}|1[0-9a-f]{2}):|2001::|2002:|3fff:)/.test(host)
    )
  if (/^\d+(?:\.\d+){3}$/.test(host)) {
    const address = numberOf(host)
    return !NOT_PUBLIC.some(([first, bits]) => address >>> (32 - bits) === numberOf(first) >>> (32 - bits))
  }
  return host.includes('.') && !LOCAL_NAME.test(host)
}

const numberOf = (address: string) =>
  address.split('.').reduce((sum, part) => ((sum << 8) | Number(part)) >>> 0, 0)

/** The platform's fetch, or another one, under that rule. */
export function createElsewhere(fetch_: typeof fetch, chosen: readonly string[]): Elsewhere {
  return async (input, init) => {
    judgeUrl(String(input), chosen)
    return fetch_(input, { ...init, redirect: 'error', credentials: 'omit' })
  }
}
