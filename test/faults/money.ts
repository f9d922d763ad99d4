import {
  type Deployment,
  type Hex,
  type SettlementDocument,
  type SettlementResource,
  settlementDocumentSchema,
} from '@granary/protocol'
import type { EventLog } from 'ethers'
import { until } from '../support/custody.js'
import type { Invariant } from './invariants.js'
import type { FaultNetwork } from './network.js'

/** All events of a name, in the chain's order. */
export async function eventsOf(
  network: FaultNetwork,
  contract: Exclude<keyof Deployment, 'version' | 'chainId' | 'startBlock'>,
  name: string,
): Promise<EventLog[]> {
  return (await network.contract(contract).queryFilter(name, 0)) as EventLog[]
}

const sumOf = (events: readonly EventLog[], amount: (event: EventLog) => bigint): bigint =>
  events.reduce((sum, event) => sum + amount(event), 0n)

/** What does not add up on chain now. True at every moment, so it is asked during a run, too. */
export async function unbalanced(network: FaultNetwork): Promise<string[]> {
  const { accessRequests, rewardPool } = network.deployment
  const token = network.contract('token').getFunction('balanceOf')
  const before = await network.provider.getBlockNumber()
  const [opened, spent, returned, refunded, claimed] = await Promise.all([
    eventsOf(network, 'accessRequests', 'RequestOpened'),
    eventsOf(network, 'accessRequests', 'RequestSpent'),
    eventsOf(network, 'accessRequests', 'RequestReturned'),
    eventsOf(network, 'accessRequests', 'RequestRefunded'),
    eventsOf(network, 'rewardPool', 'Claimed'),
  ])
  const escrow: bigint = await token(accessRequests)
  const pool: bigint = await token(rewardPool)
  if ((await network.provider.getBlockNumber()) !== before) return unbalanced(network)
  const paidIn = sumOf(opened, ({ args }) => BigInt(args.price) * BigInt(args.count))
  const used = sumOf(spent, ({ args }) => args.amount) - sumOf(returned, ({ args }) => args.amount)
  const back = sumOf(refunded, ({ args }) => args.amount)
  const out = sumOf(claimed, ({ args }) => args.amount)
  const faults = []
  if (paidIn !== used + back + escrow)
    faults.push(
      `paid in ${paidIn} ≠ used ${used} + refunded ${back} + still held ${escrow}, at block ${before}`,
    )
  if (used !== out + pool)
    faults.push(`used ${used} ≠ claimed ${out} + still to be claimed ${pool}, at block ${before}`)
  return faults
}

/** The settlement documents of all settlements on chain, as custodians serve them. */
async function documentsOf(network: FaultNetwork): Promise<SettlementDocument[]> {
  const count = Number(await network.contract('rewardPool').getFunction('settlements')())
  const documents = []
  for (let number = 1; number <= count; number++) {
    const served = async () => {
      const answers = await Promise.all(
        network.custodianUrls.map(async (url) => {
          const answer = await fetch(`${url}/v1/settlements/${number}`)
          return answer.ok ? ((await answer.json()) as SettlementResource) : undefined
        }),
      )
      return answers.find((answer) => answer !== undefined)
    }
    let found = await served()
    const isServed = async () => {
      found ??= await served()
      return found !== undefined
    }
    await until(isServed, `the document of settlement ${number} at any custodian`)
    documents.push(settlementDocumentSchema.parse(found!.document))
  }
  return documents
}

/** All settlements, and what the chain says that just these paid: custodians settle by their own timers meanwhile. */
async function settledOf(network: FaultNetwork): Promise<{ documents: SettlementDocument[]; total: bigint }> {
  const chain = network.contract('rewardPool')
  const documents = await documentsOf(network)
  const total = BigInt(await chain.getFunction('total')())
  const count = Number(await chain.getFunction('settlements')())
  return count === documents.length ? { documents, total } : settledOf(network)
}

export const moneyAddsUp: Invariant = {
  name: 'the money adds up to the unit: paid in = owners, treasury and custodians + refunded + still held',
  async faults({ network }) {
    const faults = await unbalanced(network)
    const { documents, total } = await settledOf(network)
    const chain = network.contract('rewardPool')
    const settled = documents.reduce(
      (sum, { uses }) => sum + uses.reduce((part, use) => part + BigInt(use.price), 0n),
      0n,
    )
    if (settled !== total) faults.push(`the documents pay ${settled}, the chain says ${total}`)
    const leaves = latestLeaves(documents)
    const earned = [...leaves.values()].reduce((sum, one) => sum + one, 0n)
    if (earned !== total) faults.push(`all accounts together earned ${earned}, settled was ${total}`)
    for (const [account, most] of leaves) {
      const claimed: bigint = await chain.getFunction('claimed')(account)
      if (claimed > most) faults.push(`${account} claimed ${claimed} and earned ${most}`)
    }
    const parts = new Map<string, bigint>()
    for (const { uses } of documents)
      for (const use of uses) parts.set(use.owner, (parts.get(use.owner) ?? 0n) + BigInt(use.earned))
    for (const [owner, part] of parts)
      if ((leaves.get(owner) ?? 0n) !== part)
        faults.push(`${owner} earned ${part} by its uses and has ${leaves.get(owner)}`)
    return faults
  },
}

export const paidOnce: Invariant = {
  name: 'no use is paid twice',
  async faults({ network }) {
    const seen = new Map<string, number>()
    const faults = []
    for (const { number, uses } of await documentsOf(network))
      for (const { request, dataset } of uses) {
        const use = `${dataset} under ${request}`
        if (seen.has(use)) faults.push(`${use} is paid by the settlements ${seen.get(use)} and ${number}`)
        seen.set(use, number)
      }
    const spent = new Map<Hex, bigint>()
    for (const { args } of await eventsOf(network, 'accessRequests', 'RequestSpent'))
      spent.set(args.request, (spent.get(args.request) ?? 0n) + args.amount)
    for (const [request, amount] of spent) {
      const { price, count } = await network.contract('accessRequests').getFunction('request')(request)
      if (amount > price * count) faults.push(`${request} spent ${amount} of ${price * count}`)
    }
    return faults
  },
}

function latestLeaves(documents: readonly SettlementDocument[]): Map<string, bigint> {
  const leaves = new Map<string, bigint>()
  for (const document of documents)
    for (const { account, total } of document.leaves) leaves.set(account, BigInt(total))
  return leaves
}
