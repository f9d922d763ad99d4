// The embedded network's database: PGlite behind PostgreSQL's wire protocol, in a process of its own.
//
//   node database.js DIR PORT
//
// DIR is made at the first start, its parent exists. Listens on 127.0.0.1 without a password (the network is one user's,
// on one machine). Says {type: 'ready'} over IPC, ends on `disconnect`, SIGTERM and SIGINT. One open transaction blocks
// all other connections.
import { cpSync, existsSync, renameSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { oneAtATime } from './one-at-a-time.js'

const MOST_CONNECTIONS = 32
/** An empty database with this version's migrations, which `npm run build` made; the API applies what it lacks. */
const BEGINNING = fileURLToPath(new URL('../../cache/database', import.meta.url))

const [dir, port] = process.argv.slice(2)
if (!dir || !/^\d+$/.test(port ?? '')) {
  console.error('usage: node database.js DIR PORT')
  process.exit(2)
}

// A new database is made beside its place and moved there whole: one that was interrupted is begun again.
if (!existsSync(dir)) {
  const draft = `${dir}.new`
  rmSync(draft, { recursive: true, force: true })
  if (existsSync(BEGINNING)) cpSync(BEGINNING, draft, { recursive: true })
  else await (await PGlite.create(draft)).close()
  renameSync(draft, dir)
}
const db = await PGlite.create(dir)
const server = new PGLiteSocketServer({
  db: oneAtATime(db),
  host: '127.0.0.1',
  port: Number(port),
  maxConnections: MOST_CONNECTIONS,
})
await server.start()

let ending = false
async function end(reason: string): Promise<void> {
  if (ending) return
  ending = true
  console.error(`ending (${reason})`)
  try {
    await server.stop()
    await db.close()
    process.exit(0)
  } catch (error) {
    console.error(error)
    process.exit(1)
  }
}
process.on('disconnect', () => void end('the network is gone'))
process.on('SIGTERM', () => void end('SIGTERM'))
process.on('SIGINT', () => void end('SIGINT'))
console.error(`listening on ${server.getServerConn()}`)
process.send?.({ type: 'ready' })
// The parent may have gone while the database was opened: then `disconnect` was before our listener.
if (process.send && !process.connected) void end('the network is gone')
