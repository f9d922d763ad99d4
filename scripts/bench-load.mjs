// `npm run bench:load`: how much the API takes, on PostgreSQL, beside a bare Fastify and pg server that runs the same
// queries in the same run. Absolute figures are the machine's; only the ratios travel.
import { spawnSync } from 'node:child_process'
import { cpus, loadavg } from 'node:os'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const ROUTES = 'first-page cursor dataset owner pools rewards block sign-in order'
const HELP = `npm run bench:load -- [options]

Starts a network of its own (PostgreSQL where its programs are found or GRANARY_TEST_DATABASE_URL names a server that
lets us make a database, else the embedded one; a chain, three custodians, the API in production settings with the rate
limit and the limits of gas raised) and drives it in closed loops from a second process. All on 127.0.0.1.

--only a,b,…      what to measure (default: everything but memory): ${ROUTES}
                  contributions memory
--seconds N       of one round of a route (2)
--rounds N        rounds of each route, of which the median is taken (5)
--connections N   loops at once (16)
--datasets N      in the catalogue (10000)
--window N        seconds for which contributions are counted (60)
--contributors N  people who contribute at once (96)
--minutes N       measures memory, too: so long of everything at once
--profile DIR     writes the API's CPU profile there
--json            one JSON document on stdout, nothing else
--help

A missed target is printed, for it may be the machine's; exit code 1 when something cannot be measured or the two
servers do not answer alike, 2 for a wrong option.`

const number = (short) => ({ type: 'string', default: short })
function options() {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', short: 'h' },
      json: { type: 'boolean' },
      only: { type: 'string' },
      profile: { type: 'string' },
      minutes: { type: 'string' },
      seconds: number('2'),
      rounds: number('5'),
      connections: number('16'),
      datasets: number('10000'),
      window: number('60'),
      contributors: number('96'),
    },
  })
  const { help, json, only, profile, minutes, ...numbers } = values
  const sizes = Object.entries({ ...numbers, ...(minutes === undefined ? {} : { minutes }) }).map(
    ([name, text]) => {
      const value = Number(text)
      const whole = !['seconds', 'window', 'minutes'].includes(name)
      if (text === '' || !Number.isFinite(value) || value <= 0 || (whole && !Number.isInteger(value)))
        throw new Error(`--${name} must be a ${whole ? 'whole ' : ''}number above 0, not ${text}`)
      return [name, value]
    },
  )
  return {
    help,
    json,
    only: only?.split(',').map((name) => name.trim()),
    profile,
    ...Object.fromEntries(sizes),
  }
}

function refuse(why) {
  console.error(`${why}\n\n${HELP}`)
  process.exit(2)
}

let asked
try {
  asked = options()
} catch (error) {
  refuse(error.message)
}
if (asked.help) {
  console.log(HELP)
  process.exit(0)
}
const parts = [...ROUTES.split(' '), 'contributions', 'memory']
const unknown = (asked.only ?? []).filter((name) => !parts.includes(name))
if (unknown.length > 0) refuse(`nothing to measure of this name: ${unknown.join(', ')}`)
const wanted = asked.only ?? parts.slice(0, -1)
if (asked.minutes !== undefined && !wanted.includes('memory')) wanted.push('memory')
if (wanted.includes('memory')) asked.minutes ??= 10

const built = spawnSync(process.execPath, ['scripts/build.mjs'], {
  cwd: ROOT,
  stdio: ['ignore', asked.json ? 'ignore' : 'inherit', 'inherit'],
})
if (built.status !== 0) process.exit(1)

const { run } = await import('../bench/load/run.mjs')
const { ROUTES_HEAD, ROUTES_NOTE, routeLine, verdicts } = await import('../bench/load/report.mjs')
const { RAISED } = await import('../bench/load/system.mjs')

const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => interrupted.abort())

const say = asked.json ? () => {} : console.log
const { cores, ...machine } = { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length }
const document = { machine: { ...machine, cores, node: process.version, load: loadavg()[0] }, raised: RAISED }
say(`${cores} × ${machine.cpu}, load ${document.machine.load.toFixed(1)}, Node ${process.version}`)
say(
  `API: NODE_ENV=production; raised: ${Object.entries(RAISED)
    .map((pair) => pair.join('='))
    .join(' ')}`,
)
const started = performance.now()
let head = ROUTES_HEAD
const tell = {
  step: say,
  route(result) {
    if (head)
      say(
        `\n${ROUTES_NOTE}\nMedians of ${asked.rounds} rounds of ${asked.seconds} s, ${asked.connections} connections\n${head}`,
      )
    head = ''
    say(routeLine(result))
  },
}
try {
  const profile = asked.profile && resolve(asked.profile)
  Object.assign(document, await run({ ...asked, profile, only: wanted, signal: interrupted.signal }, tell))
} catch (error) {
  console.error(`bench:load: ${error.message}`)
  process.exitCode = 1
}
document.seconds = (performance.now() - started) / 1000
if (process.exitCode !== 1) {
  const lines = verdicts(document)
  if (!wanted.includes('memory')) lines.push('memory: not measured; --minutes 10 does')
  say(`\n${lines.join('\n')}\n${document.seconds.toFixed(0)} s in all`)
  if (asked.json) console.log(JSON.stringify(document, null, 2))
}
process.exit()
