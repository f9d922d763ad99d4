import { datasetRegistryAbi, type ProposalState } from '@granary/protocol'
import { Contract, formatUnits, parseEther } from 'ethers'
import type { Actor, Cast } from './actors.js'
import { eventually, refusal, transaction } from './evidence.js'
import { gUSD, type Report } from './report.js'

const PRICE = parseEther('0.8')

/** The DAO decides: two members join, one proposes another price, both vote, it is queued and executed. */
export async function decide({ alice, anna, trent }: Cast, pool: number, report: Report): Promise<void> {
  for (const actor of [alice, anna]) {
    const joined = await actor.client.governance.join()
    report.fact(`${actor.name} joins`, `${formatUnits(joined.minted)} GRAIN, ${transaction(joined)}`)
  }
  const wanted = { action: 'pool-price', arguments: { pool, price: PRICE } }
  const draft = { calls: [wanted], description: 'Cheaper data, more trainers' }
  const powerless = await refusal(() => trent.client.governance.create(draft))
  report.check(
    `who has no votes cannot propose: ${powerless}`,
    powerless === 'GOVERNOR_INSUFFICIENT_PROPOSER_VOTES',
  )
  const proposed = await alice.client.governance.create(draft)
  const { id } = proposed
  const { calls, voteEnd } = await anna.client.governance.get(id)
  report.fact('Alice proposes', calls.map(({ text }) => text).join('; '))
  report.fact('  proposal', id)
  report.fact('  made', transaction(proposed))

  await reached(anna, id, 'active')
  // Both at once: a vote lasts 20 seconds, and a busy machine is slow.
  const voted = [alice, anna].map(async ({ name, client }) => {
    const done = await client.governance.vote(id, 'for')
    report.fact(`${name} votes for it`, transaction(done))
  })
  await Promise.all(voted)
  const { votes, quorum } = await anna.client.governance.get(id)
  report.fact(
    'votes',
    `${formatUnits(votes.for)} for, ${formatUnits(quorum ?? '0')} needed; until ${voteEnd}`,
  )
  await reached(anna, id, 'succeeded')
  report.fact('queued', transaction(await anna.client.governance.queue(id)))
  const from = await eventually('the queue in the tables', async () => {
    const { queuedFor } = await anna.client.governance.get(id)
    return queuedFor ? Date.parse(queuedFor) : undefined
  })
  const early = await refusal(() => anna.client.governance.execute(id))
  // Five seconds pass quickly on a busy machine: then it was not too early.
  if (early === 'not refused' && Date.now() >= from) report.fact('the delay', 'was over before anybody asked')
  else report.check(`nobody executes it before the Timelock's delay: ${early}`, early === 'PROPOSAL_WAITS')
  await eventually('the delay', async () => from <= Date.now() || undefined)
  const executed = await anna.client.governance.execute(id)
  report.fact('executed', transaction(executed))
  await reached(anna, id, 'executed')
  const { deployment } = await trent.client.network()
  const { provider } = await trent.client.chain()
  const receipt = await provider.getTransactionReceipt(executed.transaction)
  const { timestamp } = (await provider.getBlock(receipt!.blockNumber))!
  report.check("and nothing happened before the Timelock's delay was over", timestamp * 1000 >= from)
  const registry = new Contract(deployment.datasetRegistry, datasetRegistryAbi, provider)
  const [onChain, told] = [await registry.getFunction('pool')(pool), await trent.client.pools.get(pool)]
  report.check(`on chain pool ${pool} now costs ${gUSD(onChain.price)} per use`, onChain.price === PRICE)
  report.check('and the API says the same', BigInt(told.price) === PRICE)
}

function reached(actor: Actor, id: `0x${string}`, state: ProposalState): Promise<true> {
  return eventually(`the proposal ${state}`, async () => {
    return (await actor.client.governance.get(id)).state === state || undefined
  })
}
