import type { Prisma } from '../database/generated/client.js'
import { type ChainEvent, positionOf } from './events.js'
import { settlementOf, voidedNumbers } from './projections.js'

type Tx = Prisma.TransactionClient

/**
 * Takes over what events say of settlements. A voided one loses its uses and leaves. Returns the sequences of those that
 * were voided: whatever rests on them is to be made again. Taking the same events twice changes nothing.
 */
export async function takeSettlements(tx: Tx, events: ChainEvent[]): Promise<number[]> {
  const taken = events.filter(({ name }) => name === 'SettlementTaken').map(settlementOf)
  await tx.settlement.createMany({ data: taken, skipDuplicates: true })
  const voided: number[] = []
  for (const event of events) {
    const { position } = event
    if (event.name === 'SettlementReturned') {
      const sequence = Number(event.args.sequence)
      await tx.settlement.updateMany({ where: { sequence }, data: { returned: position } })
    }
    if (event.name !== 'SettlementsVoided') continue
    const where = { number: voidedNumbers(event), position: { lt: position }, voided: null }
    const rows = await tx.settlement.findMany({ where, select: { sequence: true } })
    const these = { sequence: { in: rows.map(({ sequence }) => sequence) } }
    await tx.use.deleteMany({ where: these })
    await tx.leaf.deleteMany({ where: these })
    await tx.settlement.updateMany({ where: these, data: { voided: position, read: false } })
    voided.push(...these.sequence.in)
  }
  return voided
}

/** Forgets what happened to settlements above `block`. Returns the sequences of those that stand again. */
export async function forgetSettlements(tx: Tx, block: bigint): Promise<number[]> {
  const above = { gte: positionOf(Number(block) + 1, 0) }
  await tx.settlement.deleteMany({ where: { position: above } })
  await tx.settlement.updateMany({ where: { returned: above }, data: { returned: null } })
  const where = { voided: above }
  const rows = await tx.settlement.findMany({ where, select: { sequence: true } })
  await tx.settlement.updateMany({ where, data: { voided: null } })
  return rows.map(({ sequence }) => sequence)
}
