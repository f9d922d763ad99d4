/** The headers by which a browser says where a request comes from. No page can set them. */
export interface SiteHeaders {
  origin?: string | undefined
  'sec-fetch-site'?: string | string[] | undefined
}

/**
 * Whether a request that changes something may have been made by a page of another origin. Every browser says where a
 * request that is no GET comes from; what says nothing is no browser's, and has no business with a browser's cookie.
 */
export function mayBeForged({ origin, 'sec-fetch-site': site }: SiteHeaders, own: string): boolean {
  if (origin !== undefined && origin !== own) return true
  if (site !== undefined && site !== 'same-origin') return true
  return origin === undefined && site === undefined
}

/** The same for what takes no cookie: only what a browser says to come from elsewhere. */
export function comesFromElsewhere(headers: SiteHeaders, own: string): boolean {
  const says = headers.origin !== undefined || headers['sec-fetch-site'] !== undefined
  return says && mayBeForged(headers, own)
}
