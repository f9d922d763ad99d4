import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CliError } from '../output.js'
import { replaceFile } from './files.js'

const LEAST_INTERVAL_MS = 2_000
/** reading and checking takes at most this share of the time */
const SHARE = 1 / 50

export const stateFile = (chainDir: string) => join(chainDir, 'state.json')
export const spareFile = (chainDir: string) => join(chainDir, 'state.previous.json')

function whole(content: Uint8Array): boolean {
  try {
    JSON.parse(Buffer.from(content).toString('utf8'))
    return true
  } catch {
    return false
  }
}

/**
 * Makes sure that the saved chain can be read. anvil writes its state in place, so one that is killed while it does
 * leaves half a file; then the last whole copy takes its place.
 * @returns what was done, for people, or undefined when nothing was
 * @throws CliError CHAIN_STATE_BROKEN when neither can be read
 */
export function repairState(chainDir: string): string | undefined {
  const [state, spare] = [stateFile(chainDir), spareFile(chainDir)]
  if (!existsSync(state) && !existsSync(spare)) return undefined
  if (existsSync(state) && whole(readFileSync(state))) return undefined
  if (!existsSync(spare) || !whole(readFileSync(spare))) {
    throw new CliError(
      'CHAIN_STATE_BROKEN',
      `the saved chain ${state} cannot be read; start a new network with another --data`,
    )
  }
  copyFileSync(spare, state)
  return 'the chain was killed while it saved itself; continuing with its last whole state'
}

/** Keeps a whole copy of the chain's state beside it, a few seconds old. Returns the function that ends it. */
export function keepSpare(chainDir: string): () => void {
  let last = ''
  let timer: NodeJS.Timeout
  const copy = () => {
    const started = Date.now()
    try {
      const content = readFileSync(stateFile(chainDir))
      const digest = createHash('sha256').update(content).digest('hex')
      if (digest !== last && whole(content)) {
        replaceFile(spareFile(chainDir), content)
        last = digest
      }
    } catch {
      // not written yet, or the disk is full: the next round tries again
    }
    schedule(Date.now() - started)
  }
  const schedule = (took: number) => {
    timer = setTimeout(copy, Math.max(LEAST_INTERVAL_MS, took / SHARE))
    timer.unref()
  }
  schedule(0)
  return () => clearTimeout(timer)
}
