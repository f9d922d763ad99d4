import { type Random, randomOf } from './random.js'

/** What is done to the network; `--only` takes these names. */
export const KINDS = ['kill', 'pause', 'postgres', 'kubo', 'rpc', 'disk', 'clock', 'chain'] as const
/** What is drawn only where it is named: a chain that forgets its last seconds, which a real one does before finality. */
export const CHAIN_LOSS = 'chain-loss'
export type Kind = (typeof KINDS)[number] | typeof CHAIN_LOSS

export const CUSTODIANS = ['custodian-1', 'custodian-2', 'custodian-3'] as const
const APIS = ['api-1', 'api-2'] as const
/** where files lie: Kubo's repository, or the folder of blocks */
export const STORE = 'store'

/** One fault: from when, of what, for how long. Milliseconds since the workload began. */
export interface Fault {
  at: number
  kind: Kind
  /** whom it meets: names of programs, `client`, `store`, `apis` or `custodians` (whose endpoints of the chain fail) */
  targets: string[]
  /** what exactly happens */
  how: string
  /** until everything is as before: the program is started again, the disk is freed, the chain answers */
  ms: number
  /** seconds, for clocks */
  seconds?: number
}

export const SAVED = 'SIGKILL once it has saved itself'
export const RPC_FAULTS = [
  'hang',
  'close',
  'error',
  'http-500',
  'garbage',
  'slow',
  'lost-answer',
  'lag',
] as const

/** Longer than a lease of the API, which is five seconds. */
const PAST_A_LEASE = 6_000
const FIRST_AFTER = 3_000

type Draw = (random: Random) => Omit<Fault, 'at' | 'kind'>

const DRAW: Record<Kind, Draw> = {
  kill: (random) => ({
    targets: random.pick<readonly string[]>([
      ['api-1'],
      ['api-2'],
      APIS,
      [random.pick(CUSTODIANS)],
      [random.pick(CUSTODIANS)],
      CUSTODIANS,
      ['client'],
      ['client'],
    ]) as string[],
    how: 'SIGKILL',
    ms: random.whole(0, 5_000),
  }),
  pause: (random) => ({
    targets: [random.pick([...APIS, ...APIS, ...CUSTODIANS, 'chain'])],
    how: 'SIGSTOP',
    ms: random.whole(PAST_A_LEASE, 2 * PAST_A_LEASE),
  }),
  postgres: (random) =>
    random.chance(0.5)
      ? { targets: ['database'], how: 'restart -m immediate', ms: 0 }
      : { targets: ['database'], how: 'stop -m immediate', ms: random.whole(1_000, 7_000) },
  kubo: (random) => ({
    targets: ['kubo'],
    how: random.pick(['SIGKILL', 'SIGTERM']),
    ms: random.whole(1_000, 8_000),
  }),
  rpc: (random) => {
    const how = random.pick(RPC_FAULTS)
    const whose = random.pick(['apis', 'apis', 'custodians'])
    return { targets: [whose], how, ms: random.whole(3_000, 10_000) }
  },
  disk: (random) => ({
    targets: [random.pick([STORE, 'custodian-1', 'custodian-2'])],
    how: 'full',
    ms: random.whole(2_000, 8_000),
  }),
  clock: (random) =>
    random.chance(0.3)
      ? { targets: ['chain'], how: 'jump', ms: 0, seconds: random.whole(3, 15) }
      : {
          targets: [random.pick([...APIS, ...CUSTODIANS])],
          how: 'skew',
          ms: random.whole(4_000, 12_000),
          seconds: random.whole(10, 300) * (random.chance(0.5) ? 1 : -1),
        },
  chain: (random) => ({
    targets: ['chain'],
    how: random.pick(['SIGINT', SAVED]),
    ms: random.whole(0, 3_000),
  }),
  [CHAIN_LOSS]: (random) => ({
    targets: ['chain'],
    how: 'SIGKILL, whatever it has saved',
    ms: random.whole(0, 3_000),
  }),
}

/**
 * The faults of a run: the same for the same seed, length and kinds. Two may overlap, but never on the same target.
 * The last one is over before the end.
 */
export function scheduleOf(seed: string, minutes: number, kinds: readonly Kind[]): Fault[] {
  const random = randomOf(`${seed}/schedule`)
  const faults: Fault[] = []
  const busyUntil = new Map<string, number>()
  for (let at = FIRST_AFTER; ; at += random.whole(1_500, 7_000)) {
    const kind = random.pick(kinds)
    const fault = { at, kind, ...DRAW[kind](random) }
    if (at + fault.ms > minutes * 60_000) return faults
    if (fault.targets.some((target) => (busyUntil.get(target) ?? 0) > at)) continue
    // Whoever was started again has a moment to itself.
    for (const target of fault.targets) busyUntil.set(target, at + fault.ms + 3_000)
    faults.push(fault)
  }
}

/** Whom a fault meets. A chain that ends takes all its endpoints along. */
export const met = ({ kind, targets }: Fault): string[] =>
  kind === 'chain' || kind === CHAIN_LOSS ? [...targets, 'apis', 'custodians'] : targets

export const inWords = ({ kind, targets, how, ms, seconds }: Fault): string =>
  [
    `${kind} ${targets.join(', ')}: ${how}`,
    seconds === undefined ? '' : ` by ${seconds} s`,
    ms > 0 ? ` for ${(ms / 1000).toFixed(1)} s` : '',
  ].join('')
