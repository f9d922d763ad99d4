import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { type Actor, contributeBytes, newContributor, newTrainer } from '../support/actors.js'
import { type CollectedSpan, startCollector } from '../support/collector.js'
import { type CommandLine, commandLine, type Run } from '../support/command-line.js'
import { jsonLines, type LogLine, logOf } from '../support/log-lines.js'
import { spentOf } from '../support/releases.js'
import { call, signIn } from '../support/rest.js'
import { type OwnWorld, startWorld, waitFor } from '../support/world.js'

// What an operator sees: one trainer's fetch, told in the logs and in one trace of every program that had a part in it,
// and measurements for everything that the dashboard and the alerts ask for.

const CUSTODIANS = ['custodian1', 'custodian2', 'custodian3']
let world: OwnWorld
let collector: Awaited<ReturnType<typeof startCollector>>
let granary: CommandLine
let trent: Actor
let alice: Actor
let token: string
let run: Run
let id: string

const of = (lines: LogLine[], msg: string) => lines.filter((line) => line.id === id && line.msg === msg)

beforeAll(async () => {
  collector = await startCollector()
  world = await startWorld({
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '200' },
  })
  const pool = await world.createPool()
  alice = await newContributor(world)
  trent = await newTrainer(world)
  const terms = { pool, purposes: ['fine-tuning'], expires: null }
  const { id: dataset } = await contributeBytes(alice, randomBytes(2_000_000), terms)
  const { request } = await trent.client.requests.open({
    ...{ pool, purposes: ['fine-tuning'], recipient: trent.recipient },
    datasets: [dataset],
  })
  token = await signIn(world, trent.wallet)
  granary = commandLine(world)
  writeFileSync(granary.file('key'), `${trent.identity}\n`, { mode: 0o600 })
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = collector.url
  const words = [
    'fetch',
    request,
    '--out',
    granary.file('out'),
    '--identity',
    granary.file('key'),
    '--verbose',
  ]
  run = await granary.run(trent.wallet.privateKey, ...words)
  await waitFor('the settlement', async () => {
    await trent.client.settle()
    return (await spentOf(world, request)) > 0n
  })
  id = String(jsonLines(run.stderr).find(({ msg }) => msg === 'command')?.id)
  // Two custodians are enough for the command; the third one may still be at it. A line comes after its answer.
  await waitFor('the lines of all programs', () => {
    const asked = CUSTODIANS.every((name) => {
      const lines = logOf(world.dir, name)
      const toGateway = of(lines, 'outgoing').some(({ target }) => target === 'gateway')
      return toGateway && of(lines, 'request').some(({ route }) => route === '/v1/receipts')
    })
    const answered = of(logOf(world.dir, 'api'), 'request').map(({ route }) => route)
    const blocks = answered.filter((route) => route === '/ipfs/:cid').length
    return asked && blocks >= CUSTODIANS.length && answered.includes('/v1/datasets/:id/content')
  })
}, 240_000)

afterAll(async () => {
  delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT
  granary?.remove()
  await world?.end()
  await collector?.close()
})

