import type { EventLog } from 'ethers'
import type { Invariant, Outcome } from './invariants.js'
import { eventsOf } from './money.js'
import { rowsOf } from './services.js'

interface RelayRow {
  id: string
  kind: string
  key: string
  status: string
  transaction: string | null
  code: string | null
  payload: { dataset?: string; request?: string; message?: Record<string, unknown> }
}

const relaysOf = ({ network }: Outcome) =>
  rowsOf(network.database.url, 'SELECT * FROM "Relay" ORDER BY "createdAt"') as unknown as Promise<RelayRow[]>

/** Relays that the operator has taken and not yet answered. */
export async function unanswered(outcome: Outcome): Promise<string[]> {
  const waiting = (await relaysOf(outcome)).filter(({ status }) => !['confirmed', 'refused'].includes(status))
  return waiting.map(({ id, kind, status }) => `relay ${id} (${kind}) is ${status}`)
}

export const everyMessageAnswered: Invariant = {
  name: 'every message that was accepted has landed or was refused for a reason, and the chain has it once',
  async faults(outcome) {
    const { network, ledger } = outcome
    const relays = new Map((await relaysOf(outcome)).map((relay) => [relay.id, relay]))
    const faults = await unanswered(outcome)
    for (const { relay, by, call } of ledger.accepted.values())
      if (!relays.has(relay)) faults.push(`relay ${relay} of ${by} (${call}) was accepted and is forgotten`)
    for (const { id, kind, status, code, transaction } of relays.values()) {
      if (status === 'refused' && !code) faults.push(`relay ${id} (${kind}) was refused without a code`)
      if (status !== 'confirmed' || !transaction) continue
      const receipt = await network.provider.getTransactionReceipt(transaction)
      if (receipt?.status !== 1)
        faults.push(`relay ${id} (${kind}) is confirmed by ${transaction}, which the chain does not have`)
    }
    // After a chain went back the same message may be there by another transaction.
    for (const transaction of outcome.chainWentBack ? [] : ledger.transactions)
      if ((await network.provider.getTransactionReceipt(transaction))?.status !== 1)
        faults.push(`a client was told of ${transaction}, which the chain does not have`)
    return [...faults, ...(await notOnce(outcome, [...relays.values()]))]
  },
}

type Key = (event: EventLog) => string

/** Compares what relays say with the events that the messages cause. */
async function notOnce({ network }: Outcome, relays: readonly RelayRow[]): Promise<string[]> {
  const count = async (contract: 'datasetRegistry' | 'accessRequests', name: string, key: Key) => {
    const counts = new Map<string, number>()
    for (const event of await eventsOf(network, contract, name)) {
      const id = key(event)
      counts.set(id, (counts.get(id) ?? 0) + 1)
    }
    return counts
  }
  const [contributed, updated, withdrawn, opened, approved, refunded] = await Promise.all([
    count('datasetRegistry', 'Contributed', ({ args }) => args.dataset),
    count('datasetRegistry', 'ConsentUpdated', ({ args }) => `${args.dataset} ${args.issued}`),
    count('datasetRegistry', 'Withdrawn', ({ args }) => args.dataset),
    count('accessRequests', 'RequestOpened', ({ args }) => args.request),
    count('accessRequests', 'ApprovalGiven', ({ args }) => `${args.request} ${args.dataset}`),
    count('accessRequests', 'RequestRefunded', ({ args }) => args.request),
  ])
  const faults = []
  for (const [what, counts] of Object.entries({ contributed, updated, withdrawn, opened, refunded }))
    for (const [id, times] of counts) if (times !== 1) faults.push(`${id} was ${what} ${times} times`)
  for (const { id, kind, status, payload } of relays) {
    const message = payload.message ?? {}
    const [counts, key] =
      {
        contribution: [contributed, payload.dataset] as const,
        'consent-update': [updated, `${message.dataset} ${message.issued}`] as const,
        withdrawal: [withdrawn, payload.dataset] as const,
        'access-request': [opened, payload.request] as const,
        approval: [approved, `${message.request} ${message.dataset}`] as const,
        refund: [refunded, payload.request] as const,
      }[kind] ?? []
    if (!counts || !key || key.includes('undefined')) continue
    const times = counts.get(key) ?? 0
    if (status === 'confirmed' && times === 0)
      faults.push(`relay ${id} (${kind}) is confirmed and left nothing on chain for ${key}`)
  }
  return faults
}
