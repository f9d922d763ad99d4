import type { DatasetResource } from '@granary/protocol'
import { describe, expect, it } from '@jest/globals'
import { planOf } from './bulk.plan.js'
import { bulkRun, type RunState } from './bulk.run.js'

const YEAR = 365 * 86_400_000
const dataset = (change: Partial<DatasetResource>): DatasetResource =>
  ({
    id: '0x1',
    purposes: ['evaluation'],
    expires: new Date(Date.now() + YEAR).toISOString(),
    ask: false,
    status: 'active',
    ...change,
  }) as DatasetResource

describe('a change of many consents', () => {
  it('leaves out what is withdrawn, ended or already so', () => {
    const plan = planOf(
      [
        dataset({}),
        dataset({ status: 'withdrawn' }),
        dataset({ status: 'expired', expires: '2020-01-01T00:00:00.000Z' }),
        dataset({ purposes: ['retrieval'] }),
      ],
      { purposes: ['retrieval'] },
    )
    expect(plan).toMatchObject({ same: 1, withdrawn: 1, ended: 1, end: 0, ask: 0 })
    expect(plan.items.map(({ consent }) => consent.purposes)).toEqual([['retrieval']])
    expect([...plan.allow]).toEqual([['retrieval', 1]])
    expect([...plan.forbid]).toEqual([['evaluation', 1]])
  })

  it('takes up what has ended where it names a new end, and touches nothing else', () => {
    const ended = dataset({ status: 'expired', expires: '2020-01-01T00:00:00.000Z', ask: true })
    const { items, end } = planOf([ended], { expires: null })
    expect(end).toBe(1)
    expect(items[0]?.consent).toEqual({ purposes: ['evaluation'], expires: null, ask: true })
  })
})

/** Signs one after the other, and writes when told to. */
function signer(refuse: (item: number) => string | null = () => null) {
  const written: (() => void)[] = []
  const asked: number[] = []
  const act = async (item: number, sent: () => void) => {
    asked.push(item)
    await Promise.resolve()
    const code = refuse(item)
    if (code) throw Object.assign(new Error(code), { code })
    sent()
    await new Promise<void>((resolve) => written.push(resolve))
  }
  return { act, asked, writeAll: () => written.splice(0).map((write) => write()) }
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 5))
const numbers = (n: number) => Array.from({ length: n }, (_, place) => place)

describe('a run', () => {
  it('asks for one signature after the other and does not wait for the chain, but not for all at once', async () => {
    const { act, asked, writeAll } = signer()
    let state: RunState<number> | undefined
    const run = bulkRun(numbers(12), act, (now) => {
      state = now
    })
    const going = run.go()
    await soon()
    expect(asked).toHaveLength(8)
    expect(state).toMatchObject({ phase: 'running', done: 0, sent: 8 })
    writeAll()
    await soon()
    expect(state).toMatchObject({ done: 8, sent: 4 })
    writeAll()
    await going
    await soon()
    expect(state).toMatchObject({ phase: 'done', done: 12, sent: 0, failed: [] })
  })

  it('stops at a no, and goes on with the same one', async () => {
    let isRejected = true
    const { act, asked, writeAll } = signer((item) => (item === 1 && isRejected ? 'WALLET_REJECTED' : null))
    let state: RunState<number> | undefined
    const run = bulkRun(numbers(3), act, (now) => {
      state = now
    })
    await run.go()
    writeAll()
    await soon()
    expect(state).toMatchObject({ phase: 'stopped', done: 1, sent: 0, reason: { code: 'WALLET_REJECTED' } })
    isRejected = false
    const going = run.go()
    await soon()
    writeAll()
    await going
    await soon()
    expect(asked).toEqual([0, 1, 1, 2])
    expect(state).toMatchObject({ phase: 'done', done: 3 })
  })

  it('goes on past one that fails, and tries it again when told to', async () => {
    let isBroken = true
    const { act, writeAll } = signer((item) => (item === 0 && isBroken ? 'CONSENT_OUTDATED' : null))
    let state: RunState<number> | undefined
    const run = bulkRun(numbers(2), act, (now) => {
      state = now
    })
    await run.go()
    writeAll()
    await soon()
    expect(state).toMatchObject({ phase: 'done', done: 1, failed: [{ item: 0 }] })
    isBroken = false
    void run.again()
    await soon()
    writeAll()
    await soon()
    expect(state).toMatchObject({ phase: 'done', done: 2, failed: [] })
  })

  it('stops when its person says so: what is signed goes through', async () => {
    const { act, asked, writeAll } = signer()
    let state: RunState<number> | undefined
    const run = bulkRun(numbers(12), act, (now) => {
      state = now
    })
    void run.go()
    await soon()
    run.stop()
    writeAll()
    await soon()
    expect(asked).toHaveLength(8)
    expect(state).toMatchObject({ phase: 'stopped', done: 8, reason: null })
  })
})