describe("one trainer's fetch, by its request id", () => {
  it('is in the lines of the command, each with where it went and how it ended', () => {
    expect(run.code).toBe(0)
    const lines = of(jsonLines(run.stderr), 'outgoing')
    expect(lines.length).toBeGreaterThan(3)
    for (const line of lines) {
      expect(line).toMatchObject({ service: 'cli', method: expect.any(String), ms: expect.any(Number) })
      expect(line).toMatchObject({ to: new URL(world.api).host, outcome: expect.stringMatching(/^20[01]$/) })
    }
  })

  it("is in the API's lines, with the account that was signed in, and in its calls to every custodian", () => {
    const lines = logOf(world.dir, 'api')
    const routes = of(lines, 'request').map(({ method, route, status }) => `${method} ${route} ${status}`)
    expect(routes).toContain('POST /v1/access-requests/:id/releases/receipts 200')
    expect(routes).toContain('POST /v1/access-requests/:id/releases/shares 200')
    expect(routes).toContain('GET /v1/datasets/:id/content 200')
    const receipts = of(lines, 'request').find(({ route }) => /receipts/.test(route))
    expect(receipts).toMatchObject({ account: trent.address, ms: expect.any(Number), service: 'api' })
    const asked = new Set(of(lines, 'outgoing').map(({ to }) => to))
    for (const { endpoint } of world.facts.custodians) expect(asked).toContain(new URL(endpoint).host)
    expect(of(lines, 'outgoing').map(({ target }) => target)).toContain('chain')
  })

  it("is in each custodian's lines, and in those that its calls to chain and gateway left behind", () => {
    const threeAnswered = CUSTODIANS.filter((name) => {
      const lines = logOf(world.dir, name)
      const targets = of(lines, 'outgoing').map(({ target }) => target)
      expect(targets).toContain('chain')
      expect(of(lines, 'request').map(({ route }) => route)).toContain('/v1/receipts')
      return targets.includes('gateway')
    })
    expect(threeAnswered).toEqual(CUSTODIANS)
    const gateway = of(logOf(world.dir, 'api'), 'request').filter(({ route }) => route === '/ipfs/:cid')
    expect(gateway.length).toBeGreaterThanOrEqual(3)
  })

  it('is told with the error when something is refused', async () => {
    const refused = await granary.run(trent.wallet.privateKey, 'datasets', 'show', `0x${'ab'.repeat(32)}`)
    const { code, request } = refused.json.error
    expect(code).toBe('DATASET_UNKNOWN')
    const lines = () =>
      logOf(world.dir, 'api').filter((line) => line.id === request && line.msg === 'request')
    await waitFor('its line', () => lines().length > 0)
    expect(lines()).toContainEqual(expect.objectContaining({ status: 404, code: 'DATASET_UNKNOWN' }))
  })
})

describe('the logs', () => {
  it('have a line for each request of the API with the code of its problem, and never a path or a query', async () => {
    const given = { authorization: 'Bearer nonsense', 'x-request-id': 'a-request-of-this-test' }
    await call(world, 'GET', `/v1/access-requests?secret=${token}`, { headers: given }).catch(() => {})
    await call(world, 'GET', '/v1/pools/54321', { headers: given })
    const lines = () => logOf(world.dir, 'api').filter((line) => line.id === 'a-request-of-this-test')
    await waitFor('the lines', async () => lines().length >= 2)
    expect(lines()).toContainEqual(
      expect.objectContaining({
        msg: 'request',
        route: '/v1/pools/:id',
        status: 404,
        code: expect.any(String),
      }),
    )
    expect(JSON.stringify(lines())).not.toContain('54321')
  })

  it('hold no token, key, identity or signature', () => {
    const secrets = [
      token,
      trent.wallet.privateKey.slice(2),
      alice.wallet.privateKey.slice(2),
      trent.identity,
      alice.identity,
    ]
    const texts = ['api', ...CUSTODIANS].map((name) =>
      readFileSync(join(world.dir, 'logs', `${name}.log`), 'utf8'),
    )
    for (const text of [...texts, run.stderr]) {
      for (const secret of secrets) expect(text).not.toContain(secret)
      expect(text).not.toMatch(/0x[0-9a-f]{130}|bearer |granary_session|AGE-SECRET-KEY/i)
    }
  })
})

