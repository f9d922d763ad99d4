/**
 * The part of Jest's globals that this library's tests use, for a page: the same test files run in Node by Jest and in
 * a browser by this. `runTests` runs what they registered.
 */
type Body = () => unknown

interface Test {
  name: string
  body: Body
}

export interface TestResult {
  name: string
  /** What went wrong; absent when nothing did. */
  failure?: string
}

const tests: Test[] = []
const path: string[] = []

export function describe(name: string, body: () => void): void {
  path.push(name)
  body()
  path.pop()
}

export function it(name: string, body: Body, _timeout?: number): void {
  tests.push({ name: [...path, name].join(' › '), body })
}

/** Runs every registered test, one after the other, and reports each as it ends. */
export async function runTests(report: (result: TestResult) => unknown): Promise<void> {
  for (const { name, body } of tests) {
    try {
      await body()
      await report({ name })
    } catch (error) {
      await report({ name, failure: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
  }
}

function matchers(actual: unknown) {
  const check = (holds: boolean, relation: string, expected: unknown) => {
    if (!holds) throw new Error(`expected ${show(actual)} ${relation} ${show(expected)}`)
  }
  return {
    toBe: (expected: unknown) => check(Object.is(actual, expected), 'to be', expected),
    toEqual: (expected: unknown) => check(equal(actual, expected), 'to equal', expected),
    toMatch: (expected: RegExp) => check(expected.test(String(actual)), 'to match', expected),
    toBeLessThan: (expected: number) => check((actual as number) < expected, 'to be less than', expected),
    toBeGreaterThan: (expected: number) =>
      check((actual as number) > expected, 'to be greater than', expected),
    not: {
      toBe: (expected: unknown) => check(!Object.is(actual, expected), 'not to be', expected),
    },
  }
}

export const expect = matchers

function equal(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false
  const [names, others] = [Object.keys(a), Object.keys(b)]
  return (
    names.length === others.length &&
    names.every((name) => equal(a[name as keyof typeof a], b[name as keyof typeof b]))
  )
}

function show(value: unknown): string {
  const text =
    JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? `${item}n` : item)) ?? String(value)
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}
