import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from '@jest/globals'

const ROOT = join(import.meta.dirname, '../..')

// What it measures is worth nothing at this size; that each part can be measured after the one before it is the promise.
describe('npm run bench, all parts in one run', () => {
  // biome-ignore lint/suspicious/noExplicitAny: the document that it prints
  let report: any
  beforeAll(async () => {
    const { NODE_OPTIONS: _, KUBO_URL: __, ...env } = process.env
    const sizes = ['--mebibytes', '1', '--rounds', '1']
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['scripts/bench.mjs', '--json', ...sizes],
      {
        cwd: ROOT,
        env,
      },
    )
    report = JSON.parse(stdout)
  }, 600_000)

  it.each(['node', 'chromium'])('measures sealing and opening in %s beside three peers', (place) => {
    for (const direction of ['sealing', 'opening']) {
      const rows: { peer: string; megabytesPerSecond: number }[] = report[place][direction]
      expect(rows.map(({ peer }) => peer)).toEqual(['native', 'granary', 'age', 'openpgp'])
      for (const { megabytesPerSecond } of rows) expect(megabytesPerSecond).toBeGreaterThan(0)
    }
  })

  it('measures an upload beside a copy, and says what bounds it', () => {
    expect(report.upload).toMatchObject({ store: 'embedded', ratio: expect.any(Number) })
    expect(report.upload.mebibytesPerSecond).toBeGreaterThan(0)
    expect(report.upload.cores.api).toBeGreaterThan(0)
    expect(report.upload.secondsOfGibibyte.api).toBeGreaterThan(0)
  })

  it('measures the whole pipeline, a custodian and the loop', () => {
    expect(report.node.pipeline.megabytesPerSecond).toBeGreaterThan(0)
    expect(report.custody.custodian.releasesPerSecond).toBeGreaterThan(0)
    expect(report.loop.total).toBeGreaterThan(0)
  })

  it('keeps a contribution in a batch of 100 under 38,000 gas', () => {
    const calls: { call: string; items: number; gas: number }[] = report.custody.gas
    const batched = calls.find(({ call, items }) => call.endsWith('.contribute') && items === 100)
    expect(batched?.gas).toBeGreaterThan(21_000)
    expect(batched?.gas).toBeLessThan(38_000)
  })
})
