import { readFileSync } from 'node:fs'
import { join } from 'node:path'

// biome-ignore lint/suspicious/noExplicitAny: lines of every kind
export type LogLine = Record<string, any>

/** The JSON lines of a text; what is none (a program's start, a stack) is left out. */
export function jsonLines(text: string): LogLine[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
}

/** What a program of a network logged so far. */
export const logOf = (dir: string, name: string) =>
  jsonLines(readFileSync(join(dir, 'logs', `${name}.log`), 'utf8'))
