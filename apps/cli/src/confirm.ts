import { createInterface } from 'node:readline/promises'
import { GranaryError } from '@granary/protocol'

/** Asks on a terminal; throws NOT_CONFIRMED for any other answer than yes, and where there is nobody to ask. */
export async function confirm(question: string): Promise<void> {
  if (process.stdin.isTTY) {
    const terminal = createInterface({ input: process.stdin, output: process.stderr })
    const answer = await terminal.question(`${question} [y/N] `).finally(() => terminal.close())
    if (/^y(es)?$/i.test(answer.trim())) return
  }
  throw new GranaryError('NOT_CONFIRMED')
}
