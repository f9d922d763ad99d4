import { readFileSync } from 'node:fs'

/** A file of test/vectors, computed by an independent program (tools/vectors). */
export function vectors<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../../test/vectors/${name}.json`, import.meta.url), 'utf8')) as T
}

/** The code of what `run` throws; fails the test when it throws nothing or something without a code. */
export function codeOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    const { code } = error as { code?: unknown }
    if (typeof code === 'string') return code
    throw error
  }
  throw new Error('nothing was thrown')
}

/** The same for promises. */
export async function rejectionOf(promise: Promise<unknown>): Promise<string> {
  const outcome = await promise.then(
    () => new Error('nothing was thrown'),
    (error: unknown) => error,
  )
  const { code } = outcome as { code?: unknown }
  if (typeof code === 'string') return code
  throw outcome
}
