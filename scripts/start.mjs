// `npm start`: builds what changed, then runs the embedded network (`granary up`) in this very process, so that
// Ctrl-C has one program to reach.
//
//   npm start [-- --data DIR --port N]
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const inRoot = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Granary needs Node.js 20.19 or later; this is ${process.versions.node}.`)
  process.exit(1)
}
const built = spawnSync(process.execPath, [inRoot('scripts/build.mjs')], { stdio: 'inherit' })
if (built.status !== 0) process.exit(built.status ?? 1)

/** npm takes options that stand before `--` for its own: `--data DIR` comes as a bare word and a variable. */
function options() {
  const given = process.argv.slice(2)
  if (given.some((word) => word.startsWith('-'))) return given
  const words = [...given]
  return ['port', 'data'].flatMap((name) => {
    const value = process.env[`npm_config_${name}`]
    if (value === undefined || value === '') return []
    if (value !== 'true') return [`--${name}`, value]
    const at = name === 'port' ? words.findIndex((word) => /^\d+$/.test(word)) : 0
    return [`--${name}`, ...words.splice(at < 0 ? words.length : at, 1)]
  })
}

const { main } = await import(new URL('../apps/cli/dist/main.js', import.meta.url).href)
await main([process.execPath, inRoot('apps/cli/bin/granary.js'), 'up', ...options()])
