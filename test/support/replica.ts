import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { DEVELOPMENT_ACCOUNTS } from '@granary/protocol'
import { isAlive, type World } from './world.js'

const API = join(import.meta.dirname, '../../apps/api/dist/main.js')

/** One more process of the API, on the database and the files of a world's own one. */
export interface Replica {
  url: string
  port: number
  /** the world, asked through this API */
  world: World
  process: ChildProcess
  /** what it printed so far */
  said(): string
  /** resolves with its exit code */
  exited: Promise<number | null>
  /** a signal, and its exit code */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** The environment of a replica of a world's API. */
export function replicaEnvironment({ facts }: World): Record<string, string> {
  const operator = DEVELOPMENT_ACCOUNTS().find(({ role }) => role === 'operator')!
  return {
    PATH: process.env.PATH ?? '',
    ...(process.env.GRANARY_TEST_RUN ? { GRANARY_TEST_RUN: process.env.GRANARY_TEST_RUN } : {}),
    PORT: '0',
    DATABASE_URL: facts.databaseUrl,
    RPC_URL: facts.rpcUrl,
    DEPLOYMENT: facts.deployment,
    ...(facts.services.kubo
      ? { BLOCKSTORE: 'kubo', KUBO_URL: facts.services.kubo }
      : { BLOCKSTORE: 'embedded', BLOCKSTORE_DIR: join(facts.dataDir, 'ipfs') }),
    RELAYER_PRIVATE_KEY: operator.privateKey,
    CONFIRMATIONS: '0',
    RATE_LIMIT_PER_MINUTE: '1000000',
    ACCOUNT_RATE_LIMIT_PER_MINUTE: '1000000',
    SIGN_IN_RATE_LIMIT_PER_MINUTE: '1000000',
    GATEWAY_RATE_LIMIT_PER_MINUTE: '1000000',
  }
}

/** Starts one and waits until it listens. Throws with what it said when it ends instead. */
export async function startReplica(world: World, env: Record<string, string> = {}): Promise<Replica> {
  const child = spawn(process.execPath, [API], {
    env: { ...replicaEnvironment(world), ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let said = ''
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (chunk) => {
      said += chunk
    })
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve))
  const ready = new Promise<{ url: string }>((resolve) =>
    child.on('message', (message) => resolve(message as { url: string })),
  )
  const first = await Promise.race([ready, exited])
  if (first === null || typeof first === 'number') throw new Error(`exit code ${first}\n${said}`)
  return {
    url: first.url,
    port: Number(new URL(first.url).port),
    world: { ...world, api: first.url },
    process: child,
    said: () => said,
    exited,
    stop: (signal = 'SIGTERM') => {
      if (isAlive(child.pid)) child.kill(signal)
      return exited
    },
  }
}
