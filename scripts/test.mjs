// `npm test`: builds, finds a browser, then runs the contracts' tests (forge) and everything else (Jest), and ends by
// looking for processes that the run left behind.
//
//   npm test                        everything
//   npm test -- contracts|units|specs|services [jest arguments]
//
// `services` runs the specs that exercise API, database and storage a second time, on the PostgreSQL server of
// GRANARY_TEST_DATABASE_URL (an account that may create databases) and the Kubo node of KUBO_URL. Without them it is
// left out and said so; with GRANARY_REQUIRE_SERVICES=1 it fails. `specs` named alone uses whichever of both is set.
//
// The last line adds up the real counts of both runners: `N passed, N failed, N skipped`. Above it stands what failed,
// a line each.
//
// GRANARY_TEST_SECONDS ends the specs of each stage early: what has not begun when so many seconds of the run are over is
// skipped and named, first of the embedded network's (after three quarters of that time), then of the services'. In
// which order they come is decided by GRANARY_TEST_ORDER, any word.
//
// With GRANARY_SECOND_TRY=1 a few spec files that failed are run once more, alone, when all others are through. What
// passes only then counts as passed and is named as unsteady: a fault of the spec or of the product that is to be found,
// but none of the change that met it.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { findChromium } from './chromium.mjs'
import { forgeBinary } from './forge.mjs'
import { processesMarked } from './leftovers.mjs'

const root = new URL('..', import.meta.url).pathname
const node = process.execPath
const STAGES = ['contracts', 'units', 'specs', 'services']
const ON_SERVICES =
  /(specs\/(loop|money|api-[a-z-]+|any-file|reindex|rolling|relayer\.limits)|services\/[a-z-]+)\.spec\.ts$/
/** What needs the real services and runs nowhere else. */
const REAL_ONLY = ['--testPathIgnorePatterns', '/test/services/']
const SPECS = ['test/specs', 'test/services'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.spec.ts'))
    .map((name) => `${folder}/${name}`),
)
const HELP = `npm test                                    everything
npm test -- contracts|units|specs|services  a part of it
npm test -- PART PATTERN…                   of it what fits; further words go to Jest, as -t NAME does`
const [first, ...rest] = process.argv.slice(2)
if (first === '--help' || first === '-h') {
  console.log(HELP)
  process.exit(0)
}
const stages = STAGES.includes(first) ? [first] : STAGES
const jestArguments = STAGES.includes(first) ? rest : process.argv.slice(2)

// Every process of this run inherits the mark, so what is left behind can be told from anything else on the machine.
const mark = `granary-test-${randomBytes(8).toString('hex')}`
const scratch = mkdtempSync(join(tmpdir(), 'granary-test-'))
const LEFT_OUT = join(scratch, 'left-out')
const env = { ...process.env, GRANARY_TEST_RUN: mark, GRANARY_TEST_LEFT_OUT: LEFT_OUT }
const totals = { passed: 0, failed: 0, skipped: 0 }
/** More failed files than these are no chance, and get no second try. */
const SECOND_TRIES = 4
/** What failed and what passed only on its second try: lines for the end. */
const failed = []
const unsteady = []
let broken = false

function stream(command, args, extra = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env: { ...env, ...extra }, stdio: 'inherit' })
    child.on('error', (error) => {
      console.error(error.message)
      resolve(1)
    })
    child.on('exit', (code, signal) => resolve(signal ? 1 : code))
  })
}

/** Runs forge and reads its JSON, for the counts. */
async function contracts() {
  const child = spawn(forgeBinary(), ['test', '--root', 'contracts', '--json'], { cwd: root, env })
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'])
    child[name].setEncoding('utf8').on('data', (text) => {
      said[name] += text
    })
  await once(child, 'close').catch((error) => {
    said.stderr += error.message
  })
  let suites
  try {
    suites = JSON.parse(said.stdout.slice(said.stdout.indexOf('{')))
  } catch {
    process.stderr.write(`${said.stdout}${said.stderr}`)
    console.error('contracts: forge did not run')
    broken = true
    return
  }
  for (const [suite, { test_results }] of Object.entries(suites)) {
    const name = suite.split('/').pop()
    let passed = 0
    for (const [test, { status, reason, counterexample }] of Object.entries(test_results)) {
      if (status === 'Success') {
        passed += 1
        continue
      }
      if (status === 'Skipped') {
        totals.skipped += 1
        continue
      }
      totals.failed += 1
      failed.push(`${name} ${test}`)
      console.error(
        `  FAIL ${name} ${test}: ${reason ?? ''} ${counterexample ? JSON.stringify(counterexample) : ''}`,
      )
    }
    totals.passed += passed
    console.error(`  ${name}: ${passed} passed`)
  }
}

