import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from '@jest/globals'

const ROOT = join(import.meta.dirname, '../..')
const ROUTES = [
  ...['first-page', 'cursor', 'dataset', 'owner', 'pools', 'rewards', 'block'],
  ...['sign-in', 'order'],
]

const bench = (...args: string[]) => {
  const { NODE_OPTIONS: _, ...env } = process.env
  return promisify(execFile)(process.execPath, ['scripts/bench-load.mjs', ...args], { cwd: ROOT, env })
}

describe('npm run bench:load, what it refuses', () => {
  it.each([
    ['--quickly'],
    ['--seconds', '0'],
    ['--seconds', 'many'],
    ['--rounds', '1.5'],
    ['--minutes', '-1'],
    ['--only', 'reads'],
    ['words'],
  ])('%s %s', async (...args) => {
    await expect(bench(...args)).rejects.toMatchObject({ code: 2, stdout: '' })
  })
})

// What it measures is worth nothing at this size; that everything can be measured, and that the bare server answers what
// the API answers, is the promise.
describe('npm run bench:load, all of it in one run', () => {
  // biome-ignore lint/suspicious/noExplicitAny: the document that it prints
  let report: any
  beforeAll(async () => {
    const sizes = {
      datasets: 120,
      seconds: 0.2,
      rounds: 1,
      connections: 2,
      // Long enough for a contribution, and for one that is fetched, on a machine with much else to do.
      window: 8,
      contributors: 2,
      minutes: 0.4,
    }
    const args = Object.entries(sizes).flatMap(([name, size]) => [`--${name}`, String(size)])
    const { stdout } = await bench('--json', ...args)
    report = JSON.parse(stdout)
  }, 600_000)

  it('says on which database, and which limits were raised', () => {
    expect(report.database).toMatch(/PostgreSQL/)
    expect(Number(report.raised.RATE_LIMIT_PER_MINUTE)).toBeGreaterThan(1_200)
  })

  it('measures each route beside the bare server', () => {
    expect(report.routes.map(({ name }: { name: string }) => name)).toEqual(ROUTES)
    for (const { api, bare, ratio } of report.routes) {
      for (const { perSecond, p50, p99 } of [api, bare]) {
        expect(perSecond).toBeGreaterThan(0)
        expect(p99).toBeGreaterThanOrEqual(p50)
      }
      expect(ratio.median).toBeGreaterThanOrEqual(ratio.least)
      expect(ratio.median).toBeLessThanOrEqual(ratio.most)
    }
  })

  it('measures contributions until they are in the catalogue', () => {
    expect(report.contributions.count).toBeGreaterThan(0)
    expect(Object.keys(report.contributions.steps)).toEqual(['upload', 'accepted', 'relayed', 'listed'])
  })

  it('follows the memory of API and custodians while everything happens at once', () => {
    const names = report.memory.processes.map(({ name }: { name: string }) => name)
    expect(names.sort()).toEqual(['api', 'custodian1', 'custodian2', 'custodian3'])
    for (const { first, last, mebibytesAMinute, halves } of report.memory.processes) {
      expect(halves.map(Number.isFinite)).toEqual([true, true])
      expect(first).toBeGreaterThan(10)
      expect(last).toBeGreaterThan(10)
      expect(Number.isFinite(mebibytesAMinute)).toBe(true)
    }
    for (const { live } of report.memory.processes) {
      // Within seconds there may be no full collection.
      if (live === null) continue
      expect(live.last).toBeGreaterThan(1)
      expect(Number.isFinite(live.mebibytesAMinute)).toBe(true)
      // Compiled code is a part of it.
      expect(live.code.last).toBeGreaterThan(0)
      expect(live.code.last).toBeLessThan(live.last)
    }
    for (const count of Object.values(report.memory.done)) expect(count).toBeGreaterThan(0)
  })
})
