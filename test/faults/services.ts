import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { inheritedEnvironment } from '../../apps/cli/src/environment.js'
import { freePort } from '../support/custody.js'
import { newDatabase } from '../support/services.js'
import { Program } from './programs.js'

/** The database of a run, and how it is made to fail. */
export interface DatabaseServer {
  what: string
  url: string
  /** false where it is somebody else's server */
  canFail: boolean
  /** whether several replicas may share it; all connections to the embedded one are one session */
  isForMany: boolean
  /** an empty database beside it */
  another(): Promise<string>
  stop(): Promise<void>
  start(): Promise<void>
  end(): Promise<void>
}

const EMBEDDED = join(import.meta.dirname, '../../apps/cli/dist/embedded/database.js')

/**
 * A PostgreSQL cluster of the run's own where its programs are installed (as root they run as the user `postgres`), else
 * a database on the server of GRANARY_TEST_DATABASE_URL, else the embedded one.
 */
export async function openDatabase(home: string): Promise<DatabaseServer> {
  const bin = postgresPrograms()
  if (bin) return cluster(home, bin)
  const server = process.env.GRANARY_TEST_DATABASE_URL
  if (server) {
    const first = await newDatabase(server)
    const made = [first]
    return {
      what: "PostgreSQL, somebody else's server",
      url: first.url,
      canFail: false,
      isForMany: true,
      async another() {
        const next = await newDatabase(server)
        made.push(next)
        return next.url
      },
      stop: async () => {},
      start: async () => {},
      end: async () => {
        for (const one of made) await one.remove()
      },
    }
  }
  return embeddedDatabase(home)
}

function postgresPrograms(): string | undefined {
  const parent = '/usr/lib/postgresql'
  if (!existsSync(parent)) return undefined
  const [newest] = readdirSync(parent).sort((a, b) => Number(b) - Number(a))
  const bin = join(parent, newest ?? '', 'bin')
  return existsSync(join(bin, 'initdb')) ? bin : undefined
}

async function cluster(home: string, bin: string): Promise<DatabaseServer> {
  const folder = join(home, 'postgres')
  const data = join(folder, 'data')
  const port = await freePort()
  mkdirSync(folder)
  const isRoot = process.getuid?.() === 0
  if (isRoot) {
    const [uid, gid] = ['-u', '-g'].map((flag) =>
      Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' })),
    )
    chmodSync(home, 0o711)
    chownSync(folder, uid!, gid!)
  }
  const run = async (program: string, ...args: string[]) => {
    const words = [join(bin, program), ...args]
    const [command, ...rest] = isRoot ? ['runuser', '-u', 'postgres', '--', ...words] : words
    await promisify(execFile)(command!, rest, { cwd: folder })
  }
  await run('initdb', '-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--no-sync')
  const options = `-c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories= -c fsync=off`
  const control = (...args: string[]) => run('pg_ctl', '-D', data, '-l', join(folder, 'log'), '-w', ...args)
  const start = () => control('start', '-o', options)
  await start()
  const server = `postgresql://postgres@127.0.0.1:${port}/postgres`
  return {
    what: `PostgreSQL, a cluster of its own (${bin})`,
    url: (await newDatabase(server)).url,
    canFail: true,
    isForMany: true,
    another: async () => (await newDatabase(server)).url,
    stop: () => control('stop', '-m', 'immediate'),
    start,
    end: async () => {
      try {
        await control('stop', '-m', 'immediate')
      } catch {
        // it was stopped
      }
    },
  }
}

export async function embeddedDatabase(home: string): Promise<DatabaseServer> {
  const made: Program[] = []
  const make = async () => {
    const name = made.length === 0 ? 'database' : `database-${made.length + 1}`
    const port = await freePort()
    const program = new Program({
      name,
      command: process.execPath,
      args: [EMBEDDED, join(home, name), String(port)],
      env: inheritedEnvironment(),
      log: join(home, 'logs', `${name}.log`),
      isReady: 'message',
    })
    made.push(program)
    await program.start()
    return { program, url: `postgresql://postgres@127.0.0.1:${port}/postgres?sslmode=disable` }
  }
  const { program, url } = await make()
  return {
    what: 'the embedded database',
    url,
    canFail: true,
    isForMany: false,
    another: async () => (await make()).url,
    stop: () => program.end('SIGKILL'),
    start: () => program.start(),
    end: async () => {
      for (const one of made) await one.end('SIGTERM')
    },
  }
}

/** All rows of a query; for looking at what the programs wrote. */
export async function rowsOf(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

/**
 * Kubo as GRANARY_TEST_IPFS names it, or as it is found on the PATH; undefined without: blocks are files then.
 *
 * @param repository its folder
 */
export async function openKubo(
  repository: string,
  log: string,
): Promise<{ program: Program; url: string; what: string } | undefined> {
  const named = process.env.GRANARY_TEST_IPFS
  const found = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'ipfs'))
  const command = named || found.find((path) => existsSync(path))
  if (!command) return undefined
  const port = await freePort()
  const env = { ...inheritedEnvironment(), IPFS_PATH: repository }
  execFileSync(command, ['init', '--profile=test'], { env, stdio: 'ignore' })
  execFileSync(command, ['config', 'Addresses.API', `/ip4/127.0.0.1/tcp/${port}`], { env, stdio: 'ignore' })
  const url = `http://127.0.0.1:${port}`
  const program = new Program({
    name: 'kubo',
    command,
    args: ['daemon', '--offline'],
    env,
    log,
    isReady: async () =>
      (await fetch(`${url}/api/v0/version`, { method: 'POST', signal: AbortSignal.timeout(2_000) })).ok,
  })
  await program.start()
  return { program, url, what: `Kubo (${command})` }
}

/** A small file system of its own in memory, which can be filled up; only root may make one. */
export class SmallDisk {
  private constructor(readonly folder: string) {}

  static make(folder: string, mebibytes: number): SmallDisk | undefined {
    mkdirSync(folder, { recursive: true })
    const options = ['-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=0700`, 'tmpfs', folder]
    return spawnSync('mount', options).status === 0 ? new SmallDisk(folder) : undefined
  }

  fill(): void {
    const filler = join(this.folder, 'filler')
    spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=64k'])
    spawnSync('dd', ['if=/dev/zero', `of=${filler}.rest`, 'bs=1'])
  }

  free(): void {
    for (const name of ['filler', 'filler.rest']) rmSync(join(this.folder, name), { force: true })
  }

  /** What is on it stays in the folder, for people who look for a cause. */
  remove(): void {
    cpSync(this.folder, `${this.folder}.kept`, { recursive: true })
    spawnSync('umount', ['-l', this.folder])
  }
}
