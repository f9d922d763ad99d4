// `npm run release:web`: builds the web app anew and prints the CID of its folder, which goes into the release notes.
//
//   npm run release:web -- [--out DIR]     default: release
//
// DIR/web is exactly what is hashed: `ipfs add -r --cid-version 1 --raw-leaves DIR/web` gives the same CID. Beside it
// DIR/web.json names it and every file, for `granary verify-web --release`. Two builds of the same sources on any machine
// give the same bytes, so anybody can do this again.

import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { webFiles } from './web-build.mjs'

const root = join(import.meta.dirname, '..')
const usage =
  'npm run release:web -- [--out DIR]   builds the web app anew into DIR/web (default: release) and prints its CID'
let options
try {
  options = parseArgs({
    options: { out: { type: 'string', default: 'release' }, help: { type: 'boolean' } },
  }).values
} catch (error) {
  console.error(`${error.message}\n${usage}`)
  process.exit(2)
}
if (options.help) {
  console.log(usage)
  process.exit(0)
}
const out = resolve(options.out)
if (existsSync(join(out, 'web'))) {
  console.error(`release:web: ${join(out, 'web')} exists already; remove it or choose another folder`)
  process.exit(1)
}
for (const names of [['protocol'], ['web', '--all']]) {
  const done = spawnSync(process.execPath, [join(root, 'scripts/build.mjs'), ...names], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (done.status !== 0) process.exit(1)
}
const built = join(root, 'apps/web/dist')
for (const { path } of webFiles(built)) cpSync(join(built, path), join(out, 'web', path))
mkdirSync(out, { recursive: true })
const manifest = readFileSync(join(built, 'build.json'), 'utf8')
writeFileSync(join(out, 'web.json'), manifest)
const { cid, files } = JSON.parse(manifest)
console.error(
  `${files.length} files, ${files.reduce((sum, { size }) => sum + size, 0)} bytes in ${join(out, 'web')}`,
)
console.log(cid)
