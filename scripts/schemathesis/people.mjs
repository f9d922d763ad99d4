// Who asks, and what there is to ask for: a contributor with a dataset, a trainer with a request, a session for each.
import { DEVELOPMENT_ACCOUNTS } from '@granary/protocol'
import { createClient, memorySpool } from '@granary/sdk'
import { generateIdentity, identityToRecipient } from '@granary/sealing'
import { JsonRpcProvider, Wallet } from 'ethers'

/** The development account of a role. */
const keyOf = (role) => DEVELOPMENT_ACCOUNTS().find((account) => account.role === role).privateKey

/** A new session's token. */
export async function signIn(api, role) {
  const wallet = new Wallet(keyOf(role))
  const post = async (path, body) => {
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${api}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    return answer.json()
  }
  const { message } = await post('/v1/auth/nonce', { address: wallet.address })
  const { token } = await post('/v1/auth/session', { message, signature: await wallet.signMessage(message) })
  if (!token) throw new Error(`nobody can sign in as ${role}`)
  return token
}

/** One dataset in ask mode and a request for it; real values of every parameter of a path, by route. */
export async function setUp({ apiUrl: api, rpcUrl: rpc }) {
  const provider = new JsonRpcProvider(rpc, undefined, { staticNetwork: true })
  try {
    let relay
    const watching = async (...asked) => {
      const answer = await fetch(...asked)
      if (answer.status === 202) relay = (await answer.clone().json()).relay
      return answer
    }
    const clientOf = (role) =>
      createClient({ api, rpc, signer: new Wallet(keyOf(role), provider), fetch: watching })
    const [alice, trent, council] = ['contributor', 'trainer', 'council'].map(clientOf)
    const recipient = await identityToRecipient(generateIdentity())
    const bytes = new TextEncoder().encode('known to everybody')
    const terms = { pool: 1, purposes: ['evaluation'], expires: null, ask: true }
    const source = {
      name: 'x.txt',
      type: 'text/plain',
      size: bytes.length,
      stream: () => new Blob([bytes]).stream(),
    }
    const contributed = await alice.contribute({
      ...terms,
      source,
      identity: { recipient },
      spool: memorySpool(),
    })
    await trent.trainers.apply({ name: 'Trent', description: 'Trains.' })
    const trainer = new Wallet(keyOf('trainer')).address
    await council.council.approve(trainer)
    const { request } = await trent.requests.open({ pool: 1, purposes: ['evaluation'], recipient })
    const { id, cid } = contributed
    return { datasets: id, 'access-requests': request, address: trainer, cid, pool: 1, relay }
  } finally {
    provider.destroy()
  }
}
