import { readFlags } from '@granary/protocol'
import type { ChainEvent } from './events.js'

// Rows are made from events alone: each function takes all events of one thing in the chain's order and gives its row,
// or null when there is none. So a chain that went back is dealt with by making the rows again.

const text = (event: ChainEvent, name: string): string => String(event.args[name])
const whole = (event: ChainEvent, name: string): bigint => BigInt(text(event, name))
const small = (event: ChainEvent, name: string): number => Number(text(event, name))

const place = ({ position, block, transaction, time }: ChainEvent) => ({ position, block, transaction, time })

/** A dataset; a withdrawal without contribution (a tombstone) makes no row. */
export function foldDataset(events: ChainEvent[]) {
  const first = events.find((event) => event.name === 'Contributed')
  if (!first?.dataset) return null
  const { ask, rawRoot } = readFlags(small(first, 'flags'))
  const row = {
    id: first.dataset,
    owner: text(first, 'owner'),
    content: text(first, 'content'),
    metadata: text(first, 'metadata'),
    pool: small(first, 'pool'),
    purposes: whole(first, 'purposes'),
    expires: whole(first, 'expires'),
    ask,
    rawRoot,
    withdrawn: false,
    ...place(first),
  }
  for (const event of events) {
    if (event.name === 'Withdrawn') row.withdrawn = true
    if (event.name !== 'ConsentUpdated') continue
    row.purposes = whole(event, 'purposes')
    row.expires = whole(event, 'expires')
    row.ask = event.args.ask === true
  }
  return row
}

export function foldPool(events: ChainEvent[]) {
  const first = events.find((event) => event.name === 'PoolCreated')
  if (!first) return null
  const row = {
    id: small(first, 'pool'),
    terms: text(first, 'terms'),
    lowestPrice: text(first, 'lowestPrice'),
    price: text(first, 'price'),
    closed: false,
  }
  for (const event of events) {
    if (event.name === 'PoolPriceChanged') row.price = text(event, 'price')
    if (event.name === 'PoolClosed') row.closed = event.args.closed === true
  }
  return row
}

const ABOUT_TRAINERS = new Set(['Applied', 'Approved', 'Revoked', 'Suspended'])

/**
 * A trainer. Anybody may send an application again until its deadline, and events do not tell it from a new one: while
 * an approval is in effect, what had been applied for before the council decided says nothing new.
 */
export function foldTrainer(events: ChainEvent[]) {
  const first = events.find((event) => ABOUT_TRAINERS.has(event.name))
  if (!first?.account) return null
  const row = {
    address: first.account,
    profile: null as string | null,
    applied: false,
    approvedUntil: 0n,
    revoked: false,
    suspended: false,
    position: first.position,
  }
  const [appliedFor, decided] = [new Set<string>(), new Set<string>()]
  for (const event of events) {
    if (event.name === 'Applied') {
      const profile = text(event, 'profile')
      const isInEffect = !row.revoked && BigInt(event.time.getTime()) <= row.approvedUntil * 1000n
      if (isInEffect && decided.has(profile)) continue
      appliedFor.add(profile)
      row.applied = true
      row.profile = profile
    } else if (event.name === 'Approved') {
      for (const profile of [...appliedFor, text(event, 'profile')]) decided.add(profile)
      row.approvedUntil = whole(event, 'until')
      row.profile = text(event, 'profile')
      row.revoked = false
      row.applied = false
    } else if (event.name === 'Revoked') {
      row.revoked = true
      row.applied = false
    } else if (event.name === 'Suspended') {
      row.suspended = event.args.suspended === true
    }
  }
  return row
}

/** What a request has to know of the settlements: which of them said that it is final, and whether that one stands. */
export interface SettlementFacts {
  sequence: number
  number: number
  position: bigint
  effectiveFrom: bigint
  voided: bigint | null
}

/**
 * A request. `settlements` are those of the numbers that its `RequestFinal` events name. What a voided settlement said
 * is nothing from the voiding on, also before it is given back; what comes back to a refunded request went to its trainer.
 */
export function foldRequest(events: ChainEvent[], settlements: readonly SettlementFacts[]) {
  const first = events.find((event) => event.name === 'RequestOpened')
  if (!first?.request) return null
  let spent = 0n
  let refunded = 0n
  let final: ChainEvent | null = null
  let isRefunded = false
  for (const event of events) {
    if (event.name === 'RequestSpent') spent += whole(event, 'amount')
    if (event.name === 'RequestFinal') final = event
    if (event.name === 'RequestReopened') final = null
    if (event.name === 'RequestRefunded') isRefunded = true
    if (event.name === 'RequestReturned') spent -= whole(event, 'amount')
    const isBack = event.name === 'RequestRefunded' || (event.name === 'RequestReturned' && isRefunded)
    if (isBack) refunded += whole(event, 'amount')
  }
  const by = final && settlementBehind(final, settlements)
  return {
    id: first.request,
    trainer: text(first, 'trainer'),
    pool: small(first, 'pool'),
    purposes: whole(first, 'purposes'),
    count: small(first, 'count'),
    price: text(first, 'price'),
    spent: spent.toString(),
    refunded: refunded.toString(),
    isFinal: by?.voided === null,
    finalBy: by?.sequence ?? null,
    finalFrom: by?.effectiveFrom ?? null,
    isRefunded,
    expires: whole(first, 'expires'),
    window: whole(first, 'window'),
    manifestRoot: text(first, 'manifestRoot'),
    manifestDocument: text(first, 'manifestDocument'),
    recipient: text(first, 'recipient'),
    treasuryBps: small(first, 'treasuryBps'),
    custodiansBps: small(first, 'custodiansBps'),
    ...place(first),
  }
}

/** The settlement that marked a request final: the last one of its number that was taken before. */
function settlementBehind(
  final: ChainEvent,
  settlements: readonly SettlementFacts[],
): SettlementFacts | undefined {
  const number = small(final, 'settlement')
  return settlements
    .filter((settlement) => settlement.number === number && settlement.position < final.position)
    .reduce<SettlementFacts | undefined>(
      (last, one) => (last && last.position > one.position ? last : one),
      undefined,
    )
}

/** An owner's answer: the last one counts. */
export function foldApproval(events: ChainEvent[]) {
  const last = events.filter((event) => event.name === 'ApprovalGiven').at(-1)
  if (!last?.request || !last.dataset) return null
  const { block, transaction, time } = last
  return {
    request: last.request,
    dataset: last.dataset,
    granted: last.args.granted === true,
    block,
    transaction,
    time,
  }
}

export function foldClaimed(events: ChainEvent[]) {
  const last = events.filter((event) => event.name === 'Claimed').at(-1)
  return last?.account ? { account: last.account, total: text(last, 'total') } : null
}

/** A settlement as the chain tells it; uses and leaves come from its document. */
export function settlementOf(event: ChainEvent) {
  return {
    sequence: small(event, 'sequence'),
    number: small(event, 'number'),
    epoch: small(event, 'epoch'),
    root: text(event, 'root'),
    total: text(event, 'total'),
    document: text(event, 'document'),
    effectiveFrom: whole(event, 'effectiveFrom'),
    ...place(event),
  }
}

/** The numbers that a voiding took back, the first and the last. */
export function voidedNumbers(event: ChainEvent): { gte: number; lte: number } {
  return { gte: small(event, 'from'), lte: small(event, 'to') }
}
