import { describe, expect, it } from '@jest/globals'
import { changes, consentOf, draftOf } from './consent.js'

const soon = new Date(Date.now() + 40 * 86_400_000)
soon.setMilliseconds(0)
const current = {
  purposes: ['evaluation' as const, 'commercial' as const],
  expires: soon.toISOString(),
  ask: false,
  status: 'active' as const,
}

describe('a change of consent', () => {
  it('is none when the form is left as it was, to the second', () => {
    expect(changes(current, consentOf(draftOf(current), current))).toEqual([])
  })

  it('names what is allowed, what no longer is, the end and the mode', () => {
    const draft = {
      purposes: ['evaluation' as const, 'fine-tuning' as const],
      expiry: { kind: 'never' as const },
      ask: true,
    }
    expect(changes(current, consentOf(draft, current))).toEqual([
      { kind: 'allow', purposes: ['fine-tuning'] },
      { kind: 'forbid', purposes: ['commercial'] },
      { kind: 'end', end: null },
      { kind: 'ask', ask: true },
    ])
  })

  it('proposes a new end where the old one has passed', () => {
    const ended = { ...current, status: 'expired' as const, expires: '2020-01-01T00:00:00.000Z' }
    expect(draftOf(ended).expiry).toEqual({ kind: 'years', years: 2 })
    expect(changes(ended, consentOf(draftOf(ended), ended))).toMatchObject([{ kind: 'end' }])
  })
})
