import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEVELOPMENT_ACCOUNTS } from '@granary/protocol'
import type { World } from './world.js'

const PROGRAM = join(import.meta.dirname, '../../apps/api/dist/main.js')
const READY_MS = 60_000

/** One more API on the database and the chain of a world, with variables of its own: for limits that nobody else wants. */
export interface Replica {
  /** the world, asked through this API */
  world: World
  url: string
  port: number
  end(): Promise<void>
}

export async function startReplica(world: World, env: Record<string, string>): Promise<Replica> {
  const dir = mkdtempSync(join(tmpdir(), 'granary-replica-'))
  const operator = DEVELOPMENT_ACCOUNTS().find(({ role }) => role === 'operator')
  const mark = process.env.GRANARY_TEST_RUN ? { GRANARY_TEST_RUN: process.env.GRANARY_TEST_RUN } : {}
  const child = spawn(process.execPath, [PROGRAM], {
    env: {
      PATH: process.env.PATH ?? '',
      ...mark,
      PORT: '0',
      DATABASE_URL: world.facts.databaseUrl,
      RPC_URL: world.facts.rpcUrl,
      DEPLOYMENT: world.facts.deployment,
      BLOCKSTORE_DIR: join(dir, 'ipfs'),
      UPLOAD_DIR: join(dir, 'uploads'),
      RELAYER_PRIVATE_KEY: operator?.privateKey ?? '',
      LOG_LEVEL: 'warn',
      DEVELOPMENT: '1',
      ...env,
    },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const url = await ready(child)
  return {
    world: { ...world, api: url },
    url,
    port: Number(new URL(url).port),
    async end() {
      const exited = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await exited
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

function ready(child: ChildProcess): Promise<string> {
  let said = ''
  child.stderr?.on('data', (chunk) => {
    said += String(chunk)
  })
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the replica is not ready\n${said}`)), READY_MS)
    child.once('message', (message) => {
      clearTimeout(timer)
      resolve((message as { url: string }).url)
    })
    child.once('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`the replica ended with ${code}\n${said}`))
    })
  })
}
