import { type ErrorCode, GranaryError, toGranaryError } from '@granary/protocol'

/** A thing that a program needs before it may be sent requests; `check` throws when it is not there. */
export interface Part {
  name: string
  check: () => Promise<unknown>
  /** What it is called when `check` throws something that is no error of ours. */
  code: ErrorCode
}

export interface PartState {
  part: string
  code: ErrorCode
}

/**
 * Looks at all parts at once, at each for `limitMs` at most. Returns quietly when all are there.
 *
 * @throws GranaryError with the code of the first part that fails, and all of those in `failing`
 */
export async function judgeParts(parts: readonly Part[], limitMs: number): Promise<void> {
  const states = await Promise.all(parts.map((part) => judge(part, limitMs)))
  const failing = states.filter((state) => state !== null)
  const [first] = failing
  if (!first) return
  const text = failing.map(({ part, code }) => `${part} (${code})`).join(', ')
  throw new GranaryError(first.code, `not ready: ${text}`, { detail: { failing } })
}

async function judge({ name, check, code }: Part, limitMs: number): Promise<PartState | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs)
  })
  try {
    await Promise.race([check(), late])
    return null
  } catch (error) {
    const known = toGranaryError(error)
    return { part: name, code: known.code === 'INTERNAL' ? code : known.code }
  } finally {
    clearTimeout(timer)
  }
}
