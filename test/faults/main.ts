import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { nothingLost, tablesEqualChain } from './data.js'
import { impossible, inflict } from './inflict.js'
import type { Invariant, Outcome } from './invariants.js'
import { Ledger } from './ledger.js'
import { everyMessageAnswered, unanswered } from './messages.js'
import { moneyAddsUp, paidOnce, unbalanced } from './money.js'
import { FaultNetwork } from './network.js'
import { everyFailureNamed, logsAreClean, nobodyDied, promisesKept, workWentOn } from './operation.js'
import { randomOf } from './random.js'
import { CHAIN_LOSS, type Fault, inWords, type Kind, met, scheduleOf } from './schedule.js'
import { Clients } from './workload.js'

// One run: brings up the network, lets its people work while faults meet it, gives it time, and looks at what is left.
//
//     node --import ./bench/typescript.mjs test/faults/main.ts '{"seed": "1", "minutes": 2, "kinds": ["kill"]}'
//
// Prints a line for each fault and each minute, then each invariant, and at last `N passed, N failed`.

const INVARIANTS: Invariant[] = [
  nobodyDied,
  workWentOn,
  everyMessageAnswered,
  nothingLost,
  moneyAddsUp,
  paidOnce,
  tablesEqualChain,
  promisesKept,
  everyFailureNamed,
  logsAreClean,
]

/**
 * How long what was begun may take to end once the faults are over, and what is queued to be answered. The SDK itself waits
 * two minutes for a relay.
 */
const END_MS = 180_000
const ANSWER_MS = 120_000
const LOOK_AT_MONEY_MS = 15_000
const MOST_SHOWN = 20

interface Wish {
  seed: string
  minutes: number
  kinds: Kind[]
  embedded: boolean
  json: boolean
}

const wish = JSON.parse(process.argv[2] ?? '{}') as Wish
const say = (line: string) => (wish.json ? process.stderr : process.stdout).write(`${line}\n`)
const home = mkdtempSync(join(tmpdir(), 'granary-faults-'))
mkdirSync(join(home, 'logs'))
const ledger = new Ledger(join(home, 'logs', 'clients.log'))
const inflicted: string[] = []
/** By target: the last fault that met it. */
const last = new Map<string, Promise<void>>()
let passed = 0
const failed = new Map<string, string[]>()
let network: FaultNetwork | undefined

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, async () => {
    say('stopping …')
    await network?.end()
    process.exit(130)
  })

let status = 1
try {
  network = await FaultNetwork.start(home, randomOf(wish.seed).whole(1, 2 ** 31), wish.embedded)
  await run(network)
  status = failed.size > 0 ? 1 : 0
} catch (error) {
  failed.set('the run itself', [(error as Error).stack ?? String(error)])
  say(`the run broke off: ${(error as Error).stack}`)
} finally {
  await network?.end().catch((error) => say(`the end: ${error}`))
}
report()
process.exit(status)

async function run(network: FaultNetwork): Promise<void> {
  say(`on ${network.services.join('; ')}; replicas of the API: ${network.replicas.length}`)
  const missing = impossible(network)
  for (const [kind, why] of missing) if (wish.kinds.includes(kind)) say(`left out: ${kind}: ${why}`)
  // What cannot be inflicted here is left out of the schedule, not put into its place.
  const isThere = (target: string) => target !== 'api-2' || network.programs.has(target)
  const faults = scheduleOf(wish.seed, wish.minutes, wish.kinds).filter(
    ({ kind, targets }) =>
      !missing.has(kind) && targets.every(isThere) && (kind !== 'disk' || network.disks.has(targets[0]!)),
  )
  if (wish.kinds.every((kind) => missing.has(kind)))
    throw new Error('nothing that was asked for can be inflicted here')
  const clients = await Clients.arrive(network, ledger, randomOf(`${wish.seed}/people`))
  const chainWentBack = wish.kinds.includes(CHAIN_LOSS)
  const outcome: Outcome = { network, ledger, clients, chainWentBack }
  const begun = Date.now()
  clients.start()
  const watching = new AbortController()
  const watches = [everyMinute(begun, watching.signal), lookAtMoney(network, watching.signal)]
  await Promise.all(faults.map((fault) => meet(network, clients, fault, begun)))
  await sleep(Math.max(0, begun + wish.minutes * 60_000 - Date.now()))
  say(`${clockOf(begun)} the faults are over`)
  const ended = await clients.stop(END_MS)
  if (!ended) ledger.broken.push(`clients did not come to an end within ${END_MS / 1000} s of the last fault`)
  await quiet(outcome)
  watching.abort()
  await Promise.all(watches)
  say(`${clockOf(begun)} ${inTotal()}`)
  for (const invariant of INVARIANTS) await judge(invariant, outcome)
}

