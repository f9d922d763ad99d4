import { describe, expect, it } from '@jest/globals'
import { vectors } from '../testing/vectors.js'
import { isErrorCode } from './errors.js'
import { accessRequestRefusal, consentUpdateRefusal, contributionRefusal, releaseRefusal } from './rules.js'

/** A case is the template with the change, met by the state with the case's own. */
interface Rule {
  template: Record<string, unknown>
  state: Record<string, unknown>
  cases: { name: string; code: string | null; change: object; state: object }[]
}
type Vectors = { now: number } & Record<'Contribution' | 'ConsentUpdate' | 'AccessRequest' | 'Release', Rule>

const known = vectors<Vectors>('refusals')
const { now } = known

/** Amounts are strings in the vectors, all else is as in the program. */
type Message = Record<string, string | number>

function cases(rule: Rule) {
  return rule.cases.map(({ name, code, change, state }) => {
    const message = { ...rule.template, ...change } as Message
    const met = { ...rule.state, ...state }
    return [name, code, message, met] as const
  })
}

describe('a contribution', () => {
  it.each(cases(known.Contribution))('%s: %s', (_name, code, message, state) => {
    const deadline = BigInt(message.deadline!)
    expect(contributionRefusal({ ...message, deadline } as never, { now, ...state } as never)).toBe(code)
  })
})

describe('a change of consent', () => {
  it.each(cases(known.ConsentUpdate))('%s: %s', (_name, code, message, state) => {
    const deadline = BigInt(message.deadline!)
    expect(consentUpdateRefusal({ ...message, deadline } as never, { now, ...state } as never)).toBe(code)
  })
})

describe('an access request', () => {
  it.each(cases(known.AccessRequest))('%s: %s', (_name, code, message, state) => {
    const pool = state.pool as unknown as { exists: boolean; closed: boolean; price: string }
    const read = {
      ...message,
      deadline: BigInt(message.deadline!),
      maxTotalPrice: BigInt(message.maxTotalPrice!),
    }
    const met = {
      now,
      exists: state.request !== null,
      trainer: state.trainer as never,
      pool: { ...pool, price: BigInt(pool.price) },
    }
    expect(accessRequestRefusal(read as never, met)).toBe(code)
  })
})

describe('a release', () => {
  it.each(cases(known.Release))('%s: %s', (_name, code, request, state) => {
    expect(releaseRefusal(request as never, { now, ...state } as never)).toBe(code)
  })
})

it('every code of the cases is in the catalogue', () => {
  const rules = [known.Contribution, known.ConsentUpdate, known.AccessRequest, known.Release]
  const codes = rules.flatMap((rule) => rule.cases.map((entry) => entry.code)).filter((code) => code !== null)
  expect(codes.filter((code) => !isErrorCode(code))).toEqual([])
})
