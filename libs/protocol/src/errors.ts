import { CATALOGUE, type ErrorCode } from './catalogue.js'

/** Every code with its HTTP status and a title in plain words that says what to do. */
export const ERRORS = Object.fromEntries(
  Object.entries(CATALOGUE).map(([code, [status, title]]) => [code, { status, title }]),
) as Readonly<Record<ErrorCode, { status: number; title: string }>>
export type { ErrorCode } from './catalogue.js'

/** Facts that go with an error: for people and logs, never secrets. */
export type ErrorFacts = Record<string, unknown>

/**
 * The one error of Granary. `code` is stable and in the catalogue; the message may change at any time.
 *
 * `detail` is either a sentence that replaces the catalogue's title as message, or facts that are added to it.
 */
export class GranaryError extends Error {
  override readonly name = 'GranaryError'
  readonly code: ErrorCode
  readonly status: number
  readonly detail?: ErrorFacts
  /** Id of the HTTP request that it is the answer to, by which logs are searched. */
  requestId?: string

  constructor(
    code: ErrorCode,
    detail?: string | ErrorFacts,
    options?: { cause?: unknown; detail?: ErrorFacts },
  ) {
    const { status, title } = ERRORS[code]
    super(typeof detail === 'string' ? detail : title + factsText(detail), cause(options))
    this.code = code
    this.status = status
    const facts = typeof detail === 'string' ? options?.detail : detail
    if (facts !== undefined) this.detail = facts
  }
}

/** Whether `value` is a code of the catalogue. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(ERRORS, value)
}

/** The code of an error of ours (GranaryError, SealingError …), undefined for any other. */
export function errorCode(error: unknown): ErrorCode | undefined {
  if (!(error instanceof Error)) return undefined
  const { name, code } = error as Error & { code?: unknown }
  return /^(Granary|Sealing|Cli)Error$/.test(name) && isErrorCode(code) ? code : undefined
}

/** `error` as a GranaryError; what is none of ours becomes INTERNAL with the original as cause. */
export function toGranaryError(error: unknown): GranaryError {
  if (error instanceof GranaryError) return error
  const code = errorCode(error)
  if (code !== undefined) return new GranaryError(code, (error as Error).message, { cause: error })
  return new GranaryError('INTERNAL', undefined, { cause: error })
}

/** An RFC 9457 problem document. Members beyond the named ones are facts about the error. */
export interface ProblemDocument {
  type: string
  title: string
  status: number
  code: string
  detail?: string
  [fact: string]: unknown
}

const RESERVED = new Set(['type', 'title', 'status', 'code', 'detail', 'instance'])

/** The problem document of `error`. Of an error that is none of ours nothing is told but INTERNAL. */
export function problem(error: unknown): ProblemDocument {
  const { code, status, message, detail } = toGranaryError(error)
  const facts = Object.entries(detail ?? {}).filter(([name]) => !RESERVED.has(name))
  const { title } = ERRORS[code]
  return {
    ...Object.fromEntries(facts.map(([name, value]) => [name, plain(value)])),
    type: `urn:granary:problem:${code}`,
    title,
    status,
    code,
    ...(message === title ? {} : { detail: message }),
  }
}

/** The error that a problem document tells of. A code this version does not know becomes UNKNOWN_PROBLEM. */
export function fromProblem(json: unknown): GranaryError {
  const body = (typeof json === 'object' && json !== null ? json : {}) as Partial<ProblemDocument>
  const text = typeof body.detail === 'string' ? body.detail : body.title
  const facts = Object.fromEntries(Object.entries(body).filter(([name]) => !RESERVED.has(name)))
  const known = isErrorCode(body.code)
  const code = known ? (body.code as ErrorCode) : 'UNKNOWN_PROBLEM'
  const detail = known ? facts : { ...facts, code: body.code, status: body.status }
  return new GranaryError(code, typeof text === 'string' ? text : ERRORS[code].title, {
    detail: Object.keys(detail).length > 0 ? detail : undefined,
  })
}

function cause(options?: { cause?: unknown }): ErrorOptions | undefined {
  return options?.cause === undefined ? undefined : { cause: options.cause }
}

function factsText(facts?: ErrorFacts): string {
  const pairs = Object.entries(facts ?? {}).filter(([, value]) =>
    /^(string|number|bigint|boolean)$/.test(typeof value),
  )
  return pairs.length === 0 ? '' : ` (${pairs.map(([name, value]) => `${name}: ${value}`).join(', ')})`
}

function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? part.toString() : part)) ?? 'null',
  )
}
