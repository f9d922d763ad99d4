import { readFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { median } from '../measure.js'
import { heapOf, processorSeconds, residentMebibytes } from './processes.mjs'
import { jobsOf, ROUTES, requireSame } from './routes.mjs'

const WARM_UP_SECONDS = 1
const SAMPLE_MS = 1_000
/** Before contributions count: until then everybody is at the first step. */
const MOST_START_SECONDS = 5
/** Contributions that are sealed beforehand, beyond what the target asks for. */
const AHEAD = 2
const A_MINUTE = 1_000

const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]

/**
 * Both servers in turn, round after round, the one that goes first changing each time: what slows the machine for a
 * while slows both. Before that each route's answers are compared, and both are warmed up.
 */
export async function measureRoutes({ names, system, catalogue, bare, driver, token, options, say }) {
  const { seconds, rounds, connections } = options
  const jobs = await jobsOf({ system, catalogue, trainerToken: token })
  const servers = [
    { key: 'api', base: system.api, pid: system.pids.api },
    { key: 'bare', base: bare.url, pid: bare.pid },
  ]
  const results = []
  for (const route of ROUTES.filter(({ name }) => names.includes(name))) {
    const job = jobs[route.name]
    await requireSame(route.name, job, system.api, bare.url, token)
    let from = 0
    const once = async ({ base, pid }, time) => {
      const before = processorSeconds(pid)
      const { times, seconds: taken } = await driver.run('loop', {
        ...job,
        base,
        connections,
        seconds: time,
        from,
      })
      const used = processorSeconds(pid) - before
      from += times.length
      return { perSecond: times.length / taken, times, processor: (used * 1e6) / times.length }
    }
    for (const server of servers) await once(server, Math.min(WARM_UP_SECONDS, seconds))
    const measured = { api: [], bare: [] }
    for (let round = 0; round < rounds; round++)
      for (const server of round % 2 === 0 ? servers : [...servers].reverse())
        measured[server.key].push(await once(server, seconds))
    const ratios = measured.api.map(({ perSecond }, i) => perSecond / measured.bare[i].perSecond)
    const result = {
      ...route,
      load: loadavg()[0],
      api: summary(measured.api),
      bare: summary(measured.bare),
      ratio: { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) },
    }
    results.push(result)
    say(result)
  }
  return results
}

/** Of rounds of one server: throughput, milliseconds of an answer, microseconds of processor that one takes. */
function summary(rounds) {
  const times = rounds.flatMap((round) => round.times).sort((a, b) => a - b)
  return {
    perSecond: median(rounds.map(({ perSecond }) => perSecond)),
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    processor: median(rounds.map(({ processor }) => processor)),
  }
}

/** Contributions all the way: a closed loop of many people, each waiting for the dataset to be in the catalogue. */
export async function measureContributions({ system, driver, options }) {
  const { contributors: people, window } = options
  const start = Math.min(MOST_START_SECONDS, window / 6)
  const files = Math.max(1, Math.ceil((AHEAD * A_MINUTE * ((start + window) / 60)) / people))
  await driver.run('prepare', { base: system.api, api: system.apiUrl, people, files })
  const deployment = readFileSync(system.deployment, 'utf8')
  const before = processorSeconds(system.pids.api)
  const { steps, arrivals, seconds } = await driver.run('contribute', {
    base: system.api,
    deployment,
    seconds: start + window,
    pool: 1,
  })
  const used = processorSeconds(system.pids.api) - before
  const [from, to] = [start, start + window].map((at) => at * 1000)
  const within = arrivals.filter((ms) => ms > from && ms <= to).length
  // Whoever was quick enough to use up all files had less time than the window.
  const time = arrivals.length === people * files ? Math.min(window, Math.max(seconds - start, 1)) : window
  const stepOf = (times) => {
    const sorted = [...times].sort((a, b) => a - b)
    return { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) }
  }
  return {
    contributors: people,
    count: within,
    seconds: time,
    perMinute: (within / time) * 60,
    processor: (used * 1e6) / arrivals.length,
    load: loadavg()[0],
    steps: Object.fromEntries(Object.entries(steps).map(([name, times]) => [name, stepOf(times)])),
  }
}

