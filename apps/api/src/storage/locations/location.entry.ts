import { existsSync } from 'node:fs'

const KINDS = ['kubo', 'gateway', 'pinning'] as const
/** How the operator's first store is called among the locations. */
export const OWN = 'here'

/** One entry of STORAGE_LOCATIONS, taken apart. `url` has neither credentials nor fragment. */
export interface LocationEntry {
  name: string
  kind: (typeof KINDS)[number]
  url: URL
  headers: Record<string, string>
  tokenFile: string | null
}

/**
 * Reads `[name=]kubo+http://…`, `[name=]gateway+https://…` or `[name=]pinning+https://…#/path/of/token`, separated by
 * white space. Without a name the location is called by kind and host. Credentials in a URL become a header.
 *
 * @throws Error that says what is wrong, without the entry's secrets
 */
export function readLocations(text: string): LocationEntry[] {
  const entries = text
    .split(/\s+/)
    .filter((word) => word !== '')
    .map(readEntry)
  const names = entries.map(({ name }) => name)
  const twice = names.find((name, place) => names.indexOf(name) !== place || name === OWN)
  if (twice) throw new Error(`the name ${twice} is taken: put another one and = before the URL`)
  return entries
}

function readEntry(word: string, place: number): LocationEntry {
  const match = /^(?:([a-z0-9][a-z0-9.-]{0,39})=)?([a-z]+)\+(https?:\/\/\S+)$/.exec(word)
  const kind = KINDS.find((each) => each === match?.[2])
  if (!match || !kind || !URL.canParse(match[3] as string))
    throw new Error(
      `entry ${place + 1} is not [name=]kubo+URL, [name=]gateway+URL or [name=]pinning+URL#FILE`,
    )
  const url = new URL(match[3] as string)
  const tokenFile = url.hash.length > 1 ? decodeURIComponent(url.hash.slice(1)) : null
  if ((kind === 'pinning') !== (tokenFile !== null))
    throw new Error(`entry ${place + 1}: a pinning service, and it alone, names its token's file after #`)
  if (tokenFile !== null && !existsSync(tokenFile))
    throw new Error(`entry ${place + 1}: the token's file is not there`)
  const headers: Record<string, string> = {}
  if (url.username) {
    const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
    headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`
  }
  url.username = url.password = url.hash = url.search = ''
  return { name: match[1] ?? `${kind}-${url.host}`, kind, url, headers, tokenFile }
}
