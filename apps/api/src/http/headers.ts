import type { FastifyReply } from 'fastify'
import type { Config } from '../config.js'

/** What every answer carries, also those that no route gave; what serves something else sets its own policy. */
export const API_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
} as const

/** Half a year; subdomains are not ours to decide for. */
const HSTS = 'max-age=15552000'

/** The same, and for a site that people reach by https that they never reach it otherwise. */
export const apiHeaders = ({ PUBLIC_URL }: Pick<Config, 'PUBLIC_URL'>): Record<string, string> => ({
  ...API_HEADERS,
  ...(PUBLIC_URL?.startsWith('https:') ? { 'strict-transport-security': HSTS } : {}),
})

/** For bytes that somebody uploaded: never shown, never run, whatever they are. */
export function asUntrustedBytes(reply: FastifyReply, type: string, filename: string): FastifyReply {
  return reply
    .type(type)
    .header('x-content-type-options', 'nosniff')
    .header('content-security-policy', "default-src 'none'; sandbox; frame-ancestors 'none'")
    .header('content-disposition', `attachment; filename="${filename}"`)
}

/**
 * The web app's policy: its own files only, no inline script or style, no frames. `connect` are further origins that it
 * may call (the chain's public endpoint).
 */
export function webPolicy(connect: string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src ${["'self'", ...connect].join(' ')}`,
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}
