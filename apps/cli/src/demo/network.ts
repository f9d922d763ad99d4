import { type ChildProcess, spawn } from 'node:child_process'
import { openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { GranaryError } from '@granary/protocol'

/** What `granary up --json` prints when it is ready. */
export interface RunningNetwork {
  apiUrl: string
  rpcUrl: string
  stop(): Promise<void>
}

const GRANARY = fileURLToPath(new URL('../../bin/granary.js', import.meta.url))
const START_TIMEOUT = 180_000

/** Runs `granary up` on a folder as a child, on free ports, with further `words`. Its log goes to `log`. */
export async function startNetwork(
  folder: string,
  log: string,
  words: string[] = [],
): Promise<RunningNetwork> {
  const child = spawn(
    process.execPath,
    [GRANARY, 'up', '--data', folder, '--port', '0', '--json', ...words],
    {
      stdio: ['ignore', 'pipe', openSync(log, 'a')],
      detached: true, // Ctrl-C reaches the demo only, which then stops the network in order
    },
  )
  try {
    const { apiUrl, rpcUrl } = await readyDocument(child)
    return { apiUrl, rpcUrl, stop: () => end(child) }
  } catch (error) {
    await end(child)
    throw error
  }
}

function readyDocument(child: ChildProcess): Promise<{ apiUrl: string; rpcUrl: string }> {
  return new Promise((resolve, reject) => {
    let text = ''
    const fail = (why: string) =>
      reject(new GranaryError('START_FAILED', `the network did not start: ${why}`))
    const timer = setTimeout(() => fail(`not ready within ${START_TIMEOUT / 1000} s`), START_TIMEOUT)
    child.once('error', (error) => fail(error.message))
    child.once('exit', (code, signal) => fail(`ended with ${signal ?? code} ${text.slice(0, 500)}`))
    child.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      const document = parse(text)
      if (!document) return
      clearTimeout(timer)
      if (document.apiUrl && document.rpcUrl) resolve({ apiUrl: document.apiUrl, rpcUrl: document.rpcUrl })
      else fail(text)
    })
  })
}

function parse(text: string): { apiUrl?: string; rpcUrl?: string } | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // not complete yet
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await gone
}