describe('traces', () => {
  const trace = (): CollectedSpan[] => {
    const root = collector.spans.find(
      (span) => span.attributes['granary.request'] === id && span.service === 'granary-cli',
    )
    return collector.spans.filter(({ traceId }) => traceId === root?.traceId)
  }

  it('show the fetch as one tree across command, API and custodians', async () => {
    // Each program sends its own when it likes: whose is last ended first.
    const path = () => {
      const spans = trace()
      const byId = new Map(spans.map((span) => [span.spanId, span]))
      const found: string[] = []
      for (
        let span = spans.find(({ name }) => name === 'POST /v1/receipts');
        span;
        span = byId.get(span.parentSpanId ?? '')
      )
        found.unshift(`${span.service} ${span.name}`)
      return found
    }
    await waitFor(
      'the spans of all programs',
      () =>
        path()[0]?.startsWith('granary-cli granary') === true &&
        trace().some(({ service, name }) => service === 'granary-custodian' && name === 'POST /v1/shares'),
    )
    const spans = trace()
    expect(new Set(spans.map(({ service }) => service))).toEqual(
      new Set(['granary-cli', 'granary-api', 'granary-custodian']),
    )
    expect(path()).toEqual([
      'granary-cli granary fetch',
      'granary-cli POST other',
      'granary-api POST /v1/access-requests/:id/releases/receipts',
      'granary-api POST other',
      'granary-custodian POST /v1/receipts',
    ])
  })
})

/** Metrics with at least one sample in what a program says of itself. */
async function scrape(url: string): Promise<Set<string>> {
  const answer = await fetch(`${url}/metrics`)
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain/)
  const text = await answer.text()
  expect(text).not.toMatch(/0x[0-9a-fA-F]{40}/)
  return new Set([...text.matchAll(/^([a-zA-Z_:][\w:]*)[{ ]/gm)].map(([, name]) => name!))
}

const ROOT = join(import.meta.dirname, '../..')
const METRIC = /\b(granary_\w+|process_\w+|nodejs_\w+)\b/g

describe('measurements', () => {
  let known: Set<string>
  beforeAll(async () => {
    await call(world, 'GET', '/v1/pools/54321')
    const all = await Promise.all(
      [world.api, ...world.facts.custodians.map(({ endpoint }) => endpoint)].map(scrape),
    )
    known = new Set(all.flatMap((names) => [...names]))
  })

  it('exist for everything that the dashboard and the alerts ask for', () => {
    const dashboard = JSON.parse(readFileSync(join(ROOT, 'ops/grafana/granary.json'), 'utf8'))
    const shown = dashboard.panels.flatMap((panel: { targets?: { expr: string }[] }) => panel.targets ?? [])
    const { groups } = parse(readFileSync(join(ROOT, 'ops/prometheus/alerts.yml'), 'utf8'))
    const alerts = groups.flatMap((group: { rules: { expr: string }[] }) => group.rules)
    const asked = [...shown, ...alerts].flatMap(({ expr }) =>
      [...expr.matchAll(METRIC)].map(([name]) => name),
    )
    expect(new Set(asked).size).toBeGreaterThan(20)
    expect([...new Set(asked)].filter((name) => !known.has(name))).toEqual([])
  })

  it('are all of ours on the dashboard', () => {
    const text = readFileSync(join(ROOT, 'ops/grafana/granary.json'), 'utf8')
    const ours = [...known].filter((name) => /^granary_/.test(name) && !/_(sum|count)$/.test(name))
    expect(ours.filter((name) => !text.includes(name))).toEqual([])
  })

  it('count what was judged, answered and refused', async () => {
    const custodian = await (await fetch(`${world.facts.custodians[0]!.endpoint}/metrics`)).text()
    expect(custodian).toMatch(/granary_custodian_datasets_total\{step="receipts",outcome="passed"\} [1-9]/)
    expect(custodian).toMatch(/granary_custodian_ready 1/)
    const api = await (await fetch(`${world.api}/metrics`)).text()
    expect(api).toMatch(/granary_errors_total\{code="\w+",route="\/v1\/pools\/:id"\} [1-9]/)
    expect(api).toMatch(/granary_outgoing_seconds_count\{target="chain",outcome="2xx"\} [1-9]/)
    expect(api).toMatch(/granary_relays_ended\{status="confirmed"\} [1-9]/)
  })
})

describe('a file', () => {
  it('came through all that', () => {
    expect(run.json.files[0].sha256).toBe(
      createHash('sha256').update(readFileSync(run.json.files[0].path)).digest('hex'),
    )
  })
})
