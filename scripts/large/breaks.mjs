// What `npm run test:large -- --break` does to an upload, and how it knows that nothing was sent for nothing: the command
// line and the API are killed at points that a seed draws, between them stands test/support's network that breaks.
import { setTimeout as sleep } from 'node:timers/promises'
import '../../bench/typescript.mjs'

const MIB = 1024 ** 2
const KILLS = ['command', 'api', 'command', 'api', 'command']
/** Connections hold, on average, for this part of the file. */
const EACH = 10
/** What a break may cost: leaves that were not stored yet, and what the sockets held (as in uploads.faults.spec). */
const UNDER_WAY = 20 * MIB
const POLL_MS = 20
const WAIT_MS = 120_000

/**
 * @param network what `granary up` printed, with `pid` and `again` of a process by its name
 * @returns the URL that the command line is to use, and `contribute`, which starts the command until it is through
 */
export async function breakUploads({ seed, size, network, say }) {
  const { flakyProxy } = await import('../../test/support/flaky-proxy.ts')
  // The port is the API's own: signing in is bound to it, and every loopback address is the same machine.
  const port = Number(new URL(network.facts.apiUrl).port)
  const proxy = await flakyProxy(seed, size / EACH, { host: '127.0.0.2', port })
  proxy.retarget(`http://127.0.0.1:${port}`)
  say(`seed ${seed}`)

  /** Each kill lies in a part of the file of its own. */
  const points = KILLS.map((_, i) => ((i + 0.3 + 0.5 * draw(seed + i)) / KILLS.length) * size)
  let kills = 0
  let least = 0

  async function killApi() {
    const before = network.pid('api')
    process.kill(before, 'SIGKILL')
    const until = Date.now() + WAIT_MS
    while (!(await answers(network.facts.apiUrl)) || network.pid('api') === before) {
      if (Date.now() > until) throw new Error('the API did not come back')
      await sleep(POLL_MS)
    }
    network.again('api')
  }

  /** Of the bytes that were sent, those that the API must have at the least. */
  const stored = () => Math.max(0, proxy.sent() - (kills + proxy.broken() + 1) * UNDER_WAY)

  /** Runs the command until it ends or is to be killed. */
  async function attempt({ child, ended }) {
    let over
    ended.then((result) => {
      over = result
    })
    while (!over) {
      if (kills < KILLS.length && proxy.sent() >= points[kills]) {
        const who = KILLS[kills]
        kills += 1
        say(`${who === 'api' ? 'the API' : 'the command line'} is killed at ${toMib(proxy.sent())} MiB sent`)
        if (who === 'api') await killApi()
        else {
          least = stored()
          child.kill('SIGKILL')
          await ended
          return undefined
        }
      }
      await sleep(POLL_MS)
    }
    return over
  }

  async function contribute(begin) {
    let done
    while (!done) done = await attempt(begin())
    if (done.code !== 0) throw new Error(`granary contribute ended with ${done.code}: ${done.text}`)
    const [{ resumedFrom }] = JSON.parse(done.text).datasets
    const again = Math.max(0, proxy.sent() - size)
    const most = (kills + proxy.broken()) * UNDER_WAY
    say(
      `${kills} killed, ${proxy.broken()} connections broken; the last run went on at ${toMib(resumedFrom)} MiB`,
    )
    say(`${toMib(again)} MiB were sent again, at most ${toMib(most)} may be`)
    if (kills < KILLS.length || proxy.broken() === 0) throw new Error('it was through before all had broken')
    if (resumedFrom < least) throw new Error(`it did not go on where it stopped, at ${least} bytes or more`)
    if (again > most) throw new Error('too much was sent again')
    return JSON.parse(done.text)
  }

  return { url: proxy.url, contribute, close: proxy.close }
}

const toMib = (bytes) => (bytes / MIB).toFixed(0)

async function answers(url) {
  return (await fetch(`${url}/healthz`).catch(() => undefined))?.ok === true
}

/** A number from 0 to 1 that a seed repeats. */
function draw(seed) {
  const x = Math.sin(seed + 1) * 10_000
  return x - Math.floor(x)
}
