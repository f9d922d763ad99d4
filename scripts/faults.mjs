// `npm run test:faults`: a full workload while processes are killed, services fail, disks fill and clocks go wrong; then
// what must hold is looked at. See test/faults.

import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const KINDS = ['kill', 'pause', 'postgres', 'kubo', 'rpc', 'disk', 'clock', 'chain']
const HELP = `npm run test:faults -- [--minutes N] [--seed S] [--only kind,kind] [--embedded] [--json]

--minutes N   how long the faults go on (2)
--seed S      any text; the same seed draws the same faults and the same work. When exactly what meets what is up to
              the machine, so a seed makes a failure likely to come again, not certain. Without one a new one is drawn.
--only KINDS  some of ${KINDS.join(', ')},
              or chain-loss, which is not drawn otherwise: the chain forgets its last seconds
--embedded    the embedded database and files as blocks, even where the real services are there
--json        one JSON document on stdout; the lines go to stderr

PostgreSQL's own programs, Kubo (GRANARY_TEST_IPFS names the binary, or it is on the PATH) and root for a small disk are
used where they are there; what is missing is embedded, or left out and said so. Exit code 0 when all holds, 1 when
something does not, 2 when it was asked wrongly.`
const ROOT = fileURLToPath(new URL('..', import.meta.url))

const asked = () => {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', short: 'h' },
      minutes: { type: 'string', default: '2' },
      seed: { type: 'string' },
      only: { type: 'string' },
      embedded: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  const minutes = Number(values.minutes)
  if (!(minutes >= 0.1 && minutes <= 10_000))
    throw new Error(`--minutes ${values.minutes}: say how many, 0.1 or more`)
  const kinds = values.only === undefined ? KINDS : values.only.split(',').map((kind) => kind.trim())
  const unknown = kinds.filter((kind) => ![...KINDS, 'chain-loss'].includes(kind))
  if (unknown.length > 0) throw new Error(`--only ${unknown.join(',')}: choose from ${KINDS.join(', ')}`)
  const seed = values.seed ?? randomBytes(4).toString('hex')
  if (seed === '') throw new Error('--seed: say one, or leave it out')
  const { embedded, json } = values
  return { seed, minutes, kinds, embedded, json }
}

let wish
try {
  wish = asked()
} catch (error) {
  console.error(`${error.message}\n\n${HELP}`)
  process.exit(2)
}
if (!wish) {
  console.log(HELP)
  process.exit(0)
}
const say = wish.json ? console.error : console.log
say(`seed ${wish.seed}`)
const built = spawnSync(process.execPath, ['scripts/build.mjs'], {
  cwd: ROOT,
  stdio: ['ignore', wish.json ? 2 : 'inherit', 'inherit'],
})
if (built.status !== 0) process.exit(1)
const { NODE_OPTIONS: _, ...env } = process.env
const args = ['--import', './bench/typescript.mjs', 'test/faults/main.ts', JSON.stringify(wish)]
const run = spawn(process.execPath, args, { cwd: ROOT, env, stdio: 'inherit' })
// Ctrl-C reaches it by itself; a SIGTERM to this one does not.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => signal === 'SIGTERM' && run.kill(signal))
run.once('exit', (code) => process.exit(code ?? 1))
