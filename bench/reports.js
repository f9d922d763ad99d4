import { median, ratio } from './measure.js'

// What was measured, as lines for people and as data: always beside a peer or a limit of the same run.

const TIMES_OPENPGP = 10
const OF_NATIVE = 0.5
const BATCH = 100
const BATCH_GAS = 38_000

const table = (rows) => {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  return rows.map((row) =>
    `  ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('   ')}`.trimEnd(),
  )
}

const verdict = (value, target) =>
  `${value.toFixed(2)} (target ${target}: ${value >= target ? 'met' : 'missed'})`

const DIRECTIONS = [
  ['sealing', { native: 'nativeSeal', granary: 'seal', age: 'ageSeal', openpgp: 'pgpSeal' }],
  ['opening', { native: 'nativeOpen', granary: 'open', age: 'ageOpen', openpgp: 'pgpOpen' }],
]
const PEERS = {
  native: "the platform's cipher alone",
  granary: 'Granary',
  age: 'age-encryption',
  openpgp: 'OpenPGP.js, password',
}

/** Of jobs as `sealing/jobs.js` names them; `pipeline` and `pipelineLimit` if they were measured. */
export function sealingReport(place, speeds) {
  const lines = [`${place}: plaintext to sealed bytes and back, in memory, one thread, without hashing`]
  const report = { place }
  for (const [direction, names] of DIRECTIONS) {
    const own = speeds[names.granary]
    const rows = Object.entries(names).map(([peer, name]) => ({
      peer,
      megabytesPerSecond: median(speeds[name]),
      granaryIsTimesAsFast: ratio(own, speeds[name]),
    }))
    report[direction] = rows
    lines.push(
      ...table([
        [direction, 'MB/s', 'Granary is … times as fast'],
        ...rows.map(({ peer, megabytesPerSecond, granaryIsTimesAsFast }) => [
          PEERS[peer],
          megabytesPerSecond.toFixed(0),
          granaryIsTimesAsFast.toFixed(2),
        ]),
      ]),
    )
    const toNative = ratio(own, speeds[names.native])
    const toOpenpgp = ratio(own, speeds[names.openpgp])
    lines.push(
      `  → of native ${verdict(toNative, OF_NATIVE)}, times OpenPGP.js ${verdict(toOpenpgp, TIMES_OPENPGP)}`,
    )
  }
  if (speeds.pipeline) {
    report.pipeline = {
      megabytesPerSecond: median(speeds.pipeline),
      ofCipherAndHash: ratio(speeds.pipeline, speeds.pipelineLimit),
    }
    const { megabytesPerSecond, ofCipherAndHash } = report.pipeline
    lines.push(
      `  whole pipeline, sealing and CID: ${megabytesPerSecond.toFixed(0)} MB/s, ${ofCipherAndHash.toFixed(2)} of the ` +
        `platform's cipher and one SHA-256 (${median(speeds.pipelineLimit).toFixed(0)} MB/s)`,
    )
  }
  return { ...report, lines }
}

/** Of what `custody.ts` printed. */
export function custodyReport({ datasets, rounds, gas }) {
  const calls = [...new Map(gas.map((one) => [`${one.call} ${one.items}`, one])).values()]
  const rows = calls
    .map(({ call, items }) => {
      const same = gas.filter((one) => one.call === call && one.items === items)
      const [used, floor] = ['gas', 'floor'].map((key) => median(same.map((one) => one[key])) / items)
      return {
        call,
        items,
        gas: used,
        floor,
        ratio: used / floor,
        slots: median(same.map((one) => one.slots)) / items,
      }
    })
    .sort((a, b) => a.call.localeCompare(b.call) || a.items - b.items)
  const number = (value) => Math.round(value).toLocaleString('en')
  const each = rows.find(({ call, items }) => call.endsWith('.contribute') && items === BATCH)

  const perSecond = rounds.map(({ custodian }) => datasets / custodian)
  const barePerSecond = rounds.map(({ bare }) => datasets / bare)
  const custodian = {
    datasets,
    releasesPerSecond: median(perSecond),
    sharesPerSecondByCryptographyAlone: median(barePerSecond),
    ofCryptographyAlone: ratio(perSecond, barePerSecond),
    secondsForReceipt: median(rounds.map(({ receipt }) => receipt)),
    secondsForShares: median(rounds.map(({ shares }) => shares)),
  }
  const lines = [
    'Gas of each contract call for one item, calldata and signature checks counted, beside the slots that it wrote',
    'and the transaction itself (22,100 a slot filled, 5,000 a slot changed, 21,000 a transaction)',
    ...table([
      ['call', 'items', 'slots', 'gas', 'slots and transaction', 'ratio'],
      ...rows.map((row) => [
        row.call,
        String(row.items),
        String(Number(row.slots.toFixed(1))),
        number(row.gas),
        number(row.floor),
        row.ratio.toFixed(2),
      ]),
    ]),
    `  → a contribution in a batch of ${BATCH}: ${number(each.gas)} (limit ${number(BATCH_GAS)})`,
    '',
    `A custodian, an order of ${datasets} datasets: all checks, receipt, shares, sealed answer`,
    `  ${custodian.releasesPerSecond.toFixed(0)} releases a second, ${custodian.ofCryptographyAlone.toFixed(2)} of ` +
      `createShare alone (${custodian.sharesPerSecondByCryptographyAlone.toFixed(0)} a second in one thread)`,
    `  receipt ${(custodian.secondsForReceipt * 1000).toFixed(0)} ms, shares ${(custodian.secondsForShares * 1000).toFixed(0)} ms`,
  ]
  const failure =
    each.gas < BATCH_GAS ? undefined : `a contribution in a batch of ${BATCH} costs ${number(each.gas)}`
  return { gas: rows, custodian, lines, failure }
}

