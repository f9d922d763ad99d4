// `npm run audit`: what the packages that ship bring along. Four looks, each with a line that says how it went:
//
//   licences           permissive ones only, of every package that the lock file has for production
//   install scripts    only packages of the list below may bring one
//   vulnerabilities    what `npm audit` knows of
//   signatures         what `npm audit signatures` says of the registry's signatures
//
// The last two ask the registry. One that does not answer such questions makes no finding and no pass: the line says
// "not checked", and with GRANARY_REQUIRE_AUDIT=1 that is a failure.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = new URL('..', import.meta.url).pathname
const PERMISSIVE = new Set([
  ...['MIT', 'MIT-0', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0'],
  ...['CC0-1.0', 'Unlicense', 'Python-2.0', 'CC-BY-4.0', 'Zlib', 'WTFPL', 'PostgreSQL'],
])
/** Whose package.json says nothing or something else, and what their licence file says. */
const LICENCE_FILES = { 'combine-errors': 'MIT', '@visx/vendor': 'MIT AND ISC' }
/** Packages that run a program when they are installed, and why they may. Nothing else may, not even for development. */
const INSTALL_SCRIPTS = {
  '@foundry-rs/anvil': 'looks whether the package of this platform is there',
  '@foundry-rs/forge': 'looks whether the package of this platform is there',
  '@parcel/watcher': 'builds its addon where no package of the platform is there',
  '@prisma/engines': 'looks for engines, none of which is used here',
  '@scarf/scarf': 'counts installations; `scarfSettings` in package.json turns it off',
  '@swc/core': 'fetches its WebAssembly build where no package of the platform is there',
  prisma: 'looks whether this Node is new enough',
}

const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
const packages = Object.entries(lock.packages)
  .filter(([path, { link }]) => path.includes('node_modules/') && !link)
  .map(([path, entry]) => ({ path, name: path.split('node_modules/').pop(), ...entry }))
const shipped = packages.filter(({ dev, devOptional }) => !dev && !devOptional)

let failed = 0
function report(what, faults, passed) {
  for (const fault of faults) console.error(`  ${fault}`)
  console.log(
    `${faults.length > 0 ? 'FAIL' : 'ok  '} ${what}: ${faults.length > 0 ? `${faults.length} faults` : passed}`,
  )
  if (faults.length > 0) failed += 1
}

function notChecked(what, why) {
  const isNeeded = process.env.GRANARY_REQUIRE_AUDIT === '1'
  console.log(`${isNeeded ? 'FAIL' : '--  '} ${what}: not checked: ${why}`)
  if (isNeeded) failed += 1
}

/** Whether an SPDX expression leaves a permissive choice. */
function isPermissive(expression) {
  const text = expression.replace(/[()]/g, ' ').trim()
  if (/ AND /.test(text)) return text.split(/ AND /).every((part) => isPermissive(part))
  return text.split(/ OR /).some((part) => PERMISSIVE.has(part.trim()))
}

/** What the installed package says, else what the lock file copied; a package of another platform has only the latter. */
function licenceOf({ path, name, license }) {
  if (LICENCE_FILES[name]) return LICENCE_FILES[name]
  const file = join(root, path, 'package.json')
  const own = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
  const said = own.license ?? own.licenses ?? license
  const one = Array.isArray(said) ? said.map((each) => each.type ?? each).join(' OR ') : said
  return typeof one === 'object' ? one?.type : one
}

function licences() {
  const here = shipped.filter(({ path, license }) => license || existsSync(join(root, path, 'package.json')))
  const faults = here
    .map((each) => ({ ...each, said: licenceOf(each) }))
    .filter(({ said }) => !said || !isPermissive(said))
    .map(({ name, version, said }) => `${name}@${version}: ${said ?? 'no licence'}`)
  report('licences', faults, `${here.length} packages that ship, all permissive`)
  const elsewhere = shipped.length - here.length
  if (elsewhere > 0) notChecked('licences of other platforms', `${elsewhere} packages are not installed here`)
}

function installScripts() {
  const found = packages.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name)
  const unknown = [...new Set(found)].filter((name) => !(name in INSTALL_SCRIPTS))
  const gone = Object.keys(INSTALL_SCRIPTS).filter((name) => !found.includes(name))
  const faults = [
    ...unknown.map((name) => `${name} runs a program when it is installed`),
    ...gone.map((name) => `${name} is on the list and runs none`),
  ]
  report('install scripts', faults, `${found.length} packages have one, all on the list`)
}

/** A registry that does not answer is not asked again and again. */
const ONCE = ['--fetch-retries=0', '--fetch-timeout=20000']
const npm = (...args) =>
  spawnSync('npm', [...args, ...ONCE], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 })

function json(text) {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Why npm has no answer; not whom it asked: that is nobody's business who reads a log. */
function reason(answer) {
  const { statusCode, error } = answer ?? {}
  return `the registry does not answer this (${statusCode ?? error?.code ?? 'no connection'})`
}

function vulnerabilities() {
  const answer = json(npm('audit', '--omit=dev', '--json').stdout)
  if (!answer?.metadata) {
    return notChecked('vulnerabilities', reason(answer))
  }
  const faults = Object.values(answer.vulnerabilities)
    .filter(({ severity }) => severity !== 'info')
    .map(({ name, severity, range }) => `${name} ${range}: ${severity}`)
  report('vulnerabilities', faults, `none known in ${answer.metadata.dependencies.prod} packages`)
}

function signatures() {
  const answer = json(npm('audit', 'signatures', '--json').stdout)
  if (!answer?.invalid) {
    return notChecked('signatures', reason(answer))
  }
  const faults = answer.invalid.map(({ name, version }) => `${name}@${version}: the signature is wrong`)
  report('signatures', faults, `none wrong, ${answer.missing?.length ?? 0} without one`)
}

licences()
installScripts()
vulnerabilities()
signatures()
process.exit(failed > 0 ? 1 : 0)
