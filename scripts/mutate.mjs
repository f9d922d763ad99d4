// `npm run mutate`: changes the contracts one small thing at a time and expects the tests to notice.
//
//   --file NAME    only the contracts whose path has NAME in it; may be given again (default: all of contracts/src but
//                  its interfaces and the test token)
//   --minutes N    stops after that time (default 30)
//   --seed N       the order in which mutants come, when not all of them fit in the time (default 1)
//   --workers N    so many mutants at a time (default 2)
//   --list         only prints the mutants
//
// Works on copies in folders for temporary files. Each mutant meets all tests but the invariant suites first; only who
// survives these meets the invariants. The optimizer is off, for speed, and so are the tests of gas. A mutant that does
// not compile does not count. Prints every survivor. Exit code 1 if there is one that contracts/MUTATION.md does not
// explain (by file and changed line).
import { spawn } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { forgeBinary } from './forge.mjs'
import { compiled } from './mutants/compile.mjs'
import { mutantsOf } from './mutants/operators.mjs'

const root = new URL('..', import.meta.url).pathname
const LEFT_OUT = /^interfaces\/|^TestToken\.sol$/
const SETTINGS = {
  FOUNDRY_OPTIMIZER: 'false',
  FOUNDRY_FUZZ_SEED: '0x1',
  FOUNDRY_FUZZ_RUNS: '64',
  NO_COLOR: '1',
}
const OWN = ['test', '--fail-fast', '--no-match-test', '_gets_its_gas_', '--match-path']
const UNITS = [
  'test',
  '--fail-fast',
  '--no-match-test',
  '_gets_its_gas_',
  '--no-match-path',
  '{test/invariants/*,*.gas.t.sol}',
]
const INVARIANTS = ['test', '--fail-fast', '--match-path', 'test/invariants/*']
const TIMEOUT_MS = 300_000

const { values: options } = parseArgs({
  options: {
    file: { type: 'string', multiple: true, default: [] },
    minutes: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: '2' },
    list: { type: 'boolean', default: false },
  },
})

/** The same order for the same seed (xorshift32). */
function shuffled(items, seed) {
  let state = seed | 0 || 1
  const next = () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
  return items
    .map((item) => ({ item, key: next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item)
}

/** A copy of what forge needs, with links for what is only read. */
function copied() {
  const folder = mkdtempSync(join(tmpdir(), 'granary-mutants-'))
  const wanted = (path) => !/\/contracts\/(out|cache)(\/|$)/.test(path)
  cpSync(join(root, 'contracts'), join(folder, 'contracts'), {
    recursive: true,
    verbatimSymlinks: true,
    filter: wanted,
  })
  for (const part of ['node_modules', 'scripts']) symlinkSync(join(root, part), join(folder, part))
  mkdirSync(join(folder, 'test'))
  symlinkSync(join(root, 'test/vectors'), join(folder, 'test/vectors'))
  return folder
}

const running = new Set()

/** Runs forge in the copy. Who makes it take too long is killed too. */
function forge(folder, args) {
  return new Promise((resolve) => {
    const child = spawn(forgeBinary(), [...args, '--root', 'contracts'], {
      cwd: folder,
      env: { ...process.env, ...SETTINGS },
      timeout: TIMEOUT_MS,
      killSignal: 'SIGKILL',
    })
    let said = ''
    running.add(child)
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said += data))
    child.on('close', (code) => {
      running.delete(child)
      if (said.includes('No tests found')) throw new Error(`${args.join(' ')}: no tests`)
      if (code === 0) resolve('survived')
      else resolve(said.includes('Compiler run failed') ? 'invalid' : 'killed')
    })
  })
}

/** The contract's own tests first: most mutants go no further. */
async function tested(folder, name) {
  const stem = basename(name, '.sol')
  const isTested = readdirSync(join(root, 'contracts/test')).some((file) => file.startsWith(`${stem}.`))
  for (const stage of [...(isTested ? [[...OWN, `test/${stem}.*`]] : []), UNITS, INVARIANTS]) {
    const found = await forge(folder, stage)
    if (found !== 'survived') return found
  }
  return 'survived'
}

