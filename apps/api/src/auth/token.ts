import { createHash, randomBytes } from 'node:crypto'

export const COOKIE = 'granary_session'

/** A new opaque session token: 32 random bytes. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

/** What the database keeps of a token. The token has 256 random bits, so a plain hash suffices. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** The token a request brings, and by which way: a bearer header counts before a cookie. */
export function presentedToken(headers: {
  authorization?: string | undefined
  cookie?: string | undefined
}): { token: string; by: 'bearer' | 'cookie' } | null {
  const bearer = /^Bearer ([A-Za-z0-9_-]{43})$/.exec(headers.authorization ?? '')
  if (bearer?.[1]) return { token: bearer[1], by: 'bearer' }
  if (headers.authorization !== undefined) return null
  const cookie = new RegExp(`(?:^|;\\s*)${COOKIE}=([A-Za-z0-9_-]{43})(?:;|$)`).exec(headers.cookie ?? '')
  return cookie?.[1] ? { token: cookie[1], by: 'cookie' } : null
}
