import { describe, expect, it } from '@jest/globals'
import { timelineOf } from './timeline.js'

const at = (seconds: number) => new Date(seconds * 1000).toISOString()
const proposal = {
  state: 'active' as const,
  created: { block: 1, transaction: '0x' as const, time: at(100) },
  voteStart: at(110),
  voteEnd: at(130),
  queuedFor: null,
}
const dao = { timelockDelay: 5 }
const short = (
  state: Parameters<typeof timelineOf>[0]['state'],
  now: number,
  queuedFor: number | null = null,
) =>
  timelineOf(
    { ...proposal, state, queuedFor: queuedFor === null ? null : at(queuedFor) },
    dao,
    now * 1000,
  ).map(({ name, status }) => `${name} ${status}`)

describe('timelineOf', () => {
  it('shows where it stands and how far it can come', () => {
    expect(short('pending', 105)).toEqual([
      'proposed now',
      'begins future',
      'ends future',
      'queued future',
      'open future',
      'executed future',
    ])
    expect(short('active', 120).slice(0, 3)).toEqual(['proposed past', 'begins now', 'ends future'])
    expect(short('succeeded', 131)[2]).toBe('ends now')
    expect(short('queued', 136, 140).slice(3)).toEqual(['queued now', 'open future', 'executed future'])
    expect(short('queued', 141, 140).slice(3)).toEqual(['queued past', 'open now', 'executed future'])
    expect(short('executed', 150, 140).slice(3)).toEqual(['queued past', 'open past', 'executed now'])
  })

  it('ends where nothing more can come', () => {
    expect(short('defeated', 131)).toEqual(['proposed past', 'begins past', 'ends past', 'defeated now'])
    expect(short('canceled', 105)).toEqual(['proposed past', 'canceled now'])
  })
})
