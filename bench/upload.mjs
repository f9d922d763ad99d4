import { randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { DEVELOPMENT_ACCOUNTS, importFile } from '@granary/protocol'
import { createClient } from '@granary/sdk'
import { Wallet } from 'ethers'
import { startNetwork } from '../apps/cli/dist/demo/network.js'
import { interleave } from './measure.js'

const MIB = 1 << 20

/**
 * A sealed file of so many MiB through the API, beside what its block store can do at best: with KUBO_URL Kubo's own
 * `add` of as many bytes from the same disk, cut alike; without it a plain copy on this disk. Each run has bytes of its
 * own, since a store is quick with what it has. What was brought to Kubo is removed again.
 */
export async function measureUpload(mebibytes, rounds) {
  const kubo = process.env.KUBO_URL
  const folder = mkdtempSync(join(tmpdir(), 'granary-bench-'))
  let network
  try {
    network = await startNetwork(join(folder, 'network'), join(folder, 'log'), kubo ? ['--kubo', kubo] : [])
    const client = await signedIn(network.apiUrl)
    const file = join(folder, 'sealed')
    const use = { seconds: 0, mebibytes: 0, api: 0, client: 0, memory: 0 }
    let about
    const prepared = (run) => ({
      amount: mebibytes,
      before: async () => {
        about = await write(file, mebibytes)
      },
      run,
    })
    const speeds = await alternately(
      {
        granary: prepared(async () => {
          const [cpu, began] = [process.cpuUsage(), performance.now()]
          const before = await metrics(network.apiUrl)
          await client.upload({ spool: { source: async () => createReadStream(file) }, ...about })
          const after = await metrics(network.apiUrl)
          const { user, system } = process.cpuUsage(cpu)
          use.seconds += (performance.now() - began) / 1000
          use.mebibytes += mebibytes
          use.api += after.process_cpu_seconds_total - before.process_cpu_seconds_total
          use.client += (user + system) / 1e6
          use.memory = Math.max(use.memory, after.process_resident_memory_bytes)
        }),
        peer: prepared(kubo ? () => add(kubo, file) : () => copy(file, `${file}.copy`)),
      },
      rounds,
      async () => {
        if (kubo) await remove(kubo, about)
        await rm(`${file}.copy`, { force: true })
      },
    )
    return { store: kubo ? 'Kubo' : 'embedded', mebibytes, speeds, use, load: loadavg()[0] }
  } finally {
    await network?.stop()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** `interleave` with what is to be done before and after each run, which is not timed. */
async function alternately(jobs, rounds, after) {
  let clock = 0
  const timed = ({ amount, before, run }) => ({
    amount,
    async run() {
      await before()
      const began = performance.now()
      await run()
      clock += (performance.now() - began) / 1000
      await after()
    },
  })
  const all = Object.fromEntries(Object.entries(jobs).map(([name, job]) => [name, timed(job)]))
  return interleave(all, rounds, () => clock)
}

async function signedIn(api) {
  const { privateKey } = DEVELOPMENT_ACCOUNTS().find(({ role }) => role === 'contributor')
  const client = createClient({ api, signer: new Wallet(privateKey) })
  await client.auth.signIn()
  return client
}

/** Random bytes, as a sealed file is, and what they are called. */
async function write(path, mebibytes) {
  const file = await open(path, 'w')
  const leaves = []
  async function* bytes() {
    for (let i = 0; i < mebibytes; i++) {
      const some = randomBytes(MIB)
      await file.write(some)
      yield some
    }
    await file.sync()
  }
  try {
    const { cid, size } = await importFile(bytes(), { put: async (name) => void leaves.push(name) })
    return { cid, size, leaves }
  } finally {
    await file.close()
  }
}

async function metrics(api) {
  const text = await (await fetch(`${api}/metrics`)).text()
  const read = (name) => Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1])
  const names = ['process_cpu_seconds_total', 'process_resident_memory_bytes']
  return Object.fromEntries(names.map((name) => [name, read(name)]))
}

async function rpc(kubo, path, init = {}) {
  const answer = await fetch(new URL(`/api/v0/${path}`, kubo), { method: 'POST', ...init })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text.slice(0, 200)}`)
  return text
}

function add(kubo, path) {
  const boundary = randomBytes(16).toString('hex')
  async function* body() {
    yield Buffer.from(
      `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="f"\r\n` +
        'content-type: application/octet-stream\r\n\r\n',
    )
    yield* createReadStream(path, { highWaterMark: MIB })
    yield Buffer.from(`\r\n--${boundary}--\r\n`)
  }
  const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` }
  const how = 'cid-version=1&raw-leaves=true&chunker=size-1048576&pin=true&quieter=true'
  return rpc(kubo, `add?${how}`, { headers, body: body(), duplex: 'half' })
}

async function copy(from, to) {
  await pipeline(createReadStream(from, { highWaterMark: MIB }), createWriteStream(to))
  const file = await open(to, 'r+')
  await file.sync()
  await file.close()
}

async function remove(kubo, { cid, leaves }) {
  await rpc(kubo, `pin/rm?arg=${cid}`).catch(() => {})
  for (let i = 0; i < leaves.length; i += 100) {
    const names = leaves.slice(i, i + 100).map((name) => `arg=${name}`)
    await rpc(kubo, `block/rm?force=true&quiet=true&${names.join('&')}`)
  }
}
