// What was measured, as lines for people.

const OF_BARE = 0.6
const A_MINUTE = 1_000
/** MiB a minute that count as flat: what a process of some 200 MiB breathes. */
const FLAT = 1

const met = (yes) => (yes ? 'met' : 'missed')
const milliseconds = (value) => `${value < 10 ? value.toFixed(1) : value.toFixed(0)}`
const cells = (...texts) => texts.map((text, i) => (i === 0 ? text.padEnd(38) : text.padStart(9))).join(' ')

export const ROUTES_HEAD = [
  cells('', 'per s', 'p50 ms', 'p99 ms', 'CPU µs', '', 'bare/s', 'p50 ms', 'p99 ms', 'CPU µs', '', 'ratio'),
].join('\n')

/** What is compared. */
export const ROUTES_NOTE = [
  'Both run the same statements on the same database and answer with the same bodies, which was compared beforehand.',
  'Only the API checks what comes, who asks and how often, compares a block with its hash, sends headers of security,',
  'logs and measures. A sign-in and an order write: an order keeps its manifest as a document, in tables and on the disk.',
].join('\n')

const side = ({ perSecond, p50, p99, processor }) => [
  perSecond.toFixed(0),
  milliseconds(p50),
  milliseconds(p99),
  Number.isNaN(processor) ? '-' : processor.toFixed(0),
]

export const routeLine = ({ title, api, bare, ratio, load }) =>
  `${cells(title, ...side(api), '', ...side(bare), '', ratio.median.toFixed(2))}` +
  ` (${ratio.least.toFixed(2)} to ${ratio.most.toFixed(2)}; load ${load.toFixed(1)})`

/** The verdicts on what the run was for. */
export function verdicts({ routes, contributions, memory }) {
  const lines = []
  const reads = (routes ?? []).filter(({ read }) => read)
  if (reads.length > 0) {
    const least = reads.reduce((worst, one) => (one.ratio.median < worst.ratio.median ? one : worst))
    const good = reads.every(({ ratio }) => ratio.median >= OF_BARE)
    lines.push(
      `reads: at least ${least.ratio.median.toFixed(2)} of the bare server, the least for ${least.title} ` +
        `(target ${OF_BARE}: ${met(good)})`,
    )
  }
  if (contributions) lines.push(...contributionLines(contributions))
  if (memory) lines.push(...memoryLines(memory))
  return lines
}

function contributionLines({ perMinute, count, seconds, contributors, steps, processor, load }) {
  const step = ([name, { p50, p99 }]) => `${name} ${milliseconds(p50)}/${milliseconds(p99)}`
  return [
    `contributions: ${perMinute.toFixed(0)} a minute (${count} in ${seconds.toFixed(0)} s by ${contributors} people, ` +
      `load ${load.toFixed(1)}; target ${A_MINUTE}: ${met(perMinute >= A_MINUTE)})`,
    `  each took ${milliseconds(processor / 1000)} ms of a processor in the API, relays and feed included`,
    `  milliseconds of each step, p50/p99: ${Object.entries(steps).map(step).join(', ')}`,
  ]
}

function memoryLines({ minutes, done, processes, load }) {
  const signed = (number) => `${number >= 0 ? '+' : ''}${number.toFixed(2)}`
  const course = ({ mebibytesAMinute, halves, first, last }) =>
    `${signed(mebibytesAMinute)} MiB a minute (${halves.map(signed).join(', then ')}), ` +
    `${first.toFixed(0)} MiB at first, ${last.toFixed(0)} MiB at last`
  const alive = (live) =>
    live === null
      ? 'too few full collections to tell what of it is alive'
      : `alive on its heap: ${course(live)}, of it compiled code ${signed(live.code.mebibytesAMinute)} ` +
        `(${live.collections} full collections)`
  const line = ({ name, live, ...all }) => `  ${name.padEnd(12)} ${course(all)}; ${alive(live)}`
  const flat = processes.every(({ mebibytesAMinute }) => mebibytesAMinute < FLAT)
  const { reads, signIns, contributions, fetched } = done
  return [
    `memory over ${minutes} minutes (${reads} reads, ${signIns} sign-ins, ${contributions} contributions, ` +
      `${fetched} files fetched; load ${load.toFixed(1)}; flat = under ${FLAT} MiB a minute: ${met(flat)})`,
    ...processes.map(line),
  ]
}
