/** Somebody who asks: a server that lies to some only has to tell them apart by what they send. */
export interface Caller {
  name: string
  headers: Record<string, string>
}

const CHROMIUM =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0'
const SAFARI =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1'

/** The first asks for the bytes as they are; with what it is given the others are compared. */
export const CALLERS: readonly [Caller, ...Caller[]] = [
  { name: 'a program', headers: { 'accept-encoding': 'identity' } },
  {
    name: 'Chromium',
    headers: {
      'user-agent': CHROMIUM,
      'accept-encoding': 'gzip, deflate, br',
      'accept-language': 'en-US,en;q=0.9',
      'sec-ch-ua': '"Chromium";v="140", "Not=A?Brand";v="24"',
      'sec-ch-ua-mobile': '?0',
      'sec-ch-ua-platform': '"Windows"',
    },
  },
  {
    name: 'Firefox',
    headers: {
      'user-agent': FIREFOX,
      'accept-encoding': 'gzip',
      'accept-language': 'fr-FR,fr;q=0.8,en;q=0.5',
    },
  },
  {
    name: 'Safari on a phone',
    headers: { 'user-agent': SAFARI, 'accept-encoding': 'gzip, deflate, br', 'accept-language': 'de-DE' },
  },
]

const DESTINATIONS: Record<string, string> = { js: 'script', css: 'style', woff2: 'font', svg: 'image' }

/** What a browser would send with it, depending on what it asks for. */
export function headersFor(caller: Caller, kind: string): Record<string, string> {
  const isPage = kind === 'html'
  if (!caller.headers['user-agent']) return { ...caller.headers, accept: isPage ? 'text/html' : '*/*' }
  return {
    ...caller.headers,
    accept: isPage ? 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' : '*/*',
    'sec-fetch-dest': isPage ? 'document' : (DESTINATIONS[kind] ?? 'empty'),
    'sec-fetch-mode': isPage ? 'navigate' : kind === 'css' || kind === 'svg' ? 'no-cors' : 'cors',
    'sec-fetch-site': isPage ? 'none' : 'same-origin',
    ...(isPage ? { 'sec-fetch-user': '?1', 'upgrade-insecure-requests': '1' } : {}),
  }
}
