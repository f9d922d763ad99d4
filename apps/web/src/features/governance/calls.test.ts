import {
  ACTIONS,
  type ActionArguments,
  type ActionName,
  type ArgumentKind,
  buildCall,
  describeCall,
} from '@granary/protocol'
import { at, deployment } from '@granary/protocol/testing'
import { describe, expect, it } from '@jest/globals'
import { CALL_KINDS, callText } from './calls.js'

const token = { symbol: 'gUSD', decimals: 18 }
interface Action {
  arguments: Readonly<Record<string, { kind: ArgumentKind }>>
  takes: readonly (string | boolean)[]
}
const actions = Object.entries(ACTIONS) as [Exclude<ActionName, 'raw'>, Action][]

/** Of each kind some that are read. */
const SOME = {
  account: [at(1)],
  pool: ['7'],
  price: ['1', '3500000000000000000', '12345678900000000000000000'],
  amount: ['1', '1000000000000000001'],
  grain: ['0', '408000000000000000'],
  seconds: ['0', '1', '90', '604800'],
  period: ['1', '86400'],
  time: ['1', '1924948800', '4102444800'],
  bps: ['0', '250', '1001', '5000'],
  percent: ['0', '4', '100'],
  digest: [`0x${'ab'.repeat(32)}`],
  threshold: ['2'],
  members: [
    [1, 2, 3].map((digit) => ({ account: at(digit), endpoint: 'https://a.example', recipient: 'age1' })),
  ],
  wei: ['0'],
  calldata: ['0x'],
} as const

const say = (call: ReturnType<typeof buildCall>) => {
  const described = describeCall(call, deployment, { token })
  return [callText(described, token), described.text] as const
}

describe('the calls of a proposal in words', () => {
  it.each(actions)('knows what %s takes', (name, action) => {
    const named = action.takes.filter((each) => typeof each === 'string')
    expect(CALL_KINDS[name]).toEqual(named.map((each) => action.arguments[each as string]!.kind))
    expect(action.takes.slice(0, named.length)).toEqual(named)
  })

  it.each(actions.filter(([name]) => name !== 'committee-propose'))(
    'says of %s to the letter what the protocol says',
    (name, action) => {
      const most = Math.max(...Object.values(action.arguments).map(({ kind }) => SOME[kind].length))
      for (let turn = 0; turn < most; turn += 1) {
        const given = Object.fromEntries(
          Object.entries(action.arguments).map(([each, { kind }]) => [
            each,
            SOME[kind][turn % SOME[kind].length],
          ]),
        )
        const [ours, theirs] = say(buildCall(name, given as ActionArguments, deployment))
        expect(ours).toBe(theirs)
      }
    },
  )

  it('names every custodian of a committee with endpoint and key', () => {
    const [members] = SOME.members
    const [words] = say(buildCall('committee-propose', { threshold: 2, members }, deployment))
    for (const { account, endpoint } of members) expect(words).toContain(`${account}, ${endpoint}, age1`)
  })

  it.each([
    ['ether alone', { target: at(1), value: 5n * 10n ** 17n, data: '0x' }],
    ['data of a contract that is not ours', { target: `0x${'e'.repeat(40)}`, value: 0n, data: '0x12345678' }],
    ['that and ether', { target: `0x${'e'.repeat(40)}`, value: 1n, data: '0x12345678' }],
    ['no method of ours', { target: at(2), value: 0n, data: '0x12345678' }],
    ['an action with ether', { ...buildCall('pool-open', { pool: 1 }, deployment), value: 10n ** 18n }],
  ])('says of %s what the protocol says', (_what, call) => {
    const [ours, theirs] = say(call as ReturnType<typeof buildCall>)
    expect(ours).toBe(theirs)
  })
})
