import type { FastifyRequest } from 'fastify'

/** What every answer of every program carries, also those that no route gave; what serves something else says so itself. */
export const SAFE_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  'cache-control': 'no-store',
} as const

/** Half a year; subdomains are not ours to decide for. */
const HSTS = 'max-age=15552000'

/** The same for a program that people reach by `publicUrl`: by https alone, where that is https. */
export const safeHeaders = (publicUrl: string | undefined): Record<string, string> => ({
  ...SAFE_HEADERS,
  ...(publicUrl?.startsWith('https:') ? { 'strict-transport-security': HSTS } : {}),
})

/**
 * Whether a proxy that is believed says that this request came to it without TLS: such an answer must not carry
 * `Strict-Transport-Security` (RFC 6797, section 7.2).
 */
export const cameUnencrypted = (request: FastifyRequest, trustsProxy: boolean): boolean =>
  trustsProxy && request.headers['x-forwarded-proto'] !== undefined && request.protocol !== 'https'
