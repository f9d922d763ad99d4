import type { NetworkResource, ProposalResource } from '@granary/protocol'

/** One state in a proposal's life. `at`: when it was or is to be, null when that depends on something. */
export interface Moment {
  name: 'proposed' | 'begins' | 'ends' | 'queued' | 'open' | 'executed' | 'canceled' | 'defeated'
  at: string | null
  status: 'past' | 'now' | 'future'
}

/** The life of a proposal up to where it can come; what has become impossible is left out. */
export function timelineOf(
  proposal: Pick<ProposalResource, 'state' | 'created' | 'voteStart' | 'voteEnd' | 'queuedFor'>,
  dao: Pick<NetworkResource['dao'], 'timelockDelay'>,
  now: number,
): Moment[] {
  const { state, created, voteStart, voteEnd, queuedFor } = proposal
  const isPast = (time: string) => Date.parse(time) <= now
  const point = (name: Moment['name'], at: string): Moment => ({
    name,
    at,
    status: isPast(at) ? 'past' : 'future',
  })
  const begun = [point('proposed', created.time), point('begins', voteStart)]
  if (state === 'canceled')
    return [...begun.filter(({ status }) => status === 'past'), { name: 'canceled', at: null, status: 'now' }]
  const voted = [...begun, point('ends', voteEnd)]
  if (state === 'defeated') return [...voted, { name: 'defeated', at: voteEnd, status: 'now' }]
  const decided = state === 'queued' || state === 'executed'
  const queuedAt = queuedFor ? new Date(Date.parse(queuedFor) - dao.timelockDelay * 1000).toISOString() : null
  const steps: Moment[] = [
    { name: 'queued', at: decided ? queuedAt : null, status: decided ? 'past' : 'future' },
    {
      name: 'open',
      at: queuedFor,
      status: state === 'executed' || (queuedFor !== null && isPast(queuedFor)) ? 'past' : 'future',
    },
    { name: 'executed', at: null, status: state === 'executed' ? 'now' : 'future' },
  ]
  const line = [...voted, ...steps]
  if (state === 'executed') return line
  // Where it stands: the last thing that has happened.
  const last = line.findLastIndex(({ status }) => status === 'past')
  return line.map((each, place) => (place === last ? { ...each, status: 'now' } : each))
}
