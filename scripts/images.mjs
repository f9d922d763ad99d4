// `npm run images`: what the Dockerfile does, without Docker. Each target's COPY and `npm ci` steps are taken in a folder
// of its own, its program is started there with nothing of this repository in reach, and the sizes are printed, beside
// that of one image with everything.
//
// The build stage is this repository as it stands: run `npm run build` first.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'

const root = join(import.meta.dirname, '..')
const home = mkdtempSync(join(tmpdir(), 'granary-images-'))
process.on('exit', () => rmSync(home, { recursive: true, force: true }))

const NOBODYS_KEY = `0x${'11'.repeat(32)}`

/** How each program shows that it has what it needs, and what it says then. */
const TRIALS = {
  api: [
    { args: ['apps/api/dist/main.js'], says: /the configuration is not usable[\s\S]*DATABASE_URL/ },
    { args: ['apps/api/dist/migrate.js'], says: /the configuration is not usable[\s\S]*DATABASE_URL/ },
  ],
  custodian: [
    { args: ['apps/custodian/dist/main.js'], says: /the configuration is not usable[\s\S]*RPC_URLS/ },
  ],
  cli: [
    { args: ['apps/cli/bin/granary.js', '--help'], says: /Seal your data/ },
    { args: ['apps/cli/bin/granary.js', 'keygen', '--out', 'key.age', '--json'], says: /"recipient"/ },
    {
      args: ['apps/cli/bin/granary.js', 'deploy', '--rpc', 'http://127.0.0.1:9', '--out', 'x.json', '--json'],
      says: /CHAIN_UNREACHABLE/,
    },
  ],
}

/** The stages of the Dockerfile in their order: what each starts from and its instructions. */
export function stagesOf(text) {
  const stages = new Map()
  let stage
  for (const line of text
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')) {
    const [word, ...rest] = line.trim().split(/\s+/)
    if (word === 'FROM') {
      stage = { name: rest[2], from: rest[0], steps: [] }
      stages.set(stage.name, stage)
    } else if (stage && word) stage.steps.push({ word, rest })
  }
  return stages
}

function run(command, args, options) {
  const done = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 27, ...options })
  return { status: done.status, said: `${done.stdout ?? ''}${done.stderr ?? ''}${done.error?.message ?? ''}` }
}

const made = new Map()
function make(stages, name) {
  if (made.has(name)) return made.get(name)
  const { from, steps } = stages.get(name)
  const folder = join(home, name)
  mkdirSync(folder)
  if (stages.has(from) && from !== 'program') cpSync(make(stages, from), folder, { recursive: true })
  for (const { word, rest } of steps) {
    if (word === 'COPY') copy(stages, rest, folder)
    if (word === 'RUN' && rest[0] === 'npm') {
      const env = {
        ...process.env,
        npm_config_audit: 'false',
        npm_config_fund: 'false',
        npm_config_loglevel: 'error',
      }
      const { status, said } = run('sh', ['-c', rest.join(' ')], { cwd: folder, env })
      if (status !== 0) throw new Error(`${name}: ${rest.join(' ')}\n${said}`)
    }
  }
  made.set(name, folder)
  return folder
}

function copy(stages, words, folder) {
  const [flag] = words.filter((word) => word.startsWith('--from='))
  const paths = words.filter((word) => !word.startsWith('--'))
  const to = paths.pop()
  const stage = flag?.slice('--from='.length)
  for (const path of paths) {
    const from = !stage
      ? join(root, path)
      : join(stage === 'build' ? root : make(stages, stage), path.replace(/^\/granary\/?/, ''))
    if (!existsSync(from)) throw new Error(`there is no ${path}${stage ? ` in ${stage}` : ''}`)
    // As COPY has it: a file goes into a folder, a folder's content into one of the other name.
    const target =
      statSync(from).isFile() && to.endsWith('/') ? join(folder, to, basename(path)) : join(folder, to)
    mkdirSync(dirname(target), { recursive: true })
    cpSync(from, target, { recursive: true, verbatimSymlinks: true })
  }
}

const bytes = (folder) => Number(run('du', ['-sb', folder]).said.split('\t')[0])
const mb = (size) => `${(size / 1e6).toFixed(0).padStart(5)} MB`

const stages = stagesOf(readFileSync(join(root, 'Dockerfile'), 'utf8'))
let failed = 0
const sizes = []
for (const [name, trials] of Object.entries(TRIALS)) {
  const folder = make(stages, name)
  sizes.push([name, bytes(folder)])
  for (const { args, says } of trials) {
    const env = {
      PATH: process.env.PATH,
      HOME: folder,
      NODE_ENV: 'production',
      GRANARY_PRIVATE_KEY: NOBODYS_KEY,
    }
    const { said } = run(process.execPath, args, { cwd: folder, env, timeout: 60_000 })
    const ok = says.test(said)
    if (!ok) failed += 1
    console.error(`${ok ? 'ok  ' : 'FAIL'} ${name}: ${args.join(' ')}${ok ? '' : `\n${said}`}`)
  }
  for (const tool of ['typescript', '@swc', 'vite', 'jest', 'solc', '@foundry-rs', 'prisma', '@biomejs'])
    if (existsSync(join(folder, 'node_modules', tool))) {
      failed += 1
      console.error(`FAIL ${name} has ${tool}, which is for building`)
    }
}
// One image for all programs: the repository without what .dockerignore names, and all production packages.
const one = join(home, 'one')
cpSync(make(stages, 'manifests'), one, { recursive: true })
const all = run('npm', ['ci', '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: one })
if (all.status !== 0) throw new Error(all.said)
const everything = ['apps', 'libs', 'contracts', 'prisma', 'scripts'].reduce(
  (sum, name) => sum + bytes(join(root, name)),
  bytes(one),
)
console.log('without the base image (Node itself):')
for (const [name, size] of sizes) console.log(`  ${name.padEnd(12)} ${mb(size)}`)
console.log(`  ${'all in one'.padEnd(12)} ${mb(everything)}`)
process.exit(failed > 0 ? 1 : 0)
