import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DEVELOPMENT_CHAIN_ID, DEVELOPMENT_MNEMONIC } from '@granary/protocol'
import { anvilBinary } from '../deploy/anvil.js'
import { inheritedEnvironment } from '../environment.js'
import { stateFile } from './chain-state.js'
import type { Layout } from './layout.js'
import type { Service } from './supervisor.js'

const ACCOUNTS = 20
/** how many seconds of blocks a kill can cost */
export const SAVE_INTERVAL_SECONDS = 2
const POLL_MS = 50

/** Whether a node answers at `rpcUrl` with the chain id of the embedded network. */
async function answers(rpcUrl: string): Promise<boolean> {
  try {
    const answer = await fetch(rpcUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] }),
      signal: AbortSignal.timeout(2_000),
    })
    const { result } = (await answer.json()) as { result?: string }
    return Number(result) === DEVELOPMENT_CHAIN_ID
  } catch {
    return false
  }
}

/** The chain: anvil, which keeps its state in `DIR/chain`. When it ends, the network ends. */
export function chainService(layout: Layout, port: number): Service {
  const rpcUrl = `http://127.0.0.1:${port}`
  return {
    program: {
      name: 'chain',
      title: 'the chain',
      command: anvilBinary(),
      args: [
        ...['--host', '127.0.0.1', '--port', String(port)],
        ...['--chain-id', String(DEVELOPMENT_CHAIN_ID)],
        ...['--mnemonic', DEVELOPMENT_MNEMONIC, '--accounts', String(ACCOUNTS)],
        ...['--state', stateFile(layout.chain), '--state-interval', String(SAVE_INTERVAL_SECONDS)],
        ...['--cache-path', join(layout.chain, 'cache')],
        '--quiet',
      ],
      env: inheritedEnvironment(),
      log: layout.log('chain'),
      ipc: false,
      stopSignal: 'SIGINT', // it writes its state
      stopTimeoutMs: 30_000,
    },
    ready: async (child) => {
      let ended = false
      void child.exited.then(() => {
        ended = true
      })
      while (!ended && !(await answers(rpcUrl))) await sleep(POLL_MS)
    },
    startTimeoutMs: 60_000,
    restart: false,
  }
}
