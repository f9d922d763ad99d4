import { safeHeaders } from '@granary/operation'
import type { FastifyReply } from 'fastify'
import type { Config } from '../config.js'

/** What every answer carries; a site that people reach by https they never reach otherwise. */
export const apiHeaders = ({ PUBLIC_URL }: Pick<Config, 'PUBLIC_URL'>): Record<string, string> =>
  safeHeaders(PUBLIC_URL)

/** For bytes that somebody uploaded: never shown, never run, whatever they are. */
export function asUntrustedBytes(reply: FastifyReply, type: string, filename: string): FastifyReply {
  return reply
    .type(type)
    .header('x-content-type-options', 'nosniff')
    .header('content-security-policy', "default-src 'none'; sandbox; frame-ancestors 'none'")
    .header('content-disposition', `attachment; ${named(filename)}`)
}

/** A file's name as RFC 6266 writes it: for old readers without what could end it, beside it in full (RFC 8187). */
function named(filename: string): string {
  const plain = filename.replace(/[^\x20-\x7e]|["%\\/]/g, '_')
  if (plain === filename) return `filename="${filename}"`
  const whole = encodeURIComponent(filename).replace(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `filename="${plain}"; filename*=UTF-8''${whole}`
}

/**
 * The web app's policy: its own files only, no inline script or style, no frames, no text that becomes script (Trusted
 * Types; the one policy is the app's, for its workers). `connect` are further origins that it
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
    "require-trusted-types-for 'script'",
    'trusted-types default',
  ].join('; ')
}
