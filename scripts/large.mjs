// `npm run test:large -- --size N`: a large file goes through contribute, request and fetch of the command line on a
// fresh network, comes back identical, and nobody's memory grows with it.
//
//   --size N     bytes of the file, with K, M, G or T for powers of 1024 (default 5G)
//   --limit N    the most that the command line, the API and each custodian may have resident at once (default 400M)
//   --dir DIR    where everything is kept until the end (default: the system's folder for temporary files)
//   --break      while it is uploaded the command line is killed three times and the API twice, and connections break at
//                random; it must go on where it stopped, which the bytes that were sent show (Linux: wants 127.0.0.2)
//   --seed N     a whole number that draws the same breaks again
//   --archive    then everything of the contributor is exported, and restored on another installation
//
// Looks for free disk first: the file is there five times at most (itself, the spool, the upload, the blocks, what was
// fetched), and three times more for the archive. Exit code 0 only when it came back identical and all peaks are below the limit.
import { spawn, spawnSync } from 'node:child_process'
import { createCipheriv, createHash } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync, openSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { archiveLarge } from './large/archive.mjs'
import { breakUploads } from './large/breaks.mjs'

const MIB = 1024 ** 2
const COPIES = 5
/** The archive, the sealed file that a restore takes out of it, and the other installation's upload or blocks. */
const ARCHIVE_COPIES = 3
const SPARE = 1024 ** 3 // database, chain, logs, and room for others
const SAMPLE_MS = 100
/** Measured besides: export, verify, restore, and the API to which it goes. */
const ARCHIVE_PARTS = 4
const MEASURED = ['api', 'custodian1', 'custodian2', 'custodian3']
const GRANARY = fileURLToPath(new URL('../apps/cli/bin/granary.js', import.meta.url))

function toBytes(name, text) {
  const [, number, unit] = /^(\d+)\s*([KMGT]?)(?:i?B)?$/i.exec(text) ?? []
  if (number === undefined) stopWith(2, `--${name} ${text}: say a number of bytes, such as 200M or 5G`)
  return Number(number) * 1024 ** ' KMGT'.indexOf(unit.toUpperCase() || ' ')
}

function inUnits(bytes) {
  const [size, unit] = bytes < 10 * 1024 ** 3 ? [MIB, 'MiB'] : [1024 ** 3, 'GiB']
  return `${(bytes / size).toFixed(bytes < 10 * MIB ? 2 : 0)} ${unit}`
}

function stopWith(code, why) {
  console.error(why)
  process.exit(code)
}

const { values } = parseArgs({
  options: {
    size: { type: 'string' },
    limit: { type: 'string' },
    dir: { type: 'string' },
    break: { type: 'boolean', default: false },
    seed: { type: 'string' },
    archive: { type: 'boolean', default: false },
  },
})
const size = toBytes('size', values.size ?? '5G')
const limit = toBytes('limit', values.limit ?? '400M')
const parent = values.dir ?? tmpdir()
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
if (!Number.isSafeInteger(seed) || seed < 0) stopWith(2, `--seed ${values.seed}: say a whole number`)
if (values.break && size < 128 * MIB) stopWith(2, '--break: say a --size of 128M or more')

const { bavail, bsize } = await statfs(parent)
const needed = (COPIES + (values.archive ? ARCHIVE_COPIES : 0)) * size + SPARE
if (bavail * bsize < needed)
  stopWith(
    1,
    `${parent} has ${inUnits(bavail * bsize)} free; a file of ${inUnits(size)} needs ${inUnits(needed)}`,
  )
const built = spawnSync(process.execPath, [fileURLToPath(new URL('build.mjs', import.meta.url))], {
  stdio: 'inherit',
})
if (built.status !== 0) process.exit(built.status ?? 1)

const folder = await mkdtemp(join(parent, 'granary-large-'))
const started = Date.now()
const peaks = new Map()
let network
let breaks
let finishing

function finish(code) {
  finishing ??= (async () => {
    await breaks?.close()
    await network?.stop()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    process.exit(code)
  })()
  return finishing
}
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void finish(130))

function say(text) {
  console.log(`${((Date.now() - started) / 1000).toFixed(1).padStart(7)} s  ${text}`)
}

/** The most bytes that a process ever had resident (Linux), else what it has now; undefined when it has ended. */
function resident(pid) {
  if (existsSync('/proc/self/status')) {
    try {
      const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? []
      return kib && Number(kib) * 1024
    } catch {
      return undefined
    }
  }
  const { stdout } = spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })
  return stdout?.trim() ? Number(stdout) * 1024 : undefined
}

/** Looks at a process until it ends; returns the end of looking. */
function watch(name, pid) {
  const look = () => {
    const bytes = resident(pid)
    if (bytes) peaks.set(name, Math.max(peaks.get(name) ?? 0, bytes))
  }
  look()
  const timer = setInterval(look, SAMPLE_MS)
  return () => {
    look()
    clearInterval(timer)
  }
}

