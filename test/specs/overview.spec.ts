import { MAX_STATISTICS_DAYS, type StatisticsResource } from '@granary/protocol'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parseEther } from 'ethers'
import { contributeBytes, newContributor } from '../support/actors.js'
import { makeMembers } from '../support/members.js'
import { call } from '../support/rest.js'
import { type OwnWorld, startWorld, waitFor } from '../support/world.js'

// The network as a whole: statistics by day, treasury, custodians, delegation of votes. On a network of its own, whose sums
// are known.

let world: OwnWorld

beforeAll(async () => {
  world = await startWorld()
}, 120_000)
afterAll(() => world?.stop())

const today = () => new Date().toISOString().slice(0, 10)
const stats = async (query = '') => call(world, 'GET', `/v1/statistics${query}`)
const DAY_MS = 86_400_000
const ago = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10)

describe('GET /v1/statistics', () => {
  it('refuses days that are none, that run backwards, and more of them than one answer has', async () => {
    for (const query of ['?from=yesterday', '?from=2026-02-30', '?from=2026-05-02&to=2026-05-01', '?to=']) {
      const { status, body } = await stats(query)
      expect([query, status, body.code]).toEqual([query, 400, 'VALIDATION_FAILED'])
    }
    expect((await stats(`?from=${ago(MAX_STATISTICS_DAYS)}`)).body.code).toBe('VALIDATION_FAILED')
    expect((await stats(`?from=${ago(MAX_STATISTICS_DAYS - 1)}`)).body.days).toHaveLength(MAX_STATISTICS_DAYS)
    expect((await stats('?from=2200-01-01')).body.code).toBe('VALIDATION_FAILED')
  })

  it('counts contributors once, datasets, uses, what they earned and what was claimed', async () => {
    const nothing = (await stats()).body as StatisticsResource
    expect(nothing.days).toHaveLength(90)
    expect(nothing.total).toEqual({ contributors: 0, datasets: 0, uses: 0, earned: '0', claimed: '0' })
    const [alice, anna] = [await newContributor(world, 'Alice'), await newContributor(world, 'Anna')]
    const pool = await world.createPool({ price: parseEther('1') })
    for (const text of ['one', 'two', 'three'])
      await contributeBytes(alice, new TextEncoder().encode(text), {
        pool,
        purposes: ['evaluation'],
        expires: null,
      })
    await makeMembers(world, [alice, anna], parseEther('2'))
    // Changing a consent makes its row again and must not count twice.
    for await (const { id } of alice.client.datasets.list({ owner: alice.address }))
      await alice.client.datasets.changeConsent(id, { purposes: ['pretraining'] })
    const { body } = await stats(`?from=${ago(1)}`)
    const { total, days, before } = body as StatisticsResource
    const expected = {
      contributors: 2,
      datasets: 5,
      uses: 2,
      earned: parseEther('3.4').toString(),
      claimed: parseEther('3.4').toString(),
    }
    expect(total).toEqual(expected)
    expect(before).toMatchObject({ datasets: 0 })
    expect(days.at(-1)).toEqual({ day: today(), ...expected })
    expect((await stats(`?from=2000-01-01&to=2000-01-03`)).body.days).toHaveLength(3)
    expect((await stats(`?from=${ago(-1)}&to=${ago(-2)}`)).body.before).toEqual(expected)
    expect(await alice.client.overview.statistics()).toMatchObject({ total: expected })
    const told = await world.cli(['stats', '--json'])
    expect(told.result).toMatchObject({ total: expected })
    expect((await world.cli(['stats', '--days', 'x', '--json'])).result).toMatchObject({
      error: { code: 'ARGUMENT_INVALID' },
    })
  }, 120_000)
})
