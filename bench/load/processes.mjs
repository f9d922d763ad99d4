import { fork, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const KIBIBYTES_A_MEBIBYTE = 1024
const TICKS_A_SECOND = 100

const file = (name) => fileURLToPath(new URL(`./${name}`, import.meta.url))

/** A program of ours beside this file, in a process of its own that ends with this one. */
function child(name, env = {}) {
  return fork(file(name), [], { env: { ...process.env, ...env }, detached: true })
}

const endOf = (process) => new Promise((done) => process.once('exit', done))

/** Where the load comes from. `run` hands it one job and resolves with what it answers. */
export function startDriver() {
  const driver = child('driver.mjs')
  const ended = endOf(driver)
  return {
    run: (job, details) =>
      new Promise((resolve, reject) => {
        const gone = () => reject(new Error('the process that makes the load has ended'))
        driver.once('exit', gone)
        driver.once('message', ({ done, failed }) => {
          driver.off('exit', gone)
          if (failed) reject(new Error(failed))
          else resolve(done)
        })
        driver.send({ job, ...details })
      }),
    async stop() {
      driver.kill()
      await ended
    },
  }
}

/** The bare server. */
export async function startBare(env) {
  // Times in the tables are UTC without saying so.
  const bare = child('bare.mjs', { ...env, TZ: 'UTC', NODE_ENV: 'production' })
  const ended = endOf(bare)
  const first = await Promise.race([new Promise((done) => bare.once('message', done)), ended])
  if (!first?.url) throw new Error('the bare server did not start')
  return {
    url: first.url,
    pid: bare.pid,
    async stop() {
      bare.kill()
      await ended
    },
  }
}

/** MiB that a process has in memory. */
export function residentMebibytes(pid) {
  const status = `/proc/${pid}/status`
  const kibibytes = existsSync(status)
    ? /^VmRSS:\s+(\d+)/m.exec(readFileSync(status, 'utf8'))?.[1]
    : spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).stdout
  if (!kibibytes) throw new Error(`process ${pid} has ended`)
  return Number(kibibytes) / KIBIBYTES_A_MEBIBYTE
}

/**
 * What a program of ours says of its heap at its address of metrics: how many full collections there were, the MiB in
 * use outside the young generation, of which most is alive right after one, and how many of these are compiled code.
 */
export async function heapOf(url) {
  const text = await (await fetch(url)).text()
  const collections = /^nodejs_gc_duration_seconds_count\{kind="major"\} (\d+)/m.exec(text)
  const spaces = [...text.matchAll(/^nodejs_heap_space_size_used_bytes\{space="(\w+)"\} (\S+)/gm)]
  const old = spaces.filter(([, space]) => !space.startsWith('new'))
  if (old.length === 0) throw new Error(`${url} does not tell of its heap: ${text.slice(0, 200)}`)
  const mebibytesOf = (some) =>
    some.reduce((sum, [, , used]) => sum + Number(used), 0) / KIBIBYTES_A_MEBIBYTE ** 2
  return {
    collections: Number(collections?.[1] ?? 0),
    mebibytes: mebibytesOf(old),
    code: mebibytesOf(old.filter(([, space]) => space.startsWith('code'))),
  }
}

/** Seconds that a process has used of a processor; NaN where the system does not tell. */
export function processorSeconds(pid) {
  const stat = `/proc/${pid}/stat`
  if (!existsSync(stat)) return Number.NaN
  // The name, in parentheses, may hold anything.
  const fields = readFileSync(stat, 'utf8').split(') ').at(-1).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND
}
