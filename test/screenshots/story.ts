import { parseEther } from 'ethers'
import { type Actor, contributeBytes, memorySink, newContributor, newTrainer } from '../support/actors.js'
import { makeMembers } from '../support/members.js'
import { spentOf } from '../support/releases.js'
import { type World, waitFor } from '../support/world.js'

/** Who looks at the pages, and what the paths of single things are filled with. */
export interface Told {
  contributor: Actor
  trainer: Actor
  member: Actor
  /** as `filled` takes them */
  ids: Record<string, string>
}

const text = (words: string) => new TextEncoder().encode(`${words} ${Math.random()}`)
const inYears = (n: number) => new Date(Date.now() + n * 365 * 86_400_000)

/** Fills a network with what a few people would have done in it. Takes some ten seconds. */
export async function tellStory(world: World): Promise<Told> {
  const [contributor, member] = await Promise.all([
    newContributor(world, 'Alice'),
    newContributor(world, 'Anna'),
  ])
  const trainer = await newTrainer(world, { name: 'Meadow Speech Lab' })
  const [pool] = await contributor.client.pools.list()
  const give = (name: string, type: string, more: object = {}) =>
    contributeBytes(contributor, text(name), {
      pool: pool!.id,
      purposes: ['evaluation', 'fine-tuning'],
      expires: inYears(2),
      name,
      type,
      ...more,
    })

  const diary = await give('Diary of a gardener.txt', 'text/plain')
  await give('Heart rate 2019 to 2026.csv', 'text/csv', {
    purposes: ['evaluation', 'pretraining', 'commercial'],
  })
  const old = await give('Old playlists.json', 'application/json', { expires: inYears(1) })

  // Used once, settled, and ready to be claimed.
  const ask = { pool: pool!.id, purposes: ['evaluation' as const], recipient: trainer.recipient }
  const { request } = await trainer.client.requests.open(ask)
  await trainer.client.fetch(request, { identity: trainer.identity, sink: memorySink() })
  await waitFor('the uses settled', async () => {
    await trainer.client.settle()
    return (await spentOf(world, request)) > 0n
  })
  await contributor.client.datasets.withdraw(old.id)

  // Waits for its owner's answer.
  await give('Letters to my sister.txt', 'text/plain', { ask: true })
  const studio = await newTrainer(world, { name: 'Studio Mistral' })
  await studio.client.requests.open({ ...ask, recipient: studio.recipient })

  await makeMembers(world, [member], parseEther('12'))
  const { id: proposal } = await member.client.governance.create({
    calls: [{ action: 'pool-price', arguments: { pool: pool!.id, price: parseEther('3') } }],
    description: 'Raise the price of the first pool: what is in it is asked for more than anything else.',
  })
  await waitFor('the vote', async () => (await member.client.governance.get(proposal)).state === 'active')
  return {
    contributor,
    trainer,
    member,
    ids: {
      datasets: diary.id,
      data: diary.id,
      catalogue: diary.id,
      pools: String(pool!.id),
      requests: request,
      training: request,
      proposals: proposal,
      members: proposal,
      trainers: trainer.address,
    },
  }
}
