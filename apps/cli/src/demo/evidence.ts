import { GranaryError, type Hex } from '@granary/protocol'

/** Where on the chain something was done, and what it cost. */
export function transaction({
  transaction,
  gasUsed,
  batch,
}: {
  transaction: Hex
  gasUsed: string | null
  batch?: number | null
}): string {
  const shared = batch && batch > 1 ? ` for ${batch} messages together` : ''
  return `transaction ${transaction}${gasUsed ? `, gas ${gasUsed}${shared}` : ''}`
}

/** The code with which an attempt is refused. */
export async function refusal(attempt: () => Promise<unknown>): Promise<string> {
  try {
    await attempt()
  } catch (error) {
    if (error instanceof GranaryError) return error.code
    throw error
  }
  return 'not refused'
}

/** Asks until there is an answer. */
export async function eventually<T>(what: string, probe: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + 120_000; Date.now() < end; ) {
    const answer = await probe()
    if (answer !== undefined) return answer
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
  throw new GranaryError('TIMED_OUT', `${what}: not within two minutes`)
}
