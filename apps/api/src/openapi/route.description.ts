import type { ErrorCode } from '@granary/protocol'

/** What a schema cannot say about a route. */
export interface RouteDescription {
  /** One line for lists of routes. */
  summary: string
  /** What else a caller must know. */
  description?: string
  /** Needs a session: bearer token or cookie. */
  signed?: true
  /** The codes of its own refusals, beside those that every route of its kind has (`describe.ts`). */
  errors: readonly ErrorCode[]
}

/** Of everything that takes a signed message and relays it. */
export const MESSAGE = [
  'MESSAGE_INVALID',
  'MESSAGE_EXPIRED',
  'SIGNATURE_INVALID',
  'ACCOUNT_NOT_DEPLOYED',
  'ADDRESS_MISMATCH',
  'CHAIN_UNAVAILABLE',
  'RELAY_UNAVAILABLE',
  'RELAY_ACCOUNT_LIMIT',
  'RELAY_TOTAL_LIMIT',
] as const
export const CHAIN = ['CHAIN_UNAVAILABLE'] as const
