// `npm run schemathesis`: holds the running API to its OpenAPI document. Starts a network of its own (the built
// programs), signs in as a contributor and as a trainer, and lets schemathesis make up requests, good and bad: no server
// error, no status, header, content type or body that the document does not have, nothing wrong taken, no method and no
// way past a session that is not in it.
//
//   --seed N        the seed of what is made up; default 1, so that two runs ask the same
//   --examples N    requests made up for each route and person; default 20
//
// Schemathesis is installed with pip on the first run (python.mjs). The last line is `N passed, N failed`, a route and
// person each.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { pythonProgram } from './python.mjs'

const PACKAGE = 'schemathesis==4.32.5'
const root = new URL('..', import.meta.url).pathname
const schemathesis = () => pythonProgram(PACKAGE.replace('==', '-'), 'schemathesis', [[PACKAGE]])
const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, examples: { type: 'string', default: '20' } },
})

/** Starts a network below `dir`; resolves with its facts and a way to end it. */
async function startNetwork(dir) {
  const program = join(root, 'apps/cli/bin/granary.js')
  const up = spawn(process.execPath, [program, 'up', '--data', dir, '--port', '0', '--json'], {
    env: { ...process.env, RELAY_ACCOUNT_GAS_PER_DAY: '100000000000' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const ended = new Promise((resolve) => up.once('close', resolve))
  let said = ''
  up.stderr.on('data', (chunk) => {
    said += chunk
  })
  const facts = await new Promise((resolve, reject) => {
    let text = ''
    up.stdout.on('data', (chunk) => {
      text += chunk
      try {
        resolve(JSON.parse(text))
      } catch {
        // not complete yet
      }
    })
    up.once('close', () => reject(new Error(`the network did not start\n${text}${said}`)))
  })
  const end = async () => {
    up.kill('SIGINT')
    await ended
  }
  return { facts, end }
}

/** The configuration with the real values of a path's parameters, so that some requests are for what there is. */
function configuration(file, real) {
  const fixed = [
    ['/v1/datasets/{id}', 'id', real.datasets],
    ['/v1/datasets/{id}/history', 'id', real.datasets],
    ['/v1/datasets/{id}/content', 'id', real.datasets],
    ['/v1/datasets/{id}/consent', 'id', real.datasets],
    ['/v1/access-requests/{id}', 'id', real['access-requests']],
    ['/v1/access-requests/{id}/manifest', 'id', real['access-requests']],
    ['/v1/access-requests/{id}/approvals', 'id', real['access-requests']],
    ['/v1/access-requests/{id}/releases', 'id', real['access-requests']],
    ['/v1/access-requests/{id}/releases/receipts', 'id', real['access-requests']],
    ['/v1/access-requests/{id}/releases/shares', 'id', real['access-requests']],
    ['/v1/trainers/{address}', 'address', real.address],
    ['/v1/rewards/{address}', 'address', real.address],
    ['/v1/members/{address}', 'address', real.address],
    ['/v1/pools/{id}', 'id', real.pool],
    ['/v1/relays/{id}', 'id', real.relay],
    ['/ipfs/{cid}', 'cid', real.cid],
  ]
  const tables = fixed.map(
    ([path, name, value]) =>
      `[[operations]]\ninclude-path = ${JSON.stringify(path)}\nparameters = { ${JSON.stringify(`path.${name}`)} = ${JSON.stringify(value)} }\n`,
  )
  const rules = readFileSync(join(root, 'scripts/schemathesis/schemathesis.toml'), 'utf8')
  writeFileSync(file, [rules, ...(real.datasets ? tables : [])].join('\n'))
  return file
}

/** One run; how many routes passed and how many did not. */
function run({ title, api, token, config, scratch, args }) {
  console.log(`\n--- ${title}`)
  const report = join(scratch, `${title.replace(/\W+/g, '-')}.xml`)
  const options = [
    ...['--header', `Authorization: Bearer ${token}`],
    ...['--seed', values.seed, '--max-examples', values.examples],
    ...['--continue-on-failure', '--no-color', '--warnings', 'off', '--generation-database', 'none'],
    ...['--request-timeout', '60', '--report', 'junit', '--report-junit-path', report],
  ]
  return new Promise((resolve, reject) => {
    const program = schemathesis()
    const child = spawn(program, ['--config-file', config, 'run', `${api}/docs-json`, ...options, ...args], {
      cwd: scratch,
      env: { ...process.env, SCHEMATHESIS_HOOKS: join(root, 'scripts/schemathesis/hooks.py') },
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    child.once('error', reject)
    child.once('exit', (code) => {
      const head = existsSync(report) ? readFileSync(report, 'utf8').slice(0, 1_000) : ''
      const count = (name) => Number(new RegExp(`<testsuites[^>]* ${name}="(\\d+)"`).exec(head)?.[1] ?? 0)
      const failed = count('failures') + count('errors')
      const bad = code === 0 ? failed : Math.max(1, failed)
      resolve({ passed: Math.max(0, count('tests') - bad), failed: bad })
    })
  })
}

const scratch = mkdtempSync(join(tmpdir(), 'granary-schemathesis-'))
const totals = { passed: 0, failed: 0 }
try {
  const { setUp, signIn } = await import('./schemathesis/people.mjs')
  schemathesis()
  const { facts, end } = await startNetwork(join(scratch, 'data'))
  try {
    const { apiUrl: api } = facts
    const real = await setUp(facts)
    const made = configuration(join(scratch, 'made-up.toml'), {})
    const known = configuration(join(scratch, 'known.toml'), real)
    // Signing out ends the session of whoever asks: it has a session, and a run, of its own.
    const signOut = 'AuthController_signOut'
    const others = ['--exclude-operation-id', signOut]
    const runs = [
      { title: 'contributor, ids made up', role: 'contributor', config: made, args: others },
      { title: 'trainer, ids of what there is', role: 'trainer', config: known, args: others },
      { title: 'signing out', role: 'council', config: made, args: ['--include-operation-id', signOut] },
    ]
    for (const { role, ...one } of runs) {
      const { passed, failed } = await run({ ...one, api, token: await signIn(api, role), scratch })
      totals.passed += passed
      totals.failed += failed
    }
  } finally {
    await end()
  }
} catch (error) {
  console.error(error)
  totals.failed += 1
}
rmSync(scratch, { recursive: true, force: true })
console.log(`\n${totals.passed} passed, ${totals.failed} failed`)
process.exit(totals.failed > 0 || totals.passed === 0 ? 1 : 0)
