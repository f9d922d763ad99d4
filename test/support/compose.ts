import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse } from 'yaml'
import { anvilBinary } from '../../apps/cli/src/deploy/anvil.js'
import { freePort } from './custody.js'
import { isAlive } from './network.js'
import { newDatabase } from './services.js'

// What `docker compose up` would start, started here without containers: the same programs with the same arguments and
// the same environment, in the order and after the conditions that docker-compose.yml names. What differs is where
// things are: host names become ports of this machine, mounted folders become folders below one of the run's own.

const ROOT = join(import.meta.dirname, '../..')
const PROBE_MS = 250
const READY_MS = 120_000

interface Service {
  image?: string
  entrypoint?: string[]
  command?: string[]
  environment?: Record<string, string>
  volumes?: string[]
  secrets?: { source: string; target: string }[]
  healthcheck?: { test: string[] }
  depends_on?: Record<string, { condition: string }>
}

interface ComposeFile {
  services: Record<string, Service>
}

export interface ComposeRun {
  /** base URL of the API */
  api: string
  rpc: string
  /** of the API's own database */
  databaseUrl: string
  /** the folder that stands for the volume of this name */
  folder(volume: string): string
  /** what a service printed so far */
  logOf(service: string): string
  /** SIGTERM as `docker stop` sends it, or another signal; resolves with the exit code */
  stop(service: string, signal?: NodeJS.Signals): Promise<number | null>
  start(service: string): Promise<void>
  end(): Promise<void>
}

/**
 * Starts everything and waits until every health check passes and every one-time service ended well.
 * @param real the PostgreSQL server and Kubo node that stand for the containers of their own images
 */
