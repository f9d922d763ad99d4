import type { PoolResource } from '@granary/protocol'
import { ACTIONS, type ActionName } from '@granary/protocol'
import { describe, expect, it } from '@jest/globals'
import { parseEther } from 'ethers'
import { argumentsOf, type Facts, faultsOf, GROUPS, readField } from './draft.js'

const ACCOUNT = '0x1234567890AbcdEF1234567890aBcdef12345678'
const pool = {
  id: 1,
  price: String(parseEther('2')),
  lowestPrice: String(parseEther('1')),
  closed: false,
} as PoolResource
const facts = { network: {}, pools: [pool], now: 1_800_000_000 } as unknown as Facts
const names = (action: ActionName, fields: Record<string, string>) =>
  Object.keys(faultsOf(action, fields, facts))

describe('a draft', () => {
  it('can be of every action that there is', () => {
    expect(Object.values(GROUPS).flat().sort()).toEqual([...Object.keys(ACTIONS), 'raw'].sort())
  })

  it.each([
    ['pool-price', { pool: '1', price: '0.5' }, ['price']],
    ['pool-price', { pool: '7', price: '5' }, ['pool']],
    ['pool-price', { pool: '1', price: '-1' }, ['price']],
    ['pool-price', { pool: '1', price: '0' }, ['price']],
    ['pool-price', { pool: '1', price: '1.0000000000000000001' }, ['price']],
    ['pool-price', { pool: '1' }, ['price']],
    ['pool-open', { pool: '1' }, ['pool']],
    ['fees', { treasury: '30', custodians: '20.01' }, ['custodians']],
    ['fees', { treasury: '50.01', custodians: '0' }, ['treasury']],
    ['treasury-pay', { to: '0x12', amount: '1' }, ['to']],
    ['trainer-approve', { trainer: ACCOUNT, until: '2020-01-01' }, ['until']],
    ['trainer-approve', { trainer: ACCOUNT, until: 'tomorrow' }, ['until']],
    ['voting-period', { seconds: '0' }, ['seconds']],
    ['voting-period', { seconds: '1.5' }, ['seconds']],
    ['quorum', { percent: '101' }, ['percent']],
    ['committee-propose', { threshold: '2', members: `${ACCOUNT} http://a age1x` }, ['threshold']],
    ['committee-propose', { threshold: '2', members: 'nonsense' }, ['members']],
    ['raw', { target: ACCOUNT, data: '0x0' }, ['data']],
  ] as const)('%s %j has a fault in %j', (action, fields, faults) => {
    expect(names(action, fields as unknown as Record<string, string>)).toEqual(faults)
  })

  it.each([
    ['pool-price', { pool: '1', price: '1' }, { pool: 1n, price: parseEther('1') }],
    ['pool-price', { pool: '1', price: '1,5' }, { pool: 1n, price: parseEther('1.5') }],
    ['fees', { treasury: '30', custodians: '20' }, { treasury: 3000n, custodians: 2000n }],
    ['voting-period', { seconds: '2', 'seconds.unit': 'days' }, { seconds: 172_800n }],
    ['raw', { target: ACCOUNT }, { target: ACCOUNT, value: 0n, data: '0x' }],
  ] as const)('%s %j is read', (action, fields, values) => {
    const given = fields as unknown as Record<string, string>
    expect(names(action, given)).toEqual([])
    expect(argumentsOf(action, given, '')).toEqual(values)
  })

  it('takes the whole of the last day', () => {
    const until = readField({ name: 'until', kind: 'time' }, { until: '2030-12-31' })
    expect(until).toBe(BigInt(Date.UTC(2030, 11, 31, 23, 59, 59) / 1000))
  })
})
