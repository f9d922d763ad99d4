import { describe, expect, it } from '@jest/globals'
import { Interface } from 'ethers'
import { at, deployment } from '../../testing/deployment.js'
import { CONTRACT_ABIS } from '../contracts.js'
import { GranaryError } from '../errors.js'
import type { Hex } from '../hex.js'
import { ACTIONS, type ActionName } from './actions.js'
import type { ArgumentKind } from './arguments.js'
import { type ActionArguments, buildCall, type Call, describeCall } from './calls.js'

const words = { token: { symbol: 'gUSD', decimals: 18 } }
const TWO = '2000000000000000000'
const MEMBERS = ['1', '2', '3'].map((digit) => ({
  account: at(digit),
  endpoint: `http://custodian-${digit}.example`,
  recipient: `age1${digit}`,
}))
const SAMPLES: Record<ArgumentKind, unknown> = {
  account: at('a').toUpperCase().replace('0X', '0x'),
  pool: '1',
  price: TWO,
  amount: TWO,
  grain: TWO,
  seconds: 60,
  period: '120',
  time: 1_900_000_000,
  bps: '250',
  percent: 4n,
  digest: `0x${'ab'.repeat(32)}`,
  threshold: 2,
  members: MEMBERS,
  wei: '0',
  calldata: '0x',
}

function sampleOf(name: Exclude<ActionName, 'raw'>): ActionArguments {
  const wanted = Object.entries(ACTIONS[name].arguments) as [string, { kind: ArgumentKind }][]
  return Object.fromEntries(wanted.map(([argument, { kind }]) => [argument, SAMPLES[kind]]))
}

function refusal(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof GranaryError) return `${error.code}: ${error.message}`
    throw error
  }
  return 'not refused'
}
const say = (call: Call) => describeCall(call, deployment, words)

describe('buildCall', () => {
  it('refuses what it does not know, and names each argument at fault', () => {
    expect(refusal(() => buildCall('pool-burn', {}, deployment))).toMatch(/^ACTION_UNKNOWN/)
    expect(refusal(() => buildCall('toString', {}, deployment))).toMatch(/^ACTION_UNKNOWN/)
    const faults = refusal(() =>
      buildCall('pool-price', { pool: 0, price: '1.5', colour: 'red' }, deployment),
    )
    expect(faults).toMatch(/^ARGUMENT_INVALID.*colour.*pool must be.*price must be/)
    expect(refusal(() => buildCall('fees', { treasury: 5_001, custodians: 0 }, deployment))).toMatch(
      /treasury/,
    )
    expect(refusal(() => buildCall('guardian', { account: '0x12' }, deployment))).toMatch(/an address/)
    expect(refusal(() => buildCall('quorum', { percent: 101 }, deployment))).toMatch(/ARGUMENT_INVALID/)
    expect(refusal(() => buildCall('voting-period', { seconds: 0 }, deployment))).toMatch(/ARGUMENT_INVALID/)
    expect(refusal(() => buildCall('raw', { target: at('a'), data: '0x123' }, deployment))).toMatch(/data/)
  })

  it('takes no committee that could not be active', () => {
    const few = { threshold: 3, members: MEMBERS }
    expect(refusal(() => buildCall('committee-propose', few, deployment))).toMatch(/at most half/)
    const broken = { threshold: 2, members: [...MEMBERS, { account: at('4') }] }
    expect(refusal(() => buildCall('committee-propose', broken, deployment))).toMatch(/members must be/)
  })
})

describe('every action', () => {
  it.each(Object.keys(ACTIONS) as Exclude<ActionName, 'raw'>[])(
    '%s comes back as itself, in words',
    (name) => {
      const call = buildCall(name, sampleOf(name), deployment)
      expect(call).toMatchObject({ target: deployment[ACTIONS[name].contract], value: 0n })
      const { action, text, contract, method } = say(call)
      expect({ action, contract, method }).toEqual({
        action: name,
        contract: ACTIONS[name].contract,
        method: ACTIONS[name].method,
      })
      expect(text).toMatch(/^[A-Z]/)
      expect(text).not.toMatch(/[{}]|undefined/)
    },
  )
})

describe('describeCall', () => {
  it('says amounts, times and parts as people do', () => {
    expect(say(buildCall('pool-price', { pool: 1, price: TWO }, deployment)).text).toBe(
      'Set the price of pool 1 to 2 gUSD per use',
    )
    expect(say(buildCall('fees', { treasury: 525, custodians: 1000 }, deployment)).text).toContain('5.25 %')
    expect(say(buildCall('window', { seconds: 604_800 }, deployment)).text).toContain('7 days')
    expect(say(buildCall('trainer-suspend', { trainer: at('a') }, deployment)).text).toMatch(/^Suspend/)
    expect(say(buildCall('trainer-resume', { trainer: at('a') }, deployment)).text).toMatch(/^End/)
  })

  it('names a method of ours that is no action, with its arguments', () => {
    const data = new Interface(CONTRACT_ABIS.timelock).encodeFunctionData('grantRole', [
      `0x${'0'.repeat(64)}`,
      at('a'),
    ]) as Hex
    const { text, action, method, arguments: given } = say({ target: deployment.timelock, value: 5n, data })
    expect({ action, method }).toEqual({ action: null, method: 'grantRole' })
    expect(text).toMatch(/grantRole.*of timelock, sending 0\.000000000000000005 ether along/)
    expect(given.map(({ name }) => name)).toEqual(['role', 'account'])
  })

  it('hides nothing: strange contracts, strange methods and stray bytes are shown raw', () => {
    const price = buildCall('pool-price', { pool: 1, price: TWO }, deployment)
    const elsewhere = say({ ...price, target: at('c') })
    expect(elsewhere).toMatchObject({ action: null, contract: null, method: null })
    expect(elsewhere.text).toContain(price.data)
    const longer = say({ ...price, data: `${price.data}00` as Hex })
    expect(longer).toMatchObject({ action: null, method: null })
    expect(longer.text).toContain(`${price.data}00`)
    expect(say({ ...price, data: '0xdeadbeef' }).text).toContain('0xdeadbeef')
    expect(say({ target: at('c'), value: 10n ** 18n, data: '0x' }).text).toBe(
      `Send 1 ether to ${elsewhere.target}`,
    )
  })

  it('lets no character through that reorders what is read', () => {
    const members = MEMBERS.map((member, i) =>
      i === 0 ? { ...member, endpoint: 'http://a\u202e/' } : member,
    )
    const { text } = say(buildCall('committee-propose', { threshold: 2, members }, deployment))
    expect(text).not.toContain('\u202e')
  })
})
