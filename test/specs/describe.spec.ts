import { writeFileSync } from 'node:fs'
import type { DatasetResource } from '@granary/protocol'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Actor, newContributor } from '../support/actors.js'
import { type CommandLine, commandLine } from '../support/command-line.js'
import { sharedWorld } from '../support/world.js'

// What a file holds is looked at on the contributor's machine; it is published when they say so, and no value ever.

const world = sharedWorld()
let cli: CommandLine
let alice: Actor
let pool: number

beforeAll(async () => {
  cli = commandLine(world)
  alice = await newContributor(world)
  pool = await world.createPool()
})
afterAll(() => {
  cli.remove()
  world.close()
})

const SECRET = 'nobody-may-read-this'
const CSV = `day,steps,remark\n2026-01-02,4100,${SECRET}\n2026-01-05,9800,"two\nlines"\n`

let files = 0
async function contribute(content: string | Buffer, ...options: string[]) {
  const file = cli.file(`steps-${++files}.csv`)
  writeFileSync(file, content)
  const terms = ['--pool', String(pool), '--purposes', 'evaluation']
  return cli.run(alice.wallet.privateKey, 'contribute', file, ...terms, ...options)
}

const metadata = async (id: string) => {
  const answer = await fetch(`${world.api}/v1/datasets/${id}`, { signal: AbortSignal.timeout(10_000) })
  return ((await answer.json()) as DatasetResource).metadata!
}

describe('granary contribute', () => {
  it('refuses a description that is too long before anything is sealed', async () => {
    const run = await contribute(CSV, '--description', 'a'.repeat(2_001))
    expect(run.code).toBe(1)
    expect(run.json.datasets).toEqual([])
    expect(run.json.error.code).toBe('DOCUMENT_INVALID')
  })

  it('takes one that is just short enough', async () => {
    const run = await contribute(CSV, '--description', 'a'.repeat(2_000))
    expect(run.json.error).toBeUndefined()
    expect((await metadata(run.json.datasets[0].id)).description).toBe('a'.repeat(2_000))
  })

  it('publishes columns, rows and days with --describe, and no value', async () => {
    const run = await contribute(`${CSV}2026-01-06,1,x\n`, '--describe')
    const [made] = run.json.datasets
    const { schema, ...rest } = await metadata(made.id)
    expect(schema).toMatchObject({
      format: 'csv',
      rows: 3,
      rowsExact: true,
      columns: [
        { name: 'day', type: 'date' },
        { name: 'steps', type: 'number' },
        { name: 'remark', type: 'string' },
      ],
      from: expect.stringContaining('2026-01-02'),
      to: expect.stringContaining('2026-01-06'),
    })
    expect(made).toMatchObject({ described: true, schema })
    expect(JSON.stringify({ schema, rest })).not.toContain(SECRET)
    expect(run.stderr).toContain('(published)')
    const shown = await cli.run(undefined, 'datasets', 'show', made.id)
    expect(shown.json.metadata.schema).toEqual(schema)
  })

  it('looks, and publishes nothing of it, when it is not told to', async () => {
    const run = await contribute(`${CSV}2026-01-07,2,y\n`)
    const [made] = run.json.datasets
    expect(made).toMatchObject({ described: false, schema: { format: 'csv', rows: 3 } })
    expect((await metadata(made.id)).schema).toBeUndefined()
    expect(run.stderr).toContain('not published')
  })

  it('does not even look with --no-describe', async () => {
    const run = await contribute(`${CSV}2026-01-08,3,z\n`, '--no-describe')
    expect(run.json.datasets[0]).toMatchObject({ described: false, schema: null })
    expect(run.stderr).not.toContain('holds')
  })

  it('contributes what it does not recognise as it is', async () => {
    const run = await contribute(Buffer.from([0, 255, 254, 1, 2, 3, 200]), '--describe')
    const [made] = run.json.datasets
    expect(made).toMatchObject({ described: false, schema: null })
    expect((await metadata(made.id)).schema).toBeUndefined()
  })
})
