import type { Prisma } from '../database/generated/client.js'
import type { ChainEvent } from './events.js'
import { foldProposal, settingsOf, voteOf } from './governance.projections.js'

// The part of the feed that fills the tables of governance. Votes, mints and settings are only ever added; proposals
// are made again from their events.

type Tx = Prisma.TransactionClient

const isVote = ({ name }: ChainEvent) => name === 'VoteCast' || name === 'VoteCastWithParams'

/** Adds votes, mints and settings. Adding the same again changes nothing. */
export async function addGovernance(tx: Tx, events: ChainEvent[]): Promise<void> {
  const votes = events.filter(isVote).map(voteOf)
  if (votes.length > 0) await tx.vote.createMany({ data: votes, skipDuplicates: true })
  const settings = events.flatMap(settingsOf)
  if (settings.length > 0) await tx.setting.createMany({ data: settings, skipDuplicates: true })
  const minted = events.filter(({ name }) => name === 'Transfer')
  const [first] = minted
  if (!first) return
  const last = await tx.mint.findFirst({
    where: { position: { lt: first.position } },
    orderBy: { position: 'desc' },
  })
  let supply = BigInt(last?.supply.toFixed(0) ?? 0)
  const mints = minted.map(({ position, block, time, args }) => {
    supply += BigInt(String(args.value))
    return {
      position,
      block,
      account: String(args.to),
      amount: String(args.value),
      supply: supply.toString(),
      time,
    }
  })
  await tx.mint.createMany({ data: mints, skipDuplicates: true })
}

/** Forgets what was added above a block. */
export async function removeGovernance(tx: Tx, block: bigint): Promise<void> {
  const where = { block: { gt: block } }
  await tx.vote.deleteMany({ where })
  await tx.mint.deleteMany({ where })
  await tx.setting.deleteMany({ where })
}

/** Makes the rows of proposals again; `touched` are ids of proposals or of the Timelock's operations. */
export async function projectProposals(tx: Tx, touched: string[]): Promise<void> {
  const known = await tx.proposal.findMany({ where: { operation: { in: touched } }, select: { id: true } })
  const ids = [...new Set([...touched, ...known.map(({ id }) => id)])]
  const created = await find(tx, ids)
  const rows = [...groups(created).values()].flatMap((events) => {
    const row = foldProposal(events, events[0]?.contract ?? '')
    return row ? [row] : []
  })
  const operations = groups(
    await find(
      tx,
      rows.map(({ operation }) => operation),
    ),
  )
  const sums = await tx.vote.groupBy({
    by: ['proposal', 'support'],
    where: { proposal: { in: rows.map(({ id }) => id) } },
    _sum: { weight: true },
  })
  const sum = (proposal: string, support: number) =>
    sums.find((each) => each.proposal === proposal && each.support === support)?._sum.weight?.toFixed(0) ??
    '0'
  await tx.proposal.deleteMany({ where: { id: { in: ids } } })
  await tx.proposal.createMany({
    data: rows.map((row) => {
      const done = (operations.get(row.operation) ?? []).map(({ name }) => name)
      return {
        ...row,
        executed: row.executed || done.includes('CallExecuted'),
        canceled: row.canceled || done.includes('Cancelled'),
        againstVotes: sum(row.id, 0),
        forVotes: sum(row.id, 1),
        abstainVotes: sum(row.id, 2),
      }
    }),
  })
}

/** Events of proposals or operations in the chain's order; votes have a table of their own. */
async function find(tx: Tx, ids: string[]): Promise<ChainEvent[]> {
  const rows = await tx.chainEvent.findMany({
    where: { proposal: { in: ids }, name: { notIn: ['VoteCast', 'VoteCastWithParams'] } },
    orderBy: { position: 'asc' },
  })
  return rows as unknown as ChainEvent[]
}

function groups(events: ChainEvent[]): Map<string, ChainEvent[]> {
  const found = new Map<string, ChainEvent[]>()
  for (const event of events) {
    const key = String(event.proposal)
    found.set(key, [...(found.get(key) ?? []), event])
  }
  return found
}
