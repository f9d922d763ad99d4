// `npm run check`: everything that can be said of the code without running it.
//
// Lock file complete, format and lint, types of every workspace and of the tests, who may import whom, generated ABIs
// in step with the contracts. Each check runs even when one before it failed; the exit code tells.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = new URL('..', import.meta.url).pathname
const node = process.execPath
const bin = (name) => join(root, 'node_modules', '.bin', name)
const tsc = (folder) => [`types of ${folder}`, node, ['node_modules/typescript/bin/tsc', '-p', folder]]

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
for (const [what, command, args] of CHECKS) {
  const started = Date.now()
  const done = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 27 })
  const ok = done.status === 0
  console.error(`${ok ? 'ok  ' : 'FAIL'} ${what} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
  if (ok) continue
  failed += 1
  process.stderr.write(`${done.stdout ?? ''}${done.stderr ?? ''}${done.error?.message ?? ''}\n`)
}
process.exit(failed > 0 ? 1 : 0)
