import { fromProblem, GranaryError } from '@granary/protocol'
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
 * @throws GranaryError UNREACHABLE, ANSWER_INVALID, or what the other's problem document says
 */
export async function fetchJson<T>(url: string, schema: z.ZodType<T>, options: FetchOptions): Promise<T> {
  const { response, bytes } = await fetchBytes(url, options)
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    throw new GranaryError('ANSWER_INVALID', { url, status: response.status })
  }
  if (!response.ok) throw fromProblem(value)
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw new GranaryError('ANSWER_INVALID', { url })
  return parsed.data
}

/** The body of an answer, at most `maxBytes`. @throws GranaryError UNREACHABLE, ANSWER_INVALID */
export async function fetchBytes(
  url: string,
  { timeoutMs, maxBytes, body, headers }: FetchOptions,
): Promise<{ response: Response; bytes: Uint8Array }> {
  try {
    const response = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
      redirect: 'error',
    })
    return { response, bytes: await bounded(response, maxBytes) }
  } catch (cause) {
    if (cause instanceof GranaryError) throw cause
    throw new GranaryError('UNREACHABLE', { url }, { cause })
  }
}

async function bounded(response: Response, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let size = 0
  if (response.body !== null) {
    for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
      size += part.length
      if (size > maxBytes) throw new GranaryError('ANSWER_INVALID', { size: 'too large' })
      parts.push(part)
    }
  }
  return Buffer.concat(parts)
}
