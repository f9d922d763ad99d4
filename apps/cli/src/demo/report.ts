import { GranaryError } from '@granary/protocol'
import { formatUnits } from 'ethers'

/** What the demo says, step by step, and what it insists on. */
export interface Report {
  step(title: string): void
  fact(name: string, value: unknown): void
  /** Prints the claim; throws when it does not hold, so that the demo ends with a failure. */
  check(claim: string, holds: boolean): void
}

export function createReport(
  write: (line: string) => void = (line) => void process.stdout.write(`${line}\n`),
): Report {
  let number = 0
  return {
    step(title) {
      number += 1
      write(`\n${number}. ${title}`)
    },
    fact: (name, value) => write(`   ${name.padEnd(22)} ${value}`),
    check(claim, holds) {
      write(`   ${holds ? '✓' : '✗'} ${claim}`)
      if (!holds) throw new GranaryError('INTERNAL', `this does not hold: ${claim}`)
    },
  }
}

/** An amount of the embedded network's token. */
export const gUSD = (amount: bigint) => `${formatUnits(amount, 18).replace(/\.0$/, '')} gUSD`
