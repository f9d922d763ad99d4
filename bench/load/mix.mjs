import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { DEVELOPMENT_ACCOUNTS } from '@granary/protocol'
import { createClient, memorySpool } from '@granary/sdk'
import { generateIdentity, identityToRecipient } from '@granary/sealing'
import { Wallet } from 'ethers'
import { ask, keptConnections } from './http.mjs'
import { signIn } from './sign-in.mjs'

const FILE_BYTES = 200_000
/** Between two turns of a loop, so that the run is as busy from its first minute to its last on any machine. */
const PAUSE_MS = 10

/**
 * Everything at once for `seconds`: readers, people who sign in, contributors with files of 200 kB, and a trainer who
 * opens requests for what was contributed and fetches it from API and custodians. Through the SDK wherever it has a way.
 *
 * @returns how often each was done
 */
export async function mix({ base, api, paths, seconds, pool }) {
  const agent = keptConnections(4)
  const done = { reads: 0, signIns: 0, contributions: 0, fetched: 0 }
  const end = performance.now() + seconds * 1000
  const account = (role) => DEVELOPMENT_ACCOUNTS().find((one) => one.role === role)
  const client = (role) => createClient({ api, signer: new Wallet(account(role).privateKey) })
  const identity = generateIdentity()
  const recipient = await identityToRecipient(identity)
  const contributor = client('contributor')
  const trainer = client('trainer')
  const waiting = []
  const repeat = async (work) => {
    while (performance.now() < end) {
      await work()
      await sleep(PAUSE_MS)
    }
  }
  const read = async () => {
    await ask(agent, base, { path: paths[done.reads % paths.length] })
    done.reads++
  }
  const person = Wallet.createRandom()
  const enter = async () => {
    await signIn(agent, base, person)
    done.signIns++
    await sleep(250)
  }
  const give = async () => {
    const bytes = randomBytes(FILE_BYTES)
    const source = {
      name: 'file.bin',
      type: 'application/octet-stream',
      size: FILE_BYTES,
      stream: () => new Blob([bytes]).stream(),
    }
    const terms = { pool, purposes: ['fine-tuning'], expires: null }
    const { id } = await contributor.contribute({
      ...terms,
      source,
      identity: { recipient },
      spool: memorySpool(),
    })
    waiting.push(id)
    done.contributions++
  }
  const take = async () => {
    const datasets = waiting.splice(0, 8)
    if (datasets.length === 0) return sleep(500)
    const { request } = await trainer.requests.open({ pool, purposes: ['fine-tuning'], recipient, datasets })
    const { files, failed } = await trainer.fetch(request, { identity, sink: nowhere() })
    if (failed.length > 0) throw new Error(`not fetched: ${JSON.stringify(failed[0])}`)
    done.fetched += files.length
  }
  await Promise.all([read, read, read, enter, give, give, take].map(repeat))
  agent.destroy()
  return done
}

const nowhere = () => ({
  open: async () => ({ writable: new WritableStream(), commit: async () => {}, discard: async () => {} }),
})
