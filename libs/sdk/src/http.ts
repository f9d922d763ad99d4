import { fromProblem, GranaryError } from '@granary/protocol'

/** What one call may take and how it may fail. */
export interface CallOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
  /** Milliseconds until the answer's headers must be there; default 30,000. */
  timeout?: number
  /** Whether the call may be repeated after a broken connection; default: only GET. */
  idempotent?: boolean
}

/** Small HTTP client: JSON in and out, a deadline and a request id on every call, problem documents as GranaryError. */
export interface Http {
  json<T>(url: string, options?: CallOptions): Promise<T>
  /** The response itself, its body not yet read. A status other than 2xx is thrown like in `json`. */
  response(url: string, options?: CallOptions): Promise<Response>
}

/** Repeats wait 0.2, 0.6 and 1.8 s. */
const ATTEMPTS = 4
/** No answer that is read as a whole may be longer. */
const MOST_BYTES = 64 * 1024 * 1024

/**
 * @param fetch_ the platform's fetch, or another one with the same contract
 * @param requestId the id that each call carries as `x-request-id`
 */
export function createHttp(
  fetch_: typeof fetch,
  onLog: (line: string) => void = () => {},
  requestId: () => string = () => crypto.randomUUID(),
): Http {
  async function once(url: string, options: CallOptions): Promise<Response> {
    const { method = 'GET', body, headers = {}, signal, timeout = 30_000 } = options
    const id = requestId()
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(), timeout)
    try {
      return await fetch_(url, {
        method,
        headers: {
          accept: 'application/json',
          'x-request-id': id,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: signal ? AbortSignal.any([signal, late.signal]) : late.signal,
        credentials: 'same-origin',
        // Who was asked answers: nobody sends a call on to where its user did not want it.
        redirect: 'error',
      })
    } catch (cause) {
      if (signal?.aborted) throw signal.reason
      if (cause instanceof GranaryError && cause.code !== 'UNREACHABLE') throw cause
      const why = late.signal.aborted ? `no answer within ${timeout / 1000} s` : reason(cause)
      onLog(`${method} ${url} ${id}: ${why}`)
      const text = `${new URL(url).origin} cannot be reached (${why}). Check its address and that it runs.`
      throw Object.assign(new GranaryError('UNREACHABLE', text, { detail: { url } }), { requestId: id })
    } finally {
      clearTimeout(timer)
    }
  }

  async function response(url: string, options: CallOptions = {}): Promise<Response> {
    const repeat = options.idempotent ?? (options.method ?? 'GET') === 'GET'
    for (let attempt = 1; ; attempt++) {
      const [answer, error] = await once(url, options).then(
        (answer) => [answer, undefined] as const,
        (error) => [undefined, error] as const,
      )
      if (answer?.ok) return answer
      const fault = answer ? await problemOf(answer, url, options) : error
      const mayPass = answer
        ? answer.status === 429 || answer.status === 503
        : !options.signal?.aborted && (error as { code?: string }).code === 'UNREACHABLE'
      if (!repeat || !mayPass || attempt === ATTEMPTS) throw fault
      await new Promise((resolve) => setTimeout(resolve, 200 * 3 ** (attempt - 1)))
    }
  }

  return {
    response,
    async json<T>(url: string, options: CallOptions = {}) {
      const answer = await response(url, options)
      if (answer.status === 204) return undefined as T
      const text = await textOf(answer, options)
      try {
        return JSON.parse(text) as T
      } catch {
        throw new GranaryError('ANSWER_INVALID', `${url} did not answer with JSON`, { detail: { url } })
      }
    },
  }
}

/**
 * The whole body. Who sends it is not believed: it may come slowly or without end, so it has the call's time once more,
 * and a limit. Throws UNREACHABLE, ANSWER_INVALID.
 */
async function textOf(answer: Response, { timeout = 30_000 }: CallOptions): Promise<string> {
  const reader = answer.body?.getReader()
  const decoder = new TextDecoder()
  let late = false
  const timer = setTimeout(() => {
    late = true
    void reader?.cancel().catch(() => {})
  }, timeout)
  try {
    let text = ''
    for (let size = 0; ; ) {
      const { done, value } = (await reader?.read()) ?? { done: true }
      if (late) throw new GranaryError('UNREACHABLE', `the answer took longer than ${timeout / 1000} s`)
      if (done) return text + decoder.decode()
      size += value.length
      if (size > MOST_BYTES) throw new GranaryError('ANSWER_INVALID', 'the answer is too long')
      text += decoder.decode(value, { stream: true })
    }
  } catch (cause) {
    if (cause instanceof GranaryError) throw cause
    throw new GranaryError('UNREACHABLE', `the answer broke off: ${reason(cause)}`, { cause })
  } finally {
    clearTimeout(timer)
    void reader?.cancel().catch(() => {})
  }
}

/** Turns an HTTP answer that is not 2xx into the error that the server meant. */
async function problemOf(answer: Response, url: string, options: CallOptions): Promise<GranaryError> {
  const text = await textOf(answer, options).catch(() => '')
  try {
    const body = JSON.parse(text) as { code?: string }
    const requestId = answer.headers.get('x-request-id') ?? undefined
    if (typeof body.code === 'string') return Object.assign(fromProblem(body), { requestId })
  } catch {
    // not a problem document: told by its status below
  }
  return new GranaryError(
    'ANSWER_INVALID',
    `${url} answered ${answer.status}, as no API of Granary does. Check its address.`,
    {
      detail: { url, httpStatus: answer.status },
    },
  )
}

function reason(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const inner = (cause as { cause?: { code?: string; message?: string } }).cause
  return inner?.code ?? inner?.message ?? cause.message
}
