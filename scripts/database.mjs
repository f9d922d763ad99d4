// Makes the database that a new embedded network begins with: empty, with all migrations. To initialise PostgreSQL in
// WebAssembly takes seconds of the processor, to copy what came of it nearly none.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'

/**
 * @param root of the repository, with the built command line and API in it
 * @param target the database's folder; there when it is whole
 * @throws Error with what a program said that failed
 */
export async function makeDatabase(root, target) {
  mkdirSync(dirname(target), { recursive: true })
  // First: the database's program would begin with the old one.
  rmSync(target, { recursive: true, force: true })
  const scratch = mkdtempSync(`${target}-`)
  const made = join(scratch, 'database')
  const port = await freePort()
  const database = run([join(root, 'apps/cli/dist/embedded/database.js'), made, String(port)], {}, 'ipc')
  try {
    await Promise.race([once(database.child, 'message'), database.ended])
    const DATABASE_URL = `postgresql://postgres@127.0.0.1:${port}/postgres`
    const MIGRATIONS_DIR = join(root, 'prisma/migrations')
    await run([join(root, 'apps/api/dist/migrate.js')], { DATABASE_URL, MIGRATIONS_DIR }).ended
    database.child.kill('SIGTERM')
    await database.ended
    renameSync(made, target)
  } finally {
    database.child.kill('SIGKILL')
    rmSync(scratch, { recursive: true, force: true })
  }
}

function run(args, env, ...channels) {
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe', ...channels],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said += chunk
    })
  const ended = once(child, 'close').then(([code]) => {
    if (code !== 0) throw new Error(`${args[0]} ended with ${code}: ${said}`)
  })
  ended.catch(() => {}) // who waits for it is told
  return { child, ended }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}
