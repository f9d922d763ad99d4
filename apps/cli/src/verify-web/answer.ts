import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import { type ErrorCode, GranaryError } from '@granary/protocol'
import type { Outgoing, OutgoingAnswer } from '@granary/protocol/node'
import { type Caller, headersFor } from './callers.js'
import { policyGaps } from './policy.js'

/** What is wrong with one answer: the path that was asked for, who asked, and what it means. */
export interface Finding {
  path: string
  caller: string
  code: ErrorCode
  message: string
}

/** A file as a server gives it, unpacked, or what is wrong with it. */
export type Served = { bytes: Uint8Array; finding?: undefined } | { bytes?: undefined; finding: Finding }

const TYPES: Record<string, RegExp> = {
  html: /^text\/html\b/,
  js: /^(?:text|application)\/javascript\b/,
  css: /^text\/css\b/,
  svg: /^image\/svg\+xml\b/,
  woff2: /^font\/woff2\b/,
  json: /^application\/(?:[\w.-]+\+)?json\b/,
  wasm: /^application\/wasm\b/,
  png: /^image\/png\b/,
}
const UNPACK = {
  br: promisify(brotliDecompress),
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
} as const
const LONGEST_REQUEST_MS = 30_000
const LONGEST_PAUSE_SECONDS = 60

export interface Question {
  url: string
  /** as it is named to people */
  path: string
  caller: Caller
  /** `html`, `js` …: what a browser would take it for */
  kind: string
  /** bytes it may have, unpacked */
  maxBytes: number
  signal: AbortSignal
}

/**
 * Asks for a file and unpacks it. Follows no redirect, reads no more than the file may have, waits as it is told to where
 * it asks too often.
 *
 * @throws GranaryError UNREACHABLE, TIMED_OUT
 */
export async function ask(outgoing: Outgoing, question: Question): Promise<Served> {
  const { path, caller, kind, maxBytes } = question
  const bad = (code: ErrorCode, message: string): Served => ({
    finding: { path, caller: caller.name, code, message },
  })
  let answer: OutgoingAnswer
  try {
    answer = await patiently(outgoing, question)
  } catch (error) {
    if (question.signal.aborted) throw new GranaryError('TIMED_OUT', undefined, { cause: error })
    if (error instanceof GranaryError && error.code === 'ANSWER_INVALID')
      return bad('WEB_FILE_TOO_LARGE', `${path} has more than ${maxBytes} bytes`)
    throw error
  }
  const { status, headers } = answer
  if (status >= 300 && status < 400)
    return bad('WEB_REDIRECTED', `${path} leads to ${headers.location ?? 'an unnamed place'} (${status})`)
  if (status !== 200) return bad('WEB_FILE_MISSING', `${path} is answered with status ${status}`)
  const type = headers['content-type'] ?? ''
  if (TYPES[kind] && !TYPES[kind].test(type)) return bad('WEB_TYPE_INVALID', `${path} is served as “${type}”`)
  const refused = loadsMore(headers)
  if (refused) return bad('WEB_HEADER_REFUSED', `${path} comes with ${refused}`)
  if (kind === 'html') {
    const gaps = policyGaps(headers['content-security-policy'] as string | undefined)
    if (gaps.length > 0)
      return bad('WEB_POLICY_MISSING', `${path}: the content security policy leaves open ${gaps.join(', ')}`)
  }
  const encoding = (headers['content-encoding'] ?? 'identity').toLowerCase()
  if (encoding === 'identity') {
    return answer.bytes.length > maxBytes
      ? bad('WEB_FILE_TOO_LARGE', `${path} has more than ${maxBytes} bytes`)
      : { bytes: answer.bytes }
  }
  const unpack = UNPACK[encoding as keyof typeof UNPACK]
  if (!unpack || !new RegExp(`\\b${encoding}\\b`).test(caller.headers['accept-encoding'] ?? ''))
    return bad('WEB_ENCODING_INVALID', `${path} is packed as “${encoding}”, which was not asked for`)
  try {
    return { bytes: await unpack(answer.bytes, { maxOutputLength: Math.max(maxBytes, 1) }) }
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
      ? bad('WEB_FILE_TOO_LARGE', `${path} unpacks to more than ${maxBytes} bytes`)
      : bad('WEB_ENCODING_INVALID', `${path} does not unpack as ${encoding}`)
  }
}

/** A header by which a page loads or becomes something else, as people read it; null when there is none. */
function loadsMore(headers: OutgoingAnswer['headers']): string | null {
  if (headers.refresh !== undefined) return `refresh: ${String(headers.refresh)}`
  const link = String(headers.link ?? '')
  return /rel\s*=\s*"?[^";]*stylesheet/i.test(link) ? `link: ${link}` : null
}

/** Waits as long as a server that counts requests says, and asks again. */
async function patiently(outgoing: Outgoing, question: Question): Promise<OutgoingAnswer> {
  const { url, caller, kind, maxBytes, signal } = question
  for (;;) {
    const answer = await outgoing(url, {
      headers: headersFor(caller, kind),
      timeoutMs: LONGEST_REQUEST_MS,
      // What does not compress grows a little when it is packed.
      maxBytes: Math.ceil(maxBytes * 1.01) + 4_096,
      signal,
    })
    const pause = Number(answer.headers['retry-after'] ?? 1)
    if (answer.status !== 429 || !(pause <= LONGEST_PAUSE_SECONDS)) return answer
    await sleep(Math.max(pause, 0.2) * 1000, undefined, { signal })
  }
}
