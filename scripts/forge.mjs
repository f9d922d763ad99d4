// Where forge is: the platform package's own binary. Not `.bin/forge`, a wrapper that ends with 0 whatever happens, so
// that failing tests and compilations would pass unnoticed.
//
//   node scripts/forge.mjs test --root contracts     runs it and ends as it ended
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const ARCHITECTURES = { x64: 'amd64', arm64: 'arm64' }

/** The path of forge for this platform. Throws if its package is not installed. */
export function forgeBinary() {
  const name = `@foundry-rs/forge-${process.platform}-${ARCHITECTURES[process.arch] ?? process.arch}`
  const file = process.platform === 'win32' ? 'forge.exe' : 'forge'
  try {
    return createRequire(import.meta.url).resolve(`${name}/bin/${file}`)
  } catch {
    throw new Error(`${name} is not installed: run npm ci`)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { status } = spawnSync(forgeBinary(), process.argv.slice(2), { stdio: 'inherit' })
  process.exit(status ?? 1)
}