/** Of what `loop.mjs` measured. */
export function loopReport({ start, phases, transfers, transactions }) {
  const names = Object.keys(phases[0])
  const seconds = Object.fromEntries(names.map((name) => [name, median(phases.map((one) => one[name]))]))
  const total = median(phases.map((one) => Object.values(one).reduce((sum, value) => sum + value, 0)))
  const transfer = median(transfers)
  const ofTransactions = total / (transactions * transfer)
  const lines = [
    'A file of 1 MB all the way round: embedded network, three custodians, through the SDK',
    ...table([
      ['phase', 'ms', 'of the whole'],
      ...names.map((name) => [
        name,
        (seconds[name] * 1000).toFixed(0),
        `${((100 * seconds[name]) / total).toFixed(0)} %`,
      ]),
      ['whole', (total * 1000).toFixed(0), ''],
    ]),
    `  → ${ofTransactions.toFixed(1)} times its ${transactions} transactions as bare transfers on the same chain ` +
      `(${(transfer * 1000).toFixed(0)} ms each, sent and awaited)`,
    `  first start of the network: ${start.toFixed(1)} s`,
  ]
  return { seconds, total, transfer, transactions, timesBareTransfers: ofTransactions, start, lines }
}

/** What an upload through the API comes to beside its block store alone, and what bounds it. */
export function uploadReport({ store, mebibytes, speeds, use, load }) {
  const [granary, peer] = [median(speeds.granary), median(speeds.peer)]
  const share = ratio(speeds.granary, speeds.peer)
  const [api, client] = [use.api / use.seconds, use.client / use.seconds]
  const busiest = Math.max(api, client)
  const bound =
    busiest < 0.8
      ? 'the block store and the cores that everybody shares'
      : api >= client
        ? 'the API, which is one thread'
        : 'the client, which is one thread'
  const memory = use.memory / (1 << 20)
  const ofGibibyte = (seconds) => (seconds * 1024) / use.mebibytes
  const secondsOfGibibyte = { api: ofGibibyte(use.api), client: ofGibibyte(use.client) }
  const lines = [
    `A sealed file of ${mebibytes} MiB to the ${store === 'Kubo' ? 'Kubo node' : 'embedded store'}, through the API`,
    ...table([
      ['', 'MiB a second', ''],
      ['through the API', granary.toFixed(0), ''],
      [store === 'Kubo' ? 'Kubo add, the same size' : 'copied on this disk', peer.toFixed(0), ''],
    ]),
    `  → ${share.toFixed(2)} of ${store === 'Kubo' ? 'Kubo’s own add' : 'a copy'}${store === 'Kubo' ? ' (target 0.60)' : '; set KUBO_URL to measure beside Kubo'}`,
    `  bound by ${bound}: API ${api.toFixed(2)} and client ${client.toFixed(2)} of a core; API ${memory.toFixed(0)} MiB`,
    `  processor seconds of a GiB: API ${secondsOfGibibyte.api.toFixed(2)}, client ${secondsOfGibibyte.client.toFixed(2)}; ` +
      `load ${load.toFixed(1)}`,
  ]
  return {
    store,
    mebibytesPerSecond: granary,
    peerMebibytesPerSecond: peer,
    ratio: share,
    cores: { api, client },
    secondsOfGibibyte,
    load,
    apiMebibytes: memory,
    lines,
  }
}
