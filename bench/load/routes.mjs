import { randomBytes } from 'node:crypto'
import { createClient, memorySpool } from '@granary/sdk'
import { generateIdentity, identityToRecipient } from '@granary/sealing'
import { Wallet } from 'ethers'
import { ask, askJson } from './http.mjs'

const BLOCK_BYTES = 262_144
const SAMPLE = 200
const WALLETS = 20
const ORDER = 100
const PAGES = 40

/** What is measured by name; `read`: the target for reads counts. */
export const ROUTES = [
  { name: 'first-page', title: 'catalogue, first page of 50', read: true },
  { name: 'cursor', title: 'catalogue, a page by cursor', read: true },
  { name: 'dataset', title: 'one dataset', read: true },
  { name: 'owner', title: "an owner's datasets", read: true },
  { name: 'pools', title: 'pools', read: true },
  { name: 'rewards', title: "an account's rewards", read: true },
  { name: 'block', title: 'a block of 256 KiB by the gateway', read: true },
  { name: 'sign-in', title: 'a sign-in: nonce and session' },
  { name: 'order', title: `an order: the manifest of ${ORDER} datasets` },
]

/**
 * The job of each route, without its server: the same for both.
 *
 * @param {{ system: object, catalogue: { ids: string[], owners: string[] }, bare: { url: string } }} parts
 */
export async function jobsOf({ system, catalogue, trainerToken }) {
  const { ids, owners } = catalogue
  const get = (paths) => ({ kind: 'requests', requests: paths.map((path) => ({ path })) })
  const spread = (list) => list.filter((_, i) => i % Math.ceil(list.length / SAMPLE) === 0)
  const block = await uploadBlock(system)
  return {
    'first-page': get(['/v1/datasets']),
    cursor: get(await cursors(system.api)),
    dataset: get(spread(ids).map((id) => `/v1/datasets/${id}`)),
    owner: get(owners.map((owner) => `/v1/datasets?owner=${owner}&limit=50`)),
    pools: get(['/v1/pools']),
    rewards: get(owners.map((owner) => `/v1/rewards/${owner}`)),
    block: { kind: 'requests', requests: [{ path: `/ipfs/${block}?format=raw` }] },
    'sign-in': {
      kind: 'sign-in',
      keys: Array.from({ length: WALLETS }, () => Wallet.createRandom().privateKey),
    },
    order: { kind: 'order', token: trainerToken, pool: 1, ids, size: Math.min(ORDER, ids.length) },
  }
}

/** The pages of the catalogue behind the first one, as many as there are and no more than forty. */
async function cursors(api) {
  const paths = []
  let path = '/v1/datasets'
  while (paths.length < PAGES) {
    const { next } = await askJson(undefined, api, { path })
    if (next === null) break
    path = `/v1/datasets?cursor=${next}`
    paths.push(path)
  }
  return paths.length > 0 ? paths : ['/v1/datasets']
}

/** A sealed file of one block, contributed the whole way. */
async function uploadBlock(system) {
  const bytes = randomBytes(BLOCK_BYTES - 1_024)
  const client = createClient({ api: system.apiUrl, signer: new Wallet(Wallet.createRandom().privateKey) })
  const { cid } = await client.contribute({
    source: { name: 'x', type: 'text/csv', size: bytes.length, stream: () => new Blob([bytes]).stream() },
    pool: 1,
    purposes: ['fine-tuning'],
    expires: null,
    identity: { recipient: await identityToRecipient(generateIdentity()) },
    spool: memorySpool(),
  })
  return cid
}

/**
 * Throws unless both servers answer every request of a job alike: to the byte what is no JSON, by value what is. Of a
 * sign-in only the names can be the same.
 */
export async function requireSame(route, job, api, bare, token) {
  if (job.kind === 'sign-in') return requireSameNames(api, bare)
  const wishes = job.kind === 'requests' ? job.requests : [orderWish(job, token)]
  for (const wish of wishes) {
    // The API first: a document that it only had on IPFS it takes into its tables.
    const one = await ask(undefined, api, wish)
    const other = await ask(undefined, bare, wish)
    const same = one.status === 200 && other.status === 200 && isSame(one.body, other.body)
    if (!same)
      throw new Error(`${route}: ${wish.path} is answered differently:\n${told(one)}\n${told(other)}`)
  }
}

const told = ({ status, body }) => `${status} ${body.toString().slice(0, 1_500)}`

function isSame(one, other) {
  if (one.equals(other)) return true
  const sorted = (bytes) => JSON.stringify(JSON.parse(bytes.toString()), withSortedKeys)
  return sorted(one) === sorted(other)
}

const withSortedKeys = (_, value) =>
  value && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value

function orderWish({ pool, ids, size }, token) {
  return {
    method: 'POST',
    path: '/v1/access-requests/manifests',
    headers: { authorization: `Bearer ${token}` },
    body: { pool, purposes: ['fine-tuning'], datasets: ids.slice(0, size) },
  }
}

async function requireSameNames(api, bare) {
  const wallet = Wallet.createRandom()
  const answers = await Promise.all(
    [api, bare].map(async (base) => {
      const post = (path, body) => askJson(undefined, base, { method: 'POST', path, body })
      const nonce = await post('/v1/auth/nonce', { address: wallet.address })
      const signature = await wallet.signMessage(nonce.message)
      const session = await post('/v1/auth/session', { message: nonce.message, signature })
      return JSON.stringify([nonce, session].map((each) => Object.keys(each).sort()))
    }),
  )
  if (answers[0] !== answers[1]) throw new Error(`a sign-in is answered differently: ${answers.join(' ')}`)
}