/** Runs `granary up` and waits for its document. */
async function startNetwork() {
  const log = join(folder, 'network.log')
  const child = spawn(
    process.execPath,
    [GRANARY, 'up', '--data', join(folder, 'network'), '--port', '0', '--json'],
    { stdio: ['ignore', 'pipe', openSync(log, 'a')], detached: true },
  )
  const exited = new Promise((resolve) => child.once('exit', resolve))
  let text = ''
  const facts = await new Promise((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      text += chunk
      try {
        resolve(JSON.parse(text))
      } catch {
        // not complete yet
      }
    })
    exited.then(() => reject(new Error(`the network did not start: ${text}${readFileSync(log, 'utf8')}`)))
  })
  const watches = MEASURED.map((name) => watch(name, facts.pids[name]))
  // One that was killed and started again has another pid, which the network writes down.
  const pid = (name) => JSON.parse(readFileSync(join(folder, 'network/network.json'), 'utf8')).pids[name]
  const again = (name) => watches.push(watch(name, pid(name)))
  const stop = async () => {
    for (const end of watches) end()
    child.kill('SIGTERM')
    await exited
  }
  return { facts, stop, pid, again, url: facts.apiUrl }
}

/** Starts one command with an account's key; its memory counts under `measure`. */
function start(privateKey, args, measure, api = network.url) {
  const child = spawn(process.execPath, [GRANARY, ...args, '--json'], {
    env: {
      ...process.env,
      GRANARY_API: api,
      GRANARY_HOME: join(folder, 'home'),
      GRANARY_PRIVATE_KEY: privateKey,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const end = measure ? watch(measure, child.pid) : () => {}
  let text = ''
  child.stdout.on('data', (chunk) => {
    text += chunk
  })
  const ended = new Promise((resolve) => child.once('close', resolve)).then((code) => {
    end()
    return { code, text }
  })
  return { child, ended }
}

/** Runs one command to its end and returns its JSON document. */
async function granary(...command) {
  const { code, text } = await start(...command).ended
  if (code !== 0) throw new Error(`granary ${command[1].join(' ')} ended with ${code}: ${text}`)
  return JSON.parse(text)
}

/** The same bytes in every run: the key stream of AES-256 in counter mode, under a key of zeros. */
function* content() {
  const cipher = createCipheriv('aes-256-ctr', Buffer.alloc(32), Buffer.alloc(16))
  const zeros = Buffer.alloc(MIB)
  for (let left = size; left > 0; left -= MIB)
    yield cipher.update(left < MIB ? zeros.subarray(0, left) : zeros)
}

async function writeFile(path) {
  const hash = createHash('sha256')
  async function* hashed() {
    for (const chunk of content()) {
      hash.update(chunk)
      yield chunk
    }
  }
  await pipeline(Readable.from(hashed()), createWriteStream(path))
  return hash.digest('hex')
}

async function digestOf(path) {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: MIB }), hash)
  return hash.digest('hex')
}

/** Contributes through a network that breaks, starting the command again whenever it was killed. */
async function contributeBroken(begin) {
  breaks = await breakUploads({ seed, size, network, say })
  network.url = breaks.url
  const told = await breaks.contribute(begin)
  network.url = network.facts.apiUrl
  return told
}

async function roundTrip() {
  const file = join(folder, 'large.bin')
  const expected = await writeFile(file)
  say(`made ${inUnits(size)}: SHA-256 ${expected}`)
  network = await startNetwork()
  say('network ready')
  const accounts = await granary('', ['accounts'])
  const key = (role) => accounts.find((account) => account.role === role).privateKey
  const trainer = accounts.find((account) => account.role === 'trainer')

  const contribution = ['contribute', file, '--pool', '1', '--purposes', 'fine-tuning']
  const command = [key('contributor'), contribution, 'contribute']
  const { datasets } = await (values.break ? contributeBroken(() => start(...command)) : granary(...command))
  say('contributed')
  await granary(trainer.privateKey, ['trainer', 'apply', '--name', 'Large'])
  await granary(key('council'), ['trainer', 'approve', trainer.address])
  const identity = join(folder, 'trainer.age')
  await granary('', ['keygen', '--out', identity])
  const wish = ['--pool', '1', '--purpose', 'fine-tuning', '--identity', identity]
  const { request } = await granary(trainer.privateKey, ['request', ...wish])
  say('requested')
  const out = join(folder, 'out')
  const { files } = await granary(
    trainer.privateKey,
    ['fetch', request, '--out', out, '--identity', identity],
    'fetch',
  )
  say('fetched')
  const got = await digestOf(files[0].path)
  say(`came back ${got === expected ? 'identical' : 'DIFFERENT'}: SHA-256 ${got}`)
  if (!values.archive) return got === expected
  const same = await archiveLarge({
    facts: network.facts,
    operator: key('operator'),
    dataset: datasets[0].id,
    granary: (...command) => granary(key('contributor'), ...command),
    watch,
    folder,
    say,
  })
  return same && got === expected
}

let good = false
try {
  good = await roundTrip()
} catch (error) {
  console.error(error.message)
}
console.log(`\nmost memory resident at once, limit ${inUnits(limit)}`)
for (const [name, bytes] of [...peaks].sort()) {
  console.log(`  ${name.padEnd(12)} ${inUnits(bytes).padStart(8)}${bytes > limit ? '   TOO MUCH' : ''}`)
}
const all = MEASURED.length + 2 + (values.archive ? ARCHIVE_PARTS : 0)
const flat = peaks.size === all && [...peaks.values()].every((bytes) => bytes <= limit)
console.log(good && flat ? '\npassed' : '\nFAILED')
await finish(good && flat ? 0 : 1)
