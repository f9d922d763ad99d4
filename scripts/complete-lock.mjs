// Adds to package-lock.json the optional packages of other platforms which npm left out.
//
// npm leaves an optional dependency out of the lock where the registry at hand does not carry it, and `npm ci` on
// another platform then refuses the lock ("Missing: ... from lock file"). Run after every `npm install`; `--check`
// only tells. Each entry added carries what its name says about the platform, so npm skips it elsewhere.
import { readFileSync, writeFileSync } from 'node:fs'

const file = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(file, 'utf8'))
const OSES = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
]
const CPUS = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64', 'wasm32']
const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/

/** What a package's name says of the systems it is for: {os?, cpu?}, as npm writes them. */
function platformOf(name) {
  const words = name.replace(/amd64/g, 'x64').split(/[-/]/)
  const os = words.find((word) => OSES.includes(word))
  const cpu = words.find((word) => CPUS.includes(word) || /^(arm|wasm32)/.test(word))
  return {
    ...(os ? { os: [os] } : {}),
    ...(cpu ? { cpu: [CPUS.includes(cpu) ? cpu : cpu.replace(/^(arm|wasm32).*/, '$1')] } : {}),
  }
}

let added = 0
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const places = [`${path}/node_modules/${name}`, `node_modules/${name}`]
    if (!EXACT.test(version) || places.some((place) => lock.packages[place.replace(/^\//, '')])) continue
    lock.packages[`node_modules/${name}`] = { version, optional: true, ...platformOf(name) }
    added += 1
  }
}
if (process.argv.includes('--check')) {
  if (added > 0) {
    console.error(
      `package-lock.json lacks ${added} optional packages of other platforms: run \`npm run lock\``,
    )
    process.exit(1)
  }
} else {
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)))
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
  console.error(`package-lock.json: ${added} optional packages added`)
}
