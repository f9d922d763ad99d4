import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, chownSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

const DEBIAN = '/usr/lib/postgresql'
const START_MS = 30_000

/**
 * The database of one run: a new one on the server of GRANARY_TEST_DATABASE_URL; else a cluster of the run's own below
 * `folder`, with PostgreSQL's defaults (it waits for the disk); else none, and the network runs its embedded one.
 *
 * @returns {Promise<{ url?: string, title: string, stop(): Promise<void> }>}
 */
export async function openDatabase(folder) {
  const server = process.env.GRANARY_TEST_DATABASE_URL
  if (server) {
    const database = await newDatabase(server)
    return { ...database, title: `${await versionOf(database.url)}, the server of GRANARY_TEST_DATABASE_URL` }
  }
  const programs = postgresPrograms()
  if (!programs) return { title: 'the embedded database: PostgreSQL was not found', stop: async () => {} }
  const cluster = await startCluster(programs, join(folder, 'postgres'))
  return { ...cluster, title: `${await versionOf(cluster.url)}, started for this run` }
}

/** The folder of the newest PostgreSQL's programs, which Debian keeps out of the PATH, with a slash; undefined without. */
function postgresPrograms() {
  if (existsSync(DEBIAN)) {
    const versions = readdirSync(DEBIAN).filter((name) => existsSync(join(DEBIAN, name, 'bin', 'initdb')))
    const newest = versions.sort((a, b) => Number(a) - Number(b)).at(-1)
    if (newest) return `${join(DEBIAN, newest, 'bin')}/`
  }
  return spawnSync('initdb', ['--version']).status === 0 ? '' : undefined
}

async function startCluster(programs, home) {
  const user = owner()
  mkdirSync(home, { mode: 0o700 })
  if (user.uid !== undefined) {
    // PostgreSQL's own user has to get there.
    chmodSync(join(home, '..'), 0o711)
    chownSync(home, user.uid, user.gid)
  }
  const data = join(home, 'data')
  const options = ['-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--no-sync']
  const made = spawnSync(`${programs}initdb`, options, { ...user, cwd: '/', encoding: 'utf8' })
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr ?? made.error?.message}`)
  const port = await freePort()
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
  ]
  const log = join(home, '..', 'postgres.log')
  const out = openSync(log, 'a')
  const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])]
  // A group of its own: Ctrl-C reaches the benchmark, which ends what it started in order.
  const server = spawn(`${programs}postgres`, args, {
    ...user,
    cwd: '/',
    detached: true,
    stdio: ['ignore', out, out],
  })
  const ended = new Promise((done) => server.once('exit', done))
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`
  const stop = async () => {
    server.kill('SIGINT')
    await ended
  }
  for (const until = Date.now() + START_MS; !(await answers(url)); await sleep(100))
    if (server.exitCode !== null || Date.now() > until) {
      await stop()
      throw new Error(`PostgreSQL did not start: ${readFileSync(log, 'utf8')}`)
    }
  return { url, stop }
}

/** PostgreSQL refuses to run as root: then its programs run as the user that Debian's package made. */
function owner() {
  if (process.getuid?.() !== 0) return {}
  const [uid, gid] = ['-u', '-g'].map(
    (flag) => spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout,
  )
  if (!uid) throw new Error('PostgreSQL does not run as root, and there is no user postgres')
  return { uid: Number(uid), gid: Number(gid) }
}

async function newDatabase(server) {
  const name = `granary_load_${randomBytes(8).toString('hex')}`
  await query(server, `CREATE DATABASE ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return { url: url.href, stop: () => query(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) }
}

const versionOf = async (url) =>
  `PostgreSQL ${(await query(url, 'SHOW server_version')).rows[0].server_version.split(' ')[0]}`

const answers = (url) =>
  query(url, 'SELECT 1').then(
    () => true,
    () => false,
  )

async function query(connectionString, sql) {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    return await client.query(sql)
  } finally {
    await client.end()
  }
}

/** A port that is free now. */
export function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}
