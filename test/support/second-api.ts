import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Wallet } from 'ethers'
import { freePort } from './custody.js'
import { type World, waitFor } from './world.js'

const ROOT = join(import.meta.dirname, '../..')

/** Another installation on the same chain: an API with a database and a block store of its own. */
export interface SecondApi {
  api: string
  /** process id of the API */
  pid: number
  /** the folder of its blocks */
  blocks: string
  end(): Promise<void>
}

interface SecondApiOptions {
  /** what people call it by; it listens on this machine alone either way */
  host?: string
  /** where people reach it, when that is not its own address */
  publicUrl?: string
}

export async function startSecondApi(
  world: Pick<World, 'rpc' | 'fund'> & { facts: Pick<World['facts'], 'deployment'> },
  { host = 'localhost', publicUrl }: SecondApiOptions = {},
): Promise<SecondApi> {
  const home = mkdtempSync(join(tmpdir(), 'granary-second-'))
  const { NODE_OPTIONS: _, NODE_ENV: __, GRANARY_PRIVATE_KEY: ___, ...env } = process.env
  const children: ChildProcess[] = []
  const run = (script: string, args: string[], more: Record<string, string> = {}) => {
    const child = spawn(process.execPath, [join(ROOT, script), ...args], {
      env: { ...env, ...more },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    children.push(child)
    let said = ''
    child.stderr!.on('data', (chunk) => {
      said += chunk
    })
    return new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve())
      child.once('exit', (code) => reject(new Error(`${script} ended with ${code}\n${said}`)))
    })
  }
  const end = async () => {
    for (const child of children.reverse()) {
      if (child.exitCode !== null) continue
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await gone
    }
    rmSync(home, { recursive: true, force: true })
  }
  try {
    const [database, port] = [await freePort(), await freePort()]
    await run('apps/cli/dist/embedded/database.js', [join(home, 'database'), String(database)])
    const operator = Wallet.createRandom()
    await world.fund(operator.address)
    const api = `http://${host}:${port}`
    await run('apps/api/dist/main.js', [], {
      PORT: String(port),
      PUBLIC_URL: publicUrl ?? api,
      DATABASE_URL: `postgresql://postgres@127.0.0.1:${database}/postgres?sslmode=disable`,
      RPC_URL: world.rpc,
      PUBLIC_RPC_URL: world.rpc,
      DEPLOYMENT: world.facts.deployment,
      BLOCKSTORE: 'embedded',
      BLOCKSTORE_DIR: join(home, 'ipfs'),
      RELAYER_PRIVATE_KEY: operator.privateKey,
      DEVELOPMENT: '1',
      RATE_LIMIT_PER_MINUTE: '100000',
      ACCOUNT_RATE_LIMIT_PER_MINUTE: '100000',
      SIGN_IN_RATE_LIMIT_PER_MINUTE: '100000',
      GATEWAY_RATE_LIMIT_PER_MINUTE: '100000',
      LOG_LEVEL: 'warn',
    })
    await waitFor('the second API', async () => (await fetch(`${api}/readyz`)).ok)
    return { api, pid: children.at(-1)!.pid!, blocks: join(home, 'ipfs'), end }
  } catch (error) {
    await end()
    throw error
  }
}
