// Where the load comes from: a process of its own that takes one job after the other from its parent and answers each.
// A closed loop: every connection sends its next request when the last one was answered.
import { Wallet } from 'ethers'
import { contributeAll, prepare } from './contributors.mjs'
import { ask, askJson, keptConnections } from './http.mjs'
import { mix } from './mix.mjs'
import { signIn } from './sign-in.mjs'

/** What one turn of a loop does, by kind: `turn` counts the turns of all loops of the run. */
const KINDS = {
  requests({ base, requests }, agent) {
    return async (turn) => {
      const wish = requests[turn % requests.length]
      const { status } = await ask(agent, base, wish)
      if (status >= 300) throw new Error(`${wish.path} was answered with ${status}`)
    }
  },
  'sign-in'({ base, keys }, agent) {
    const wallets = keys.map((key) => new Wallet(key))
    return (turn) => signIn(agent, base, wallets[turn % wallets.length])
  },
  order({ base, token, pool, ids, size }, agent) {
    const headers = { authorization: `Bearer ${token}` }
    return async (turn) => {
      const from = (turn * 37) % Math.max(1, ids.length - size)
      const body = { pool, purposes: ['fine-tuning'], datasets: ids.slice(from, from + size) }
      await askJson(agent, base, { method: 'POST', path: '/v1/access-requests/manifests', headers, body })
    }
  },
}

/** @returns how many turns there were in how many seconds, and the milliseconds of each */
async function closedLoop(job) {
  const agent = keptConnections(job.connections)
  const once = KINDS[job.kind](job, agent)
  const times = []
  let turn = job.from ?? 0
  const started = performance.now()
  const end = started + job.seconds * 1000
  const loop = async () => {
    while (performance.now() < end) {
      const before = performance.now()
      await once(turn++)
      times.push(performance.now() - before)
    }
  }
  await Promise.all(Array.from({ length: job.connections }, loop))
  const seconds = (performance.now() - started) / 1000
  agent.destroy()
  return { seconds, times }
}

const JOBS = {
  loop: closedLoop,
  session: ({ base, key }) => signIn(undefined, base, new Wallet(key)),
  prepare,
  contribute: contributeAll,
  mix,
}

process.on('message', async ({ job, ...rest }) => {
  try {
    process.send({ done: await JOBS[job](rest) })
  } catch (error) {
    process.send({ failed: error.stack ?? String(error) })
  }
})
process.once('disconnect', () => process.exit(0))
