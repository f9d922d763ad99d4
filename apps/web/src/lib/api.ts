// Reads from the API for display, and the session's few calls. Everything that is signed goes through the SDK, which
// is loaded when there is something to sign.

/** An answer that says no. `code` is the stable code of its problem document, or UNREACHABLE when there was none. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    message: string,
  ) {
    super(message)
    this.name = 'ApiError'
  }
}

const TIMEOUT = 20_000

/** GET `path`, as JSON. @throws ApiError */
export function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return call<T>('GET', path, undefined, signal)
}

/** POST `body` to `path`, as JSON. @throws ApiError */
export function post<T>(path: string, body: unknown): Promise<T> {
  return call<T>('POST', path, body)
}

/** DELETE `path`. @throws ApiError */
export function remove(path: string): Promise<void> {
  return call<void>('DELETE', path)
}

async function call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const limit = AbortSignal.timeout(TIMEOUT)
  let response: Response
  try {
    response = await fetch(path, {
      method,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    })
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new ApiError('UNREACHABLE', 0, 'The network did not answer.')
  }
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T
  const problem = (await response.json().catch(() => null)) as {
    code?: string
    detail?: string
    title?: string
  } | null
  const gateway = response.status === 502 || response.status === 504
  throw new ApiError(
    problem?.code ?? (gateway ? 'UNREACHABLE' : 'ANSWER_INVALID'),
    response.status,
    problem?.detail ?? problem?.title ?? `The network answered with status ${response.status}.`,
  )
}
