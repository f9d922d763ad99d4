// `npm run bench`: how fast Granary is, beside a peer or a limit of the same run. Absolute figures are the machine's;
// only the ratios travel. Takes three to five minutes on two cores.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const HELP = `npm run bench -- [part …] [--json] [--mebibytes N] [--rounds N]

parts (all by default)
  node       sealing and opening in Node, and the whole pipeline with the CID
  chromium   sealing and opening in Chromium
  upload     a sealed file of eight times --mebibytes through the API, beside Kubo's own add (KUBO_URL) or a copy
  custody    gas of each contract call; releases a second of a custodian
  loop       round trip of a 1 MB file on the embedded network

--json         one JSON document on stdout, nothing else
--mebibytes N  plaintext of one sealing (128)
--rounds N     rounds of which the median is taken (5)

Figures are medians of interleaved rounds. Exit code 1 when a part cannot be measured or a contribution in a batch of
100 costs 38,000 gas or more; a missed target of speed is printed, for it may be the machine's.`
const PARTS = ['node', 'chromium', 'upload', 'custody', 'loop']
const ROOT = fileURLToPath(new URL('..', import.meta.url))

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: 'boolean', short: 'h' },
    json: { type: 'boolean' },
    mebibytes: { type: 'string', default: '128' },
    rounds: { type: 'string', default: '5' },
  },
})
if (values.help) {
  console.log(HELP)
  process.exit(0)
}
const [mebibytes, rounds] = [values.mebibytes, values.rounds].map(Number)
const wanted = positionals.length === 0 ? PARTS : positionals
const unknown = wanted.filter((part) => !PARTS.includes(part))
if (unknown.length > 0 || !(mebibytes >= 1) || !(rounds >= 1)) {
  console.error(`${unknown.length > 0 ? `no such part: ${unknown.join(', ')}\n\n` : ''}${HELP}`)
  process.exit(1)
}

const built = spawnSync(process.execPath, ['scripts/build.mjs'], {
  cwd: ROOT,
  stdio: ['ignore', values.json ? 'ignore' : 'inherit', 'inherit'],
})
if (built.status !== 0 || !existsSync(new URL('../libs/sealing/dist/index.js', import.meta.url)))
  process.exit(1)

const { custodyReport, loopReport, sealingReport, uploadReport } = await import('../bench/reports.js')

/** Runs one part in a process of its own, as it was started, and reads the JSON that it prints. */
async function measured(...args) {
  const child = spawn(process.execPath, args.map(String), { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    text += chunk
  })
  const code = await new Promise((done) => child.once('close', done))
  if (code !== 0) throw new Error(`it ended with ${code}`)
  return JSON.parse(text)
}

const sealing = async (part, place) => {
  const { version, speeds } = await measured('bench/part.mjs', part, mebibytes, rounds)
  return sealingReport(`${place} ${version}`, speeds)
}
const MEASURE = {
  node: () => sealing('node', 'Node'),
  chromium: () => sealing('chromium', 'Chromium'),
  custody: async () =>
    custodyReport(
      await measured('--import', './bench/typescript.mjs', 'bench/custody.ts', 64, Math.min(rounds, 3)),
    ),
  upload: async () => uploadReport(await measured('bench/part.mjs', 'upload', mebibytes, rounds)),
  loop: async () => loopReport(await measured('bench/part.mjs', 'loop', mebibytes, rounds)),
}

const say = values.json ? () => {} : console.log
const started = performance.now()
const document = {
  machine: {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    load: loadavg()[0],
    node: process.version,
  },
  mebibytes,
  rounds,
}
say(`${document.machine.cores} × ${document.machine.cpu}, load ${document.machine.load.toFixed(1)}`)
say(`Medians of ${rounds} interleaved rounds. Absolute figures are this machine's; the ratios travel.`)
let failed = false
for (const part of PARTS.filter((name) => wanted.includes(name)))
  try {
    const { lines, failure, ...report } = await MEASURE[part]()
    document[part] = report
    say(`\n${lines.join('\n')}`)
    if (failure) throw new Error(failure)
  } catch (error) {
    failed = true
    console.error(`${part}: ${error.message}`)
  }
document.seconds = (performance.now() - started) / 1000
if (values.json) console.log(JSON.stringify(document, null, 2))
else say(`\n${document.seconds.toFixed(0)} s in all`)
process.exit(failed ? 1 : 0)
