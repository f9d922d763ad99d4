import { describe, expect, it } from '@jest/globals'
import { at, deployment } from '../../testing/deployment.js'
import { codeOf, vectors } from '../../testing/vectors.js'
import type { Address } from '../hex.js'
import {
  delegationTypedData,
  MESSAGES,
  type MessageName,
  messageSchema,
  messageTypes,
  permitTypedData,
  typedData,
} from '../messages/index.js'
import {
  describeMessage,
  isLike,
  MESSAGE_WORDS,
  PERMIT_WORDS,
  type SignedName,
  STANDARD_WORDS,
  wordsOf,
} from './index.js'

const known = vectors<{
  chainId: number
  verifyingContract: Address
  signer: Address
  messages: { name: MessageName; message: Record<string, unknown> }[]
}>('messages')
const sample = (name: MessageName, change: object = {}) => {
  const { message } = known.messages.find((one) => one.name === name)!
  const value = { ...(messageSchema(name).parse(message as never) as object), ...change }
  return typedData(name, value as never, deployment) as unknown as {
    domain: Record<string, unknown>
    types: Record<string, { name: string; type: string }[]>
    message: Record<string, unknown>
  }
}
const say = ({ domain, types, message }: ReturnType<typeof sample>) =>
  describeMessage(domain, types, message, deployment)

const permit = (change: object = {}) => {
  const { domain, types, message } = permitTypedData({
    chainId: known.chainId,
    token: deployment.token,
    tokenName: 'Test Dollar',
    owner: known.signer,
    spender: deployment.accessRequests,
    value: 5n,
    nonce: 0n,
    deadline: 9n,
  })
  return { domain: { ...domain }, types, message: { ...message, ...change } as Record<string, unknown> }
}

describe('the words of messages', () => {
  it.each([...new Set(known.messages.map(({ name }) => name))])('are there for every field of %s', (name) => {
    const fields = MESSAGES[name].fields.map((field) => field.name)
    expect(Object.keys(MESSAGE_WORDS[name].fields)).toEqual(fields)
  })

  it('are there for every field of a permit', () => {
    expect(Object.keys(PERMIT_WORDS.fields)).toEqual(permit().types.Permit!.map(({ name }) => name))
  })

  it('fit a small screen, and say what cannot happen', () => {
    for (const name of [...Object.keys(MESSAGES), ...Object.keys(STANDARD_WORDS)] as SignedName[]) {
      const { intent, cannot } = wordsOf(name)
      expect(intent.length).toBeLessThanOrEqual(30)
      expect(cannot.length).toBeGreaterThan(0)
    }
  })
})

describe('a description', () => {
  it.each(known.messages.map(({ name }, index) => [index, name] as const))(
    '%i of a %s has all of its fields',
    (index, name) => {
      const { message } = known.messages[index]!
      const { domain, types } = sample(name)
      const value = messageSchema(name).parse(message as never) as unknown as Record<string, unknown>
      const found = describeMessage(domain, types, value, deployment)
      expect(found).toMatchObject({ name, contract: MESSAGES[name].contract, chainId: known.chainId })
      const json = Object.fromEntries(found.facts.map((fact) => [fact.name, fact.value]))
      expect(
        JSON.parse(JSON.stringify(json, (_key, part) => (typeof part === 'number' ? String(part) : part))),
      ).toEqual(
        JSON.parse(JSON.stringify(message, (_key, part) => (typeof part === 'number' ? String(part) : part))),
      )
    },
  )

  it('of a no says that it cannot be undone', () => {
    expect(say(sample('Approval', { granted: false })).cannot).toContain('be-undone')
    expect(say(sample('Approval', { granted: true })).cannot).not.toContain('be-undone')
  })

  it('of a permit is there for the escrow of requests only', () => {
    expect(say(permit()).facts.find(({ name }) => name === 'value')?.value).toBe('5')
    expect(codeOf(() => say(permit({ spender: at(6) })))).toBe('MESSAGE_UNKNOWN')
    expect(codeOf(() => say(permit({ more: 1 })))).toBe('MESSAGE_INVALID')
    const { domain, ...rest } = permit()
    expect(codeOf(() => say({ ...rest, domain: { ...domain, verifyingContract: at(3) } }))).toBe(
      'NETWORK_MISMATCH',
    )
  })

  type Sample = ReturnType<typeof sample>
  it.each<[string, string, (typed: Sample) => Sample]>([
    [
      'another type',
      'MESSAGE_UNKNOWN',
      (t) => ({ ...t, types: { Mail: [{ name: 'to', type: 'address' }] } }),
    ],
    ['no type', 'MESSAGE_UNKNOWN', (t) => ({ ...t, types: {} })],
    [
      'a type of its name with another field',
      'MESSAGE_UNKNOWN',
      (t) => ({ ...t, types: { Withdrawal: [...t.types.Withdrawal!, { name: 'to', type: 'address' }] } }),
    ],
    [
      'a type of its name with its fields in another order',
      'MESSAGE_UNKNOWN',
      (t) => ({ ...t, types: { Withdrawal: [...t.types.Withdrawal!].reverse() } }),
    ],
    ['a second type', 'MESSAGE_UNKNOWN', (t) => ({ ...t, types: { ...t.types, ...messageTypes('Join') } })],
    ['a name of the prototype', 'MESSAGE_UNKNOWN', (t) => ({ ...t, types: { constructor: [] } })],
    ['another domain', 'MESSAGE_UNKNOWN', (t) => ({ ...t, domain: { ...t.domain, name: 'Granery' } })],
    ['another version', 'MESSAGE_UNKNOWN', (t) => ({ ...t, domain: { ...t.domain, version: '2' } })],
    ['a salt', 'MESSAGE_UNKNOWN', (t) => ({ ...t, domain: { ...t.domain, salt: `0x${'1'.repeat(64)}` } })],
    ['another chain', 'NETWORK_MISMATCH', (t) => ({ ...t, domain: { ...t.domain, chainId: 1 } })],
    ['no contract', 'NETWORK_MISMATCH', (t) => ({ ...t, domain: { ...t.domain, verifyingContract: null } })],
    [
      'another contract of ours',
      'NETWORK_MISMATCH',
      (t) => ({ ...t, domain: { ...t.domain, verifyingContract: at(5) } }),
    ],
    ['a field missing', 'MESSAGE_INVALID', (t) => ({ ...t, message: { owner: t.message.owner } })],
    ['a field too many', 'MESSAGE_INVALID', (t) => ({ ...t, message: { ...t.message, more: 1 } })],
    [
      'a value of another kind',
      'MESSAGE_INVALID',
      (t) => ({ ...t, message: { ...t.message, content: '0x12' } }),
    ],
  ])('is refused of %s', (_what, code, change) => {
    expect(codeOf(() => say(change(sample('Withdrawal'))))).toBe(code)
  })
})

