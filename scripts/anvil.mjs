// Puts anvil's own binary of this platform at the path that is named: for an image that has nothing of npm in it.
//
//   node scripts/anvil.mjs PATH
import { copyFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const [path] = process.argv.slice(2)
if (!path) {
  console.error('name the path that it is copied to')
  process.exit(2)
}
const arch = { x64: 'amd64', arm64: 'arm64' }[process.arch] ?? process.arch
copyFileSync(
  createRequire(import.meta.url).resolve(`@foundry-rs/anvil-${process.platform}-${arch}/bin/anvil`),
  path,
)
