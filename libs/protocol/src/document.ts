import type { z } from 'zod'
import { canonicalJson } from './canonical-json.js'
import { type ContentAddress, computeCid, contentToCid } from './cid.js'
import { GranaryError } from './errors.js'
import type { Hex } from './hex.js'
import { MAX_DOCUMENT_BYTES } from './limits.js'

/** Where a document's bytes are found: a raw root up to 1 MiB, a dag-pb root above. */
export function documentAddress(bytes: Uint8Array): Promise<ContentAddress> {
  return computeCid([bytes])
}

/**
 * A document's canonical bytes with their digest, which is what goes on chain, and CID.
 *
 * @throws GranaryError ARGUMENT_INVALID when the value has no canonical JSON
 */
export async function documentDigest(
  value: unknown,
): Promise<{ bytes: Uint8Array; digest: Hex; cid: string }> {
  const bytes = canonicalJson(value)
  const { content, cid } = await documentAddress(bytes)
  return { bytes, digest: content, cid }
}

/** The two CIDs that a document's digest may stand for, in the order in which readers try them. */
export function documentCids(digest: Hex): [raw: string, dagPb: string] {
  return [contentToCid(digest, true), contentToCid(digest, false)]
}

/**
 * Reads a document from its bytes: UTF-8 JSON that fits `schema`, at most `limit` bytes.
 *
 * Compare the bytes' digest first: this says nothing about where they come from.
 *
 * @throws GranaryError DOCUMENT_TOO_LARGE, VERSION_UNKNOWN, DOCUMENT_INVALID
 */
export function parseDocument<T>(schema: z.ZodType<T>, bytes: Uint8Array, limit = MAX_DOCUMENT_BYTES): T {
  if (bytes.length > limit) throw new GranaryError('DOCUMENT_TOO_LARGE', { size: bytes.length, most: limit })
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new GranaryError('DOCUMENT_INVALID', 'the document is not UTF-8 JSON', { cause })
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues
  if (issues.some((issue) => issue.path.length === 1 && issue.path[0] === 'version')) {
    throw new GranaryError('VERSION_UNKNOWN', { version: (value as { version?: unknown } | null)?.version })
  }
  const faults = issues.map((issue) => `${issue.path.join('.') || 'it'}: ${issue.message}`)
  throw new GranaryError('DOCUMENT_INVALID', `the document is not valid: ${faults.slice(0, 5).join('; ')}`)
}