describe('contributions', () => {
  const contribution = (change: object = {}) =>
    say(sample('Contribution', { purposes: 4, flags: 2, ...change }))
  const word = `0x${'7'.repeat(64)}`

  it('are alike when the file alone differs', () => {
    expect(
      isLike(contribution(), contribution({ content: word, metadata: word, deadline: 1n, flags: 0 })),
    ).toBe(true)
  })

  it.each([[{ purposes: 5 }], [{ expires: 0 }], [{ pool: 2 }], [{ flags: 3 }], [{ owner: at(1) }]])(
    'are not when %j',
    (change) => {
      expect(isLike(contribution(), contribution(change))).toBe(false)
    },
  )

  it('are like nothing else', () => {
    expect(isLike(contribution(), say(sample('Withdrawal')))).toBe(false)
  })
})

describe('a delegation of votes', () => {
  const delegation = (change: object = {}) => {
    const { domain, types, message } = delegationTypedData(
      { delegatee: at(4), nonce: 3n, expiry: 9n },
      deployment,
    )
    return { domain: { ...domain }, types, message: { ...message, ...change } as Record<string, unknown> }
  }
  const said = ({ domain, types, message }: ReturnType<typeof delegation>) =>
    describeMessage(domain, types, message, deployment)

  it('is told with every field, for GrainToken', () => {
    expect(said(delegation())).toMatchObject({
      name: 'Delegation',
      verifyingContract: deployment.grainToken,
      facts: [
        { name: 'delegatee', format: 'account', value: at(4) },
        { name: 'nonce', value: '3' },
        { name: 'expiry', format: 'time', value: '9' },
      ],
    })
    expect(Object.keys(STANDARD_WORDS.Delegation.fields)).toEqual(
      delegation().types.Delegation!.map(({ name }) => name),
    )
  })

  it('is not told for another contract, or with a field more or less', () => {
    const elsewhere = delegation()
    elsewhere.domain.verifyingContract = deployment.governor
    expect(codeOf(() => said(elsewhere))).toBe('NETWORK_MISMATCH')
    for (const change of [{ value: 1n }, { expiry: undefined }])
      expect(codeOf(() => said(delegation(change)))).toBe('MESSAGE_INVALID')
  })
})

describe('changes of consent, and withdrawals', () => {
  const word = `0x${'7'.repeat(64)}`
  const consent = { purposes: 4, expires: 1_900_000_000, ask: false }
  it.each([
    ['ConsentUpdate', consent, { dataset: word, issued: 1, deadline: 1n }, { purposes: 5 }],
    ['ConsentUpdate', consent, { dataset: word }, { expires: 0 }],
    ['ConsentUpdate', consent, { dataset: word }, { ask: true }],
    ['Withdrawal', {}, { content: word }, { owner: at(1) }],
  ] as const)('%s: are alike when the dataset alone differs', (name, terms, other, others) => {
    const one = say(sample(name, terms))
    expect(isLike(one, say(sample(name, { ...terms, ...other })))).toBe(true)
    expect(isLike(one, say(sample(name, { ...terms, ...others })))).toBe(false)
  })

  it.each(['OwnerRelease', 'TrainerApplication'] as const)('%s: is never alike', (name) => {
    expect(isLike(say(sample(name)), say(sample(name)))).toBe(false)
  })
})
