import { fork, spawn } from 'node:child_process'
import { openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { DEVELOPMENT_ACCOUNTS } from '@granary/protocol'

const GRANARY = fileURLToPath(new URL('../../apps/cli/bin/granary.js', import.meta.url))
const API = fileURLToPath(new URL('../../apps/api/dist/main.js', import.meta.url))
const WEB = fileURLToPath(new URL('../../apps/web/dist', import.meta.url))
const START_MS = 180_000

/** What is raised above the defaults of a production API: all load comes from one address and a few accounts. */
export const RAISED = {
  RATE_LIMIT_PER_MINUTE: '100000000',
  ACCOUNT_RATE_LIMIT_PER_MINUTE: '100000000',
  SIGN_IN_RATE_LIMIT_PER_MINUTE: '100000000',
  GATEWAY_RATE_LIMIT_PER_MINUTE: '100000000',
  CONNECTIONS_PER_ADDRESS: '10000',
  RELAY_ACCOUNT_GAS_PER_DAY: '1000000000000',
  RELAY_GAS_PER_DAY: '1000000000000',
}

/**
 * A network of its own below `folder`, with an API in production settings in the place of its own one.
 *
 * @param {{ folder: string, databaseUrl?: string, profile?: string }} options `profile`: a folder for the API's CPU profile
 */
export async function startSystem({ folder, databaseUrl, profile }) {
  const dir = join(folder, 'network')
  const log = openSync(join(folder, 'network.log'), 'a')
  const args = [
    'up',
    '--data',
    dir,
    '--port',
    '0',
    '--json',
    ...(databaseUrl ? ['--database', databaseUrl] : []),
  ]
  const up = spawn(process.execPath, [GRANARY, ...args], {
    // With the channel it ends when the benchmark is killed; a group of its own keeps Ctrl-C from it.
    stdio: ['ignore', 'pipe', log, 'ipc'],
    detached: true,
  })
  const ended = new Promise((done) => up.once('exit', done))
  let api
  const stop = async () => {
    await api?.stop()
    if (up.exitCode === null && up.signalCode === null) up.kill('SIGINT')
    await ended
  }
  try {
    const facts = await firstDocument(up, join(folder, 'network.log'))
    const pids = () => JSON.parse(readFileSync(join(dir, 'network.json'), 'utf8')).pids
    await endProcess(pids().api)
    api = await startApi({ folder, dir, facts, profile })
    const custodians = Object.entries(pids()).filter(([name]) => name.startsWith('custodian'))
    const port = (name) => (name === 'api' ? facts.ports.api : facts.ports.custodians[name.at(-1) - 1])
    const processes = [['api', api.pid], ...custodians]
    return {
      ...facts,
      // `localhost` is two addresses; the load goes to one of them.
      api: `http://127.0.0.1:${facts.ports.api}`,
      blocks: join(dir, 'ipfs'),
      pids: Object.fromEntries(processes),
      metrics: Object.fromEntries(
        processes.map(([name]) => [name, `http://127.0.0.1:${port(name)}/metrics`]),
      ),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function startApi({ folder, dir, facts, profile }) {
  const operator = DEVELOPMENT_ACCOUNTS().find(({ role }) => role === 'operator')
  const log = openSync(join(folder, 'api.log'), 'a')
  const child = fork(API, [], {
    cwd: folder,
    execArgv: profile ? ['--cpu-prof', '--cpu-prof-dir', profile] : [],
    stdio: ['ignore', log, log, 'ipc'],
    detached: true,
    env: {
      PATH: process.env.PATH,
      GRANARY_TEST_RUN: process.env.GRANARY_TEST_RUN ?? '',
      NODE_ENV: 'production',
      // As in the image.
      MALLOC_ARENA_MAX: '2',
      HOST: '127.0.0.1',
      PORT: String(facts.ports.api),
      PUBLIC_URL: facts.apiUrl,
      DATABASE_URL: facts.databaseUrl,
      RPC_URL: facts.rpcUrl,
      PUBLIC_RPC_URL: facts.rpcUrl,
      DEPLOYMENT: facts.deployment,
      BLOCKSTORE: 'embedded',
      BLOCKSTORE_DIR: join(dir, 'ipfs'),
      RELAYER_PRIVATE_KEY: operator.privateKey,
      CONFIRMATIONS: '0',
      WEB_DIR: WEB,
      OUTGOING_ALLOW: 'loopback',
      // The catalogue is made of rows whose files nobody has: the keeper would look for all of them.
      STORAGE_CHECK_INTERVAL_MS: '3600000',
      ...RAISED,
    },
  })
  const ended = new Promise((done) => child.once('exit', done))
  const ready = new Promise((done) => child.once('message', done))
  const first = await Promise.race([ready, ended.then(() => null), sleep(START_MS, null, { ref: false })])
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
    await ended
  }
  if (first) return { pid: child.pid, stop }
  await stop()
  throw new Error(`the API did not start: ${readFileSync(join(folder, 'api.log'), 'utf8').slice(-2000)}`)
}

async function firstDocument(child, log) {
  let text = ''
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    text += chunk
    let document
    try {
      document = JSON.parse(text)
    } catch {
      continue // not complete yet
    }
    if (document.apiUrl) return document
    break
  }
  throw new Error(`the network did not start: ${text}${readFileSync(log, 'utf8').slice(-2000)}`)
}

async function endProcess(pid) {
  process.kill(pid, 'SIGTERM')
  for (;;) {
    try {
      process.kill(pid, 0)
    } catch {
      return
    }
    await sleep(50)
  }
}