/** What failed in each file of Jest's report: its path from the root and its tests; none where the file did not load. */
const failuresOf = (report) =>
  report.testResults
    .filter(({ status }) => status === 'failed')
    .map(({ name, assertionResults }) => ({
      path: relative(root, name),
      tests: assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
    }))

const named = (failures) =>
  failures.flatMap(({ path, tests }) =>
    tests.length === 0 ? [`${path} does not run`] : tests.map((test) => `${path} › ${test}`),
  )

/** Runs Jest once; its report, or undefined where it wrote none. */
async function runJest(project, name, { narrowed, extra, further = jestArguments }) {
  const file = join(scratch, `${name}.json`)
  const args = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js']
  const options = [
    '--selectProjects',
    project,
    '--json',
    `--outputFile=${file}`,
    '--testLocationInResults=false',
  ]
  // A spec that failed half-way may leave a server listening: that must end no run. Processes are looked for at the end.
  const workers = project === 'specs' ? ['--runInBand', '--forceExit'] : ['--maxWorkers=2']
  if (project === 'specs' && env.GRANARY_TEST_ORDER)
    workers.push('--testSequencer', join(root, 'test/support/spec-order.mjs'))
  // With --json Jest prints the document on stdout as well; only its report (stderr) is for people.
  const code = await new Promise((resolve) => {
    const child = spawn(node, [...args, ...narrowed, ...options, ...workers, ...further], {
      cwd: root,
      env: { ...env, ...extra },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    child.on('exit', (status, signal) => resolve(signal ? 1 : status))
  })
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'))
    return { ...report, whole: code === 0 || failuresOf(report).length > 0 }
  } catch {
    return undefined
  }
}

/** Runs one of Jest's projects under the name of its stage; `narrowed` = arguments before those of the command line. */
async function jest(project, { stage = project, narrowed = [], extra = {} } = {}) {
  const report = await runJest(project, stage, { narrowed, extra })
  if (!report?.whole) broken = true
  if (!report) return []
  totals.passed += report.numPassedTests
  totals.failed += report.numFailedTests + report.numRuntimeErrorTestSuites
  totals.skipped += report.numPendingTests + report.numTodoTests
  return failuresOf(report).map((failure) => ({ ...failure, stage, extra }))
}

/** Runs what failed once more, each file alone. */
async function secondTries(failures) {
  for (const [at, { path, tests, stage, extra }] of failures.entries()) {
    console.error(`\nsecond try: ${path}`)
    const narrowed = ['--runTestsByPath', path]
    const report = await runJest('specs', `${stage}, second try ${at}`, {
      narrowed,
      extra: { ...extra, GRANARY_TEST_UNTIL: '' },
      further: [],
    })
    const again = report?.whole ? failuresOf(report) : [{ path, tests }]
    if (again.length > 0) {
      failed.push(...named(again))
      continue
    }
    totals.failed -= Math.max(tests.length, 1)
    totals.passed += tests.length > 0 ? tests.length : report.numPassedTests
    unsteady.push(...named([{ path, tests }]))
  }
}

/**
 * Specs by twos: those that share the run's network one after the other, and beside them, one after the other, those
 * that start their own. With words of the caller's for Jest all of them one after the other.
 */
async function specs({ stage = 'specs', files, narrowed = [], extra = {} }) {
  const failures = await specsOnce({ stage, files, narrowed, extra: { ...extra, ...timeOf(stage) } })
  const again = env.GRANARY_SECOND_TRY === '1' && failures.length <= SECOND_TRIES
  if (again) await secondTries(failures)
  else failed.push(...named(failures))
}

/** Until when a spec file of a stage may begin. */
function timeOf(stage) {
  const seconds = Number(env.GRANARY_TEST_SECONDS || 0)
  const share = stage === 'services' ? 1 : 0.75
  return seconds > 0 ? { GRANARY_TEST_UNTIL: String(started + seconds * share * 1000) } : {}
}

async function specsOnce({ stage, files, narrowed, extra }) {
  if (jestArguments.length > 0) return jest('specs', { stage, narrowed, extra })
  const shares = (file) => readFileSync(join(root, file), 'utf8').includes('sharedWorld(')
  const byPath = (some) => ['--runTestsByPath', ...some]
  const both = await Promise.all([
    jest('specs', { stage, narrowed: byPath(files.filter(shares)), extra }),
    jest('specs', {
      stage: `${stage}, own networks`,
      narrowed: byPath(files.filter((file) => !shares(file))),
      extra: { ...extra, GRANARY_TEST_OWN_NETWORKS: '1' },
    }),
  ])
  return both.flat()
}

const hasServices = () => Boolean(env.GRANARY_TEST_DATABASE_URL && env.KUBO_URL)

/** The specs once more on real services, or a word about why not. */
async function services() {
  const missing = ['GRANARY_TEST_DATABASE_URL', 'KUBO_URL'].filter((name) => !env[name])
  if (missing.length > 0) {
    console.error(`  not run: ${missing.join(' and ')} not set`)
    if (env.GRANARY_REQUIRE_SERVICES === '1' || first === 'services') totals.failed += 1
    else totals.skipped += 1
    return
  }
  const narrowed = ['--testPathPatterns', ON_SERVICES.source]
  await specs({ stage: 'services', files: SPECS.filter((file) => ON_SERVICES.test(file)), narrowed })
}

// `.ci/run` runs all this on more than one Node. Every program starts the next by its own process.execPath, which
// test/specs/embedded.spec.ts holds them to, so that this one look is enough.
if (env.GRANARY_REQUIRE_NODE && process.versions.node !== env.GRANARY_REQUIRE_NODE) {
  console.error(`this is Node ${process.versions.node}, not ${env.GRANARY_REQUIRE_NODE}`)
  process.exit(1)
}

const EMBEDDED = { GRANARY_TEST_DATABASE_URL: '', KUBO_URL: '' }
const started = Date.now()
let status = await stream(node, ['scripts/build.mjs'])
if (status === 0 && stages.some((stage) => stage !== 'contracts')) {
  env.GRANARY_CHROMIUM = await findChromium().catch((error) => {
    console.error(error.message)
    status = 1
    return ''
  })
}
if (status === 0) {
  // The contracts' compiler keeps one processor busy: beside it the units run.
  let forge
  for (const stage of stages) {
    console.error(`\n${stage}`)
    if (stage === 'contracts') forge = contracts()
    else if (stage === 'services') await services()
    else if (stage === 'units') failed.push(...named(await jest('units')))
    else {
      const real = stages.length === 1 && hasServices()
      await specs({
        files: SPECS.filter((file) => real || !file.startsWith('test/services/')),
        narrowed: real ? [] : REAL_ONLY,
        extra: stages.length > 1 ? EMBEDDED : {},
      })
    }
    if (stage !== 'contracts') await forge
  }
  await forge
  const left = await processesMarked(mark)
  for (const { pid, command } of left) {
    console.error(`left behind: ${pid} ${command}`)
    totals.failed += 1
    failed.push(`left behind: ${command}`)
    try {
      process.kill(pid, 'SIGKILL')
    } catch {}
  }
  status = broken || totals.failed > 0 || totals.passed === 0 ? 1 : 0
}
const leftOut = existsSync(LEFT_OUT) ? readFileSync(LEFT_OUT, 'utf8').trim().split('\n') : []
rmSync(scratch, { recursive: true, force: true })
console.log(`\n${((Date.now() - started) / 1000).toFixed(0)} s`)
for (const line of failed) console.log(`failed    ${line}`)
for (const line of unsteady) console.log(`unsteady  ${line}`)
for (const line of leftOut) console.log(`left out  ${line}: no time`)
console.log(
  `${totals.passed} passed, ${totals.failed} failed${totals.skipped ? `, ${totals.skipped} skipped` : ''}`,
)
process.exit(status)
