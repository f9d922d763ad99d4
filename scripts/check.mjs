// `npm run check`: everything that can be said of the code without running it.
//
// Lock file complete, format and lint, types of every workspace and of the tests, who may import whom, generated ABIs
// in step with the contracts. Each check runs even when one before it failed; the exit code tells.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const root = new URL('..', import.meta.url).pathname
const node = process.execPath
const bin = (name) => join(root, 'node_modules', '.bin', name)
const tsc = (folder) => [`types of ${folder}`, node, ['node_modules/typescript-native/bin/tsc', '-p', folder]]

const CHECKS = [
  ['lock file', node, ['scripts/complete-lock.mjs', '--check']],
  ['build', node, ['scripts/build.mjs']],
  ['format and lint', bin('biome'), ['check', '--error-on-warnings', '.']],
  [
    'who imports whom',
    bin('depcruise'),
    ['libs', 'apps', '--config', '.dependency-cruiser.cjs', '--output-type', 'err'],
  ],
  ['generated ABIs', node, ['scripts/abi.mjs', '--check']],
  ...[
    'libs/protocol',
    'libs/sealing',
    'libs/sdk',
    'libs/operation',
    'apps/custodian',
    'apps/api',
    'apps/cli',
    'apps/web',
    'test',
    'bench',
  ].map(tsc),
]

let failed = 0
async function check([what, command, args]) {
  const started = Date.now()
  let said = ''
  const child = spawn(command, args, { cwd: root })
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said += chunk
    })
  const ok = await once(child, 'close').then(
    ([status]) => status === 0,
    (error) => {
      said += error.message
      return false
    },
  )
  console.error(`${ok ? 'ok  ' : 'FAIL'} ${what} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
  if (ok) return
  failed += 1
  process.stderr.write(`${said}\n`)
}

async function takeTurns(waiting) {
  for (let next = waiting.shift(); next; next = waiting.shift()) await check(next)
}

// What is built is looked at afterwards, two checks at a time.
const first = CHECKS.splice(0, CHECKS.findIndex(([what]) => what === 'build') + 1)
await takeTurns(first)
await Promise.all([takeTurns(CHECKS), takeTurns(CHECKS)])
process.exit(failed > 0 ? 1 : 0)
