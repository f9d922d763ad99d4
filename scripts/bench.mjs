// `npm run bench`: speed beside a peer or a physical limit in the same run, as a ratio. Sealing and opening in Node and
// in Chromium, and the gas of a contribution beside the one storage slot that it cannot do without.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { forgeBinary } from './forge.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const SLOT_GAS = 22_100 // a cold slot written for the first time (EIP-2929, EIP-3529)
let failed = false

function node(title, ...args) {
  console.log(`\n${title}`)
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
  failed ||= status !== 0
}

function gas() {
  console.log('\nGas of a contribution in a batch of 100, signature check and calldata counted')
  const args = ['test', '--root', 'contracts', '--match-path', '*Contribute.gas*', '-vv']
  const done = spawnSync(forgeBinary(), args, { cwd: root, encoding: 'utf8' })
  const each = Number(/gas of a contribution in a batch of 100: (\d+)/.exec(done.stdout)?.[1])
  if (done.status !== 0 || !each) {
    process.stderr.write(`${done.stdout}${done.stderr}`)
    failed = true
    return
  }
  console.log(`  ${each.toLocaleString('en')}, ${(each / SLOT_GAS).toFixed(2)} times the slot that it writes`)
}

const built = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' })
if (built.status !== 0) process.exit(1)
node('Sealing and opening in Node', 'libs/sealing/bench/sealing.mjs')
node('Sealing and opening in Chromium', 'libs/sealing/bench/browser.mjs')
gas()
process.exit(failed ? 1 : 0)