/**
 * What API and custodians have in memory while everything happens at once for `minutes`: all of it, and what is alive of
 * their heaps. Nothing is collected for it that would not be otherwise.
 */
export async function measureMemory({ system, catalogue, driver, options }) {
  const { minutes } = options
  const paths = [
    '/v1/datasets',
    '/v1/pools',
    ...catalogue.ids.slice(0, 200).map((id) => `/v1/datasets/${id}`),
    ...catalogue.owners.flatMap((owner) => [`/v1/rewards/${owner}`, `/v1/datasets?owner=${owner}`]),
  ]
  const seconds = minutes * 60
  const each = () => Object.fromEntries(Object.keys(system.pids).map((name) => [name, []]))
  const [samples, heaps] = [each(), each()]
  const started = performance.now()
  const job = driver.run('mix', { base: system.api, api: system.apiUrl, paths, seconds, pool: 1 })
  let over = false
  const ended = job.finally(() => {
    over = true
  })
  const sample = Math.min(SAMPLE_MS, (seconds * 1000) / 12)
  while (!over) {
    const minute = (performance.now() - started) / 60_000
    for (const [name, pid] of Object.entries(system.pids)) {
      samples[name].push({ minute, mebibytes: residentMebibytes(pid) })
      heaps[name].push({ minute, ...(await heapOf(system.metrics[name])) })
    }
    await Promise.race([ended.catch(() => {}), sleep(sample)])
  }
  const done = await ended
  const processes = Object.entries(samples).map(([name, all]) => {
    const alive = afterCollections(heaps[name])
    const live = trend(alive, minutes)
    const code = trend(
      alive.map(({ minute, code }) => ({ minute, mebibytes: code })),
      minutes,
    )
    return {
      name,
      ...trend(all, minutes),
      live: live && { ...live, code, collections: collectionsOf(heaps[name]) },
    }
  })
  return { minutes, done, processes, load: loadavg()[0] }
}

const collectionsOf = (heaps) => heaps.at(-1).collections - heaps[0].collections

/** Of the samples between two full collections the least: what was alive after the first of them. */
export function afterCollections(heaps) {
  const least = new Map()
  for (const { collections, ...sample } of heaps)
    if (!(least.get(collections)?.mebibytes <= sample.mebibytes)) least.set(collections, sample)
  return [...least.values()]
}

/**
 * A line through the samples by least squares, in MiB a minute, without the first fifth of the `minutes`, in which a
 * process compiles and fills its caches; the same of each half of what is left, which tells whether growth ends; and the
 * medians of its first and last fifth. Null for fewer than two samples.
 */
export function trend(all, minutes) {
  const samples = all.filter(({ minute }) => minute >= minutes / 5)
  if (samples.length < 2) return null
  const middle = 0.6 * minutes
  const halves = [({ minute }) => minute < middle, ({ minute }) => minute >= middle]
  const fifth = Math.max(1, Math.floor(samples.length / 5))
  const medianOf = (some) => median(some.map(({ mebibytes }) => mebibytes))
  return {
    mebibytesAMinute: slope(samples),
    halves: halves.map((half) => slope(samples.filter(half))),
    first: medianOf(samples.slice(0, fifth)),
    last: medianOf(samples.slice(-fifth)),
    samples: all,
  }
}

function slope(samples) {
  const mean = (key) => samples.reduce((sum, one) => sum + one[key], 0) / samples.length
  const [x, y] = [mean('minute'), mean('mebibytes')]
  const above = samples.reduce((sum, one) => sum + (one.minute - x) * (one.mebibytes - y), 0)
  const below = samples.reduce((sum, one) => sum + (one.minute - x) ** 2, 0)
  return below > 0 ? above / below : 0
}
