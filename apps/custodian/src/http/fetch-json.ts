import { fromProblem, GranaryError } from '@granary/protocol'
import type { Outgoing, OutgoingAnswer } from '@granary/protocol/node'
import type { z } from 'zod'

interface FetchOptions {
  timeoutMs: number
  maxBytes: number
  /** JSON body of a POST; without it a GET. */
  body?: unknown
  headers?: Record<string, string>
}

/**
 * JSON from another custodian, within a time and a size, as `schema` has it.
 *
 * @throws GranaryError URL_REFUSED, UNREACHABLE, ANSWER_INVALID, or what the other's problem document says
 */
export async function fetchJson<T>(
  outgoing: Outgoing,
  url: string,
  schema: z.ZodType<T>,
  options: FetchOptions,
): Promise<T> {
  const { ok, status, bytes } = await fetchBytes(outgoing, url, options)
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    throw new GranaryError('ANSWER_INVALID', { url, status })
  }
  if (!ok) throw fromProblem(value)
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw new GranaryError('ANSWER_INVALID', { url })
  return parsed.data
}

/** The body of an answer, at most `maxBytes`. @throws GranaryError URL_REFUSED, UNREACHABLE, ANSWER_INVALID */
export function fetchBytes(
  outgoing: Outgoing,
  url: string,
  { timeoutMs, maxBytes, body, headers }: FetchOptions,
): Promise<OutgoingAnswer> {
  return outgoing(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    timeoutMs,
    maxBytes,
  })
}
