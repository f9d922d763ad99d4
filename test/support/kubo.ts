import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './custody.js'
import { isAlive, waitFor } from './network.js'

/** A Kubo node of a spec's own, online on this machine alone: it meets only whom it is told to meet. */
export interface KuboNode {
  url: string
  /** Calls its RPC API; the parsed answer, or its error text. */
  rpc(command: string, args?: Record<string, string>): Promise<{ ok: boolean; text: string }>
  /** Whether it has a block itself. */
  has(cid: string): Promise<boolean>
  start(): Promise<void>
  stop(): Promise<void>
  remove(): Promise<void>
}

/** The program that `.ci/run` builds, or the one that is in the PATH. */
function program(): string {
  const cache = join(homedir(), '.cache/granary')
  const built = existsSync(cache) ? readdirSync(cache).filter((name) => name.startsWith('kubo-')) : []
  const newest = built.sort().at(-1)
  return newest ? join(cache, newest, 'ipfs') : 'ipfs'
}

export async function kuboNode(): Promise<KuboNode> {
  const home = mkdtempSync(join(tmpdir(), 'granary-kubo-'))
  const env = { ...process.env, IPFS_PATH: home }
  const port = await freePort()
  const run = (...args: string[]) => execFileSync(program(), args, { env, stdio: 'pipe' })
  run('init', '--profile=test')
  run('config', 'Addresses.API', `/ip4/127.0.0.1/tcp/${port}`)
  let daemon: ChildProcess | undefined
  const node: KuboNode = {
    url: `http://127.0.0.1:${port}`,
    async rpc(command, args = {}) {
      const query = new URLSearchParams(args)
      const answer = await fetch(`${node.url}/api/v0/${command}?${query}`, { method: 'POST' })
      return { ok: answer.ok, text: await answer.text() }
    },
    has: async (cid) => (await node.rpc('block/stat', { arg: cid, offline: 'true' })).ok,
    async start() {
      daemon = spawn(program(), ['daemon'], { env, stdio: 'ignore' })
      await waitFor('Kubo', async () => (await node.rpc('version')).ok)
    },
    async stop() {
      daemon?.kill('SIGTERM')
      if (daemon) await waitFor('the end of Kubo', () => !isAlive(daemon?.pid))
      daemon = undefined
    },
    async remove() {
      await node.stop()
      rmSync(home, { recursive: true, force: true })
    },
  }
  await node.start()
  return node
}