/** Puts a mutant in its place, tests it, and takes it out again. */
async function verdict(folder, { name, source, start, end, text }) {
  const bytes = Buffer.from(source)
  const changed = `${bytes.subarray(0, start)}${text}${bytes.subarray(end)}`
  if (name.startsWith('libraries/') || name === 'GranaryDomain.sol') {
    const place = join(folder, 'contracts/src', name)
    writeFileSync(place, changed)
    const found = await tested(folder, name)
    writeFileSync(place, source)
    return found
  }
  // The tests deploy what is in the artifact (dynamic_test_linking), so that is where a contract is exchanged.
  const code = compiled(join(folder, 'contracts'), name, changed)
  if (code === null) return 'invalid'
  const place = join(folder, 'contracts/out', name, name.replace('.sol', '.json'))
  const artifact = readFileSync(place, 'utf8')
  const { bytecode, deployedBytecode, ...rest } = JSON.parse(artifact)
  const exchanged = {
    ...rest,
    bytecode: { ...bytecode, object: code.bytecode },
    deployedBytecode: { ...deployedBytecode, object: code.deployedBytecode },
  }
  writeFileSync(place, JSON.stringify(exchanged))
  const found = await tested(folder, name)
  writeFileSync(place, artifact)
  return found === 'survived' ? confirmed(folder, name, { source, changed }) : found
}

/** A survivor once more, built by forge from its source: an artifact that forge made anew meanwhile tells nothing. */
async function confirmed(folder, name, { source, changed }) {
  const place = join(folder, 'contracts/src', name)
  writeFileSync(place, changed)
  const found = await tested(folder, name)
  writeFileSync(place, source)
  await forge(folder, ['build'])
  return found
}

const sources = readdirSync(join(root, 'contracts/src'), { recursive: true })
  .filter((name) => name.endsWith('.sol') && !LEFT_OUT.test(name))
  .filter((name) => options.file.length === 0 || options.file.some((part) => name.includes(part)))
  .sort()
const mutants = sources.flatMap((name) => {
  const source = readFileSync(join(root, 'contracts/src', name), 'utf8')
  return mutantsOf(name, source).map((mutant) => ({ name, source, ...mutant }))
})
const titleOf = ({ name, was, becomes }) => `${name}: \`${was}\` → \`${becomes}\``
if (options.list) {
  for (const mutant of mutants) console.log(`line ${mutant.line} of ${titleOf(mutant)}`)
  console.log(`${mutants.length} mutants`)
  process.exit(0)
}

const explained = readFileSync(join(root, 'contracts/MUTATION.md'), 'utf8')
const until = Date.now() + Number(options.minutes) * 60_000
const queue = shuffled(mutants, Number(options.seed))
const counts = { killed: 0, survived: 0, invalid: 0 }
let unexplained = 0
const folders = []
const cleanUp = () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
}
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    for (const child of running) child.kill('SIGKILL')
    cleanUp()
    process.exit(1)
  })
}

async function worker() {
  const folder = copied()
  folders.push(folder)
  if ((await tested(folder, 'RewardPool.sol')) !== 'survived')
    throw new Error('the tests fail without any mutant')
  for (let mutant = queue.shift(); mutant && Date.now() < until; mutant = queue.shift()) {
    const found = await verdict(folder, mutant)
    counts[found] += 1
    if (found !== 'survived') continue
    const known = explained.includes(titleOf(mutant))
    if (!known) unexplained += 1
    console.log(`survived${known ? ' (explained)' : ''}: line ${mutant.line} of ${titleOf(mutant)}`)
  }
}

try {
  await Promise.all(Array.from({ length: Number(options.workers) }, worker))
} finally {
  cleanUp()
}
const tried = counts.killed + counts.survived + counts.invalid
console.log(
  `${mutants.length} mutants, ${tried} tried: ${counts.killed} killed, ${counts.survived} survived, ${counts.invalid} did not compile`,
)
console.log(`${unexplained} survivors without an explanation`)
process.exit(unexplained > 0 ? 1 : 0)