async function meet(network: FaultNetwork, clients: Clients, fault: Fault, begun: number): Promise<void> {
  await sleep(Math.max(0, begun + fault.at - Date.now()))
  // A busy machine may take longer to bring something back than the schedule has it: nothing is met twice at a time.
  const before = met(fault).map((target) => last.get(target))
  const mine = Promise.all(before).then(() => endure(network, clients, fault, begun))
  for (const target of met(fault)) last.set(target, mine)
  await mine
}

async function endure(network: FaultNetwork, clients: Clients, fault: Fault, begun: number): Promise<void> {
  const line = `${clockOf(begun)} ${inWords(fault)}`
  inflicted.push(line)
  say(line)
  await inflict(network, clients, fault)
}

/** Waits until the operator has answered everything and the tables have the newest block, or its time is over. */
async function quiet(outcome: Outcome): Promise<void> {
  for (const until = Date.now() + ANSWER_MS; Date.now() < until; await sleep(500)) {
    const left = await unanswered(outcome).catch(() => ['the database does not answer'])
    if (left.length === 0) return
  }
  say('not everything was answered in its time')
}

async function everyMinute(begun: number, signal: AbortSignal): Promise<void> {
  for (let minute = 1; ; minute++) {
    const wait = begun + minute * 60_000 - Date.now()
    if (!(await sleep(wait, true, { signal }).catch(() => false))) return
    say(`${clockOf(begun)} ${inTotal()}`)
  }
}

async function lookAtMoney(network: FaultNetwork, signal: AbortSignal): Promise<void> {
  while (await sleep(LOOK_AT_MONEY_MS, true, { signal }).catch(() => false)) {
    // The chain may be down just now.
    const faults = await Promise.race([unbalanced(network).catch(() => []), sleep(5_000, [], { ref: false })])
    ledger.broken.push(...faults)
  }
}

async function judge({ name, faults }: Invariant, outcome: Outcome): Promise<void> {
  const found = await faults(outcome).catch((error) => [
    `it could not be looked at: ${(error as Error).stack}`,
  ])
  say(`${found.length === 0 ? 'ok  ' : 'FAIL'} ${name}`)
  for (const fault of found.slice(0, MOST_SHOWN)) say(`     ${fault}`)
  if (found.length > MOST_SHOWN) say(`     and ${found.length - MOST_SHOWN} more`)
  if (found.length > 0) failed.set(name, found)
  else passed += 1
}

function report(): void {
  if (failed.size > 0) {
    say(`\nseed ${wish.seed}; faults so far:`)
    for (const line of inflicted) say(`  ${line}`)
    say(`logs and data: ${home}`)
  } else network?.remove()
  const counts = { passed, failed: failed.size }
  if (wish.json)
    process.stdout.write(
      `${JSON.stringify({
        ...wish,
        inflicted,
        operations: Object.fromEntries(ledger.counts),
        codes: Object.fromEntries(ledger.codes),
        failures: Object.fromEntries(failed),
        ...(failed.size > 0 ? { logs: home } : {}),
        ...counts,
      })}\n`,
    )
  else {
    const codes = [...ledger.codes].sort((a, b) => b[1] - a[1]).map(([code, times]) => `${code} ${times}`)
    say(`\nwhat clients were told when something failed: ${codes.join(', ') || 'nothing failed'}`)
    for (const [name, { done, refused, failed: lost, retried }] of ledger.counts)
      say(`  ${name}: ${done} done, ${refused} refused, ${lost} failed, ${retried} tried again`)
    say(`\n${counts.passed} passed, ${counts.failed} failed`)
  }
}

function inTotal(): string {
  const { done, refused, failed: lost, retried } = ledger.sum()
  return `operations: ${done} done, ${refused} refused, ${lost} failed, ${retried} tried again`
}

function clockOf(begun: number): string {
  const seconds = Math.floor((Date.now() - begun) / 1000)
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`
}
