// `npm run slither`: static analysis of the contracts. Fails on a finding that contracts/SLITHER.md does not answer, and on
// an answer to a finding that is gone.
//
//   --list     prints what was found, as the table's first column has it
//
// A finding is known by its detector and its place (contract and function, event or variable), not by its line. Slither is
// installed with pip on the first run (python.mjs).
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { forgeBinary } from './forge.mjs'
import { pythonProgram } from './python.mjs'

const PACKAGES = ['slither-analyzer==0.11.6', 'crytic-compile==0.4.2']
const root = new URL('..', import.meta.url).pathname
const slither = () => pythonProgram(PACKAGES[0].replace('==', '-'), 'slither', [PACKAGES])

function run(command, args, extra = {}) {
  const done = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28, ...extra })
  if (done.error) throw done.error
  return done
}

/** `detector: Contract.function`, for what slither calls elements; a variable follows its function after a dot. */
function titleOf({ check, elements }) {
  const names = []
  for (let at = elements[0]; at; at = at.type_specific_fields?.parent) {
    if (['contract', 'function', 'event', 'variable'].includes(at.type)) names.unshift(at.name)
  }
  const others = elements.slice(1).map(({ name }) => name)
  // One function may have two external calls in loops: what is called tells them apart.
  return `${check}: ${names.join('.')}${check === 'calls-loop' ? ` (${others.at(-1) ?? ''})` : ''}`
}

/** What slither finds in contracts/src, each title once. */
function findings() {
  const scratch = mkdtempSync(join(tmpdir(), 'granary-slither-'))
  const report = join(scratch, 'report.json')
  const env = {
    ...process.env,
    PATH: `${dirname(forgeBinary())}${delimiter}${process.env.PATH}`,
    FOUNDRY_OUT: join(scratch, 'out'),
    FOUNDRY_CACHE_PATH: join(scratch, 'cache'),
    FOUNDRY_OPTIMIZER: 'false',
  }
  const options = ['--exclude-dependencies', '--filter-paths', '(^|/)(lib|test|node_modules)/']
  const out = ['--json', report, '--foundry-out-directory', env.FOUNDRY_OUT]
  try {
    const { stdout, stderr } = run(slither(), ['.', ...options, ...out], {
      cwd: join(root, 'contracts'),
      env,
    })
    if (!existsSync(report)) throw new Error(`slither did not run: ${stdout}${stderr}`)
    const { success, error, results } = JSON.parse(readFileSync(report, 'utf8'))
    if (!success) throw new Error(error)
    return [...new Set((results.detectors ?? []).map(titleOf))].sort()
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

const found = findings()
if (process.argv.includes('--list')) {
  console.log(found.join('\n'))
  process.exit(0)
}
const page = readFileSync(join(root, 'contracts/SLITHER.md'), 'utf8')
const answered = [...page.matchAll(/^\| `([^`]+)` \| (.+) \|$/gm)].map(([, title]) => title)
const open = found.filter((title) => !answered.includes(title))
const gone = answered.filter((title) => !found.includes(title))
for (const title of open) console.error(`not answered: ${title}`)
for (const title of gone) console.error(`answered, but no longer found: ${title}`)
console.log(
  `slither: ${found.length} findings, ${open.length} without an answer, ${gone.length} answers too many`,
)
process.exit(open.length + gone.length > 0 ? 1 : 0)
