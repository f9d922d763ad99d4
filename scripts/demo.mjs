// `npm run demo`: builds what changed, then tells the whole story on a fresh network in a temporary folder.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const inRoot = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const built = spawnSync(process.execPath, [inRoot('scripts/build.mjs')], { stdio: 'inherit' })
if (built.status !== 0) process.exit(built.status ?? 1)
await import(new URL('../apps/cli/dist/demo/main.js', import.meta.url).href)