export async function composeUp(real: { postgres: string; kubo: string }): Promise<ComposeRun> {
  const file = parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8'), { merge: true }) as ComposeFile
  const home = mkdtempSync(join(tmpdir(), 'granary-compose-'))
  const database = await newDatabase(real.postgres)
  const ports = new Map<string, number>()
  for (const name of Object.keys(file.services)) ports.set(name, await freePort())
  const folder = (volume: string) => join(home, 'volumes', volume)
  const processes = new Map<string, ChildProcess>()
  const ended = new Map<string, Promise<number | null>>()
  const log = (name: string) => join(home, `${name}.log`)

  /** What a container would see, as it is here: variables, then host names, then mounted folders. */
  const here = (name: string, text: string): string => {
    const service = file.services[name]!
    let result = interpolate(text)
    result = result.replace(/postgresql:\/\/[^/]*@postgres:5432\/\w+/, database.url)
    result = result.replaceAll('http://kubo:5001', real.kubo)
    for (const [host, port] of ports)
      result = result.replace(new RegExp(`//${host}:\\d+`, 'g'), `//127.0.0.1:${port}`)
    for (const volume of service.volumes ?? []) {
      const [source = '', target = ''] = volume.split(':')
      if (result === target || result.startsWith(`${target}/`))
        result = folder(source) + result.slice(target.length)
    }
    return result
  }

  const environmentOf = (name: string): Record<string, string> => {
    const port = String(ports.get(name))
    const given = Object.entries(file.services[name]!.environment ?? {}).map(([key, value]) => [
      key,
      here(name, String(value)),
    ])
    const environment: Record<string, string> = Object.fromEntries(given)
    if (environment.PORT) environment.PORT = port
    if (environment.OUTGOING_ALLOW) environment.OUTGOING_ALLOW = 'loopback'
    if (environment.HOST === '0.0.0.0') environment.HOST = '127.0.0.1'
    if (environment.PUBLIC_URL) environment.PUBLIC_URL = `http://localhost:${port}`
    // Of the image: NODE_ENV is its own, PATH and HOME are the system's.
    const mark: Record<string, string> = process.env.GRANARY_TEST_RUN
      ? { GRANARY_TEST_RUN: process.env.GRANARY_TEST_RUN }
      : {}
    return { NODE_ENV: 'production', PATH: process.env.PATH ?? '', HOME: home, ...mark, ...environment }
  }

  const run = (name: string) => {
    const service = file.services[name]!
    const words = (service.command ?? []).map((word) => here(name, word))
    for (const volume of service.volumes ?? []) mkdirSync(folder(volume.split(':')[0]!), { recursive: true })
    const isChain = service.entrypoint?.[0] === 'anvil'
    const command = isChain ? anvilBinary() : process.execPath
    const args = isChain ? ['--port', String(ports.get(name)), ...words.map(loopback)] : words
    const child = spawn(command, args, {
      cwd: ROOT,
      env: environmentOf(name),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const out = createWriteStream(log(name), { flags: 'a' })
    child.stdout!.pipe(out, { end: false })
    child.stderr!.pipe(out, { end: false })
    child.once('close', () => out.end())
    processes.set(name, child)
    ended.set(name, new Promise((resolve) => child.once('exit', (code) => resolve(code))))
  }

  /** Health checks run as they are written, but for the port that they ask. */
  const isHealthy = (name: string) =>
    new Promise<boolean>((resolve) => {
      const [kind, program, ...args] = file.services[name]!.healthcheck?.test ?? []
      if (kind !== 'CMD' || program !== 'node') return resolve(answersRpc(ports.get(name)!))
      const words = args.map((word) => word.replace(/127\.0\.0\.1:\d+/g, `127.0.0.1:${ports.get(name)}`))
      execFile(process.execPath, words, { timeout: 10_000 }, (error) => resolve(error === null))
    })

  const waitFor = async (name: string, condition: string) => {
    if (isOutside(file.services[name]!)) return
    if (condition === 'service_completed_successfully') {
      const code = await ended.get(name)
      if (code !== 0) throw new Error(`${name} ended with ${code}\n${readFileSync(log(name), 'utf8')}`)
      return
    }
    for (const until = Date.now() + READY_MS; !(await isHealthy(name)); await sleep(PROBE_MS)) {
      const child = processes.get(name)!
      if (child.exitCode !== null || Date.now() > until)
        throw new Error(`${name} does not become healthy\n${readFileSync(log(name), 'utf8')}`)
    }
  }

  const started = new Map<string, Promise<void>>()
  const bringUp = (name: string): Promise<void> => {
    let start = started.get(name)
    if (!start) {
      start = (async () => {
        const needs = Object.entries(file.services[name]!.depends_on ?? {})
        await Promise.all(
          needs.map(async ([other, { condition }]) => {
            await bringUp(other)
            await waitFor(other, condition)
          }),
        )
        if (!isOutside(file.services[name]!)) run(name)
      })()
      started.set(name, start)
    }
    return start
  }

  const stop = async (name: string, signal: NodeJS.Signals = 'SIGTERM') => {
    const child = processes.get(name)
    if (child && isAlive(child.pid)) child.kill(signal)
    return (await ended.get(name)) ?? null
  }
  const end = async () => {
    const order = [...processes.keys()].reverse()
    for (const name of order) {
      const gone = stop(name)
      if ((await Promise.race([gone, sleep(20_000, 'late', { ref: false })])) === 'late')
        await stop(name, 'SIGKILL')
    }
    await database.remove()
    rmSync(home, { recursive: true, force: true })
  }
  try {
    await Promise.all(Object.keys(file.services).map(bringUp))
    for (const [name, service] of Object.entries(file.services)) {
      const once = (service as { restart?: string }).restart === 'no'
      await waitFor(name, once ? 'service_completed_successfully' : 'service_healthy')
    }
  } catch (error) {
    await end()
    throw error
  }
  return {
    api: `http://localhost:${ports.get('api')}`,
    rpc: `http://127.0.0.1:${ports.get('chain')}`,
    databaseUrl: database.url,
    folder,
    logOf: (name) => readFileSync(log(name), 'utf8'),
    stop,
    async start(name) {
      run(name)
      await waitFor(name, 'service_healthy')
    },
    end,
  }
}

/** Images of others, for which a real service stands here. */
const isOutside = ({ image }: Service) => /^(postgres|ipfs\/kubo):/.test(image ?? '')

const loopback = (word: string) => (word === '0.0.0.0' ? '127.0.0.1' : word)

/** `${NAME:-default}` and `${NAME:+text}` with no variable set, as on a machine without a `.env`. */
function interpolate(text: string): string {
  return text.replace(/\$\{\w+:([-+])([^}]*)\}/g, (_, kind, word) => (kind === '-' ? word : ''))
}

async function answersRpc(port: number): Promise<boolean> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] })
  try {
    const headers = { 'content-type': 'application/json' }
    const signal = AbortSignal.timeout(2_000)
    return (await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body, headers, signal })).ok
  } catch {
    return false
  }
}
