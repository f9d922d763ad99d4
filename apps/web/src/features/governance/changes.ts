import type { NetworkResource, PoolResource, ProposalCall, TrainerResource } from '@granary/protocol'
import { duration, percent } from '../../lib/duration.js'
import { amount, day, short } from '../../lib/format.js'
import { changes as text } from './members.messages.js'

/** What is in effect now, as far as it is known. */
export interface Now {
  network: NetworkResource
  pools: readonly PoolResource[]
  trainer(address: string): TrainerResource | undefined
}

/** One thing that a call changes: how it is now and how it would be; `before` null = it is not known here. */
export interface Change {
  what: string
  before: string | null
  after: string
}

const GRAIN = { symbol: 'GRAIN', decimals: 18 }

/** What a call of a known action changes, beside what is in effect now. Nothing for what only happens once. */
export function changesOf(call: Pick<ProposalCall, 'action' | 'arguments'>, now: Now): Change[] {
  const { dao, token, committee } = now.network
  const [first = '', second = ''] = call.arguments.map(({ value }) => value)
  const money = (value: string) => amount(value, token)
  const pool = now.pools.find(({ id }) => String(id) === first)
  const poolName = text.pool(pool?.title ?? null, first)
  const one = (what: string, before: string | null, after: string) => [{ what, before, after }]
  const seconds = (what: string, before: number) => one(what, duration(before), duration(Number(first)))
  const trainer = () => {
    const found = now.trainer(first)
    return found ? text.trainerState[found.status] : null
  }
  switch (call.action) {
    case 'pool-price':
      return one(text.price(poolName), pool ? money(pool.price) : null, money(second))
    case 'pool-close':
    case 'pool-open': {
      const after = call.action === 'pool-open' ? text.open : text.closed
      return one(poolName, pool ? (pool.closed ? text.closed : text.open) : null, after)
    }
    case 'fees': {
      const rest = (a: number, b: number) => percent(10_000 - a - b)
      return [
        { what: text.treasuryPart, before: percent(dao.treasuryBps), after: percent(Number(first)) },
        { what: text.custodiansPart, before: percent(dao.custodiansBps), after: percent(Number(second)) },
        {
          what: text.ownersPart,
          before: rest(dao.treasuryBps, dao.custodiansBps),
          after: rest(Number(first), Number(second)),
        },
      ]
    }
    case 'window':
      return seconds(text.window, dao.window)
    case 'voting-delay':
      return seconds(text.votingDelay, dao.votingDelay)
    case 'voting-period':
      return seconds(text.votingPeriod, dao.votingPeriod)
    case 'timelock-delay':
      return seconds(text.timelockDelay, dao.timelockDelay)
    case 'proposal-threshold':
      return one(text.threshold, amount(dao.threshold, GRAIN), amount(first, GRAIN))
    case 'quorum':
      return one(text.quorum, `${dao.quorumPercent} %`, `${first} %`)
    case 'guardian':
      return one(text.guardian, dao.guardian ? short(dao.guardian) : text.nobody, short(first))
    case 'treasury-set':
      return one(text.treasury, dao.treasury ? short(dao.treasury) : text.nobody, short(first))
    case 'council-add':
    case 'council-remove': {
      const isIn = dao.council.some((each) => each.toLowerCase() === first.toLowerCase())
      const after = call.action === 'council-add' ? text.inCouncil : text.notInCouncil
      return one(short(first), isIn ? text.inCouncil : text.notInCouncil, after)
    }
    case 'trainer-approve':
      return one(
        text.trainer(short(first)),
        trainer(),
        text.approvedUntil(day(new Date(Number(second) * 1000))),
      )
    case 'trainer-revoke':
      return one(text.trainer(short(first)), trainer(), text.trainerState.ended)
    case 'trainer-suspend':
      return one(text.trainer(short(first)), trainer(), text.trainerState.suspended)
    case 'trainer-resume':
      return one(text.trainer(short(first)), trainer(), text.resumed)
    case 'committee-propose': {
      const count = second === '' ? 0 : (second.match(/0x[0-9a-fA-F]{40}/g)?.length ?? 0)
      return one(
        text.committee,
        committee ? text.someOf(committee.threshold, committee.members.length) : text.nobody,
        text.someOf(Number(first), count),
      )
    }
    default:
      return []
  }
}
