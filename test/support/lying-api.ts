import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type NetworkResource, rewardTree } from '@granary/protocol'

// biome-ignore lint/suspicious/noExplicitAny: whatever the API says there
export type Lie = (truth: any) => unknown

/** An API that passes everything on, and lies about what it is told to. */
export interface LyingApi {
  url: string
  /** what it was asked, as `METHOD /path` */
  asked: string[]
  /** From now on `/v1/network` is what `lie` makes of the truth. */
  tell(lie: (truth: NetworkResource) => unknown): void
  /** From now on the JSON at addresses that fit is what `lie` makes of the truth; null = nothing but the truth. */
  tellOf(path: RegExp, lie: Lie | null): void
  end(): Promise<void>
}

export async function startLyingApi(api: string): Promise<LyingApi> {
  const asked: string[] = []
  const lies = new Map<string, { path: RegExp; lie: Lie }>()
  const tellOf: LyingApi['tellOf'] = (path, lie) =>
    void (lie ? lies.set(path.source, { path, lie }) : lies.delete(path.source))
  const server: Server = createServer(async (request, response) => {
    asked.push(`${request.method} ${request.url}`)
    const answer = await fetch(`${api}${request.url}`, { method: request.method ?? 'GET' })
    const truth = Buffer.from(await answer.arrayBuffer())
    const told = [...lies.values()].find(({ path }) => path.test(request.url ?? ''))
    const body = told && answer.ok ? JSON.stringify(told.lie(JSON.parse(truth.toString()))) : truth
    const type = answer.headers.get('content-type') ?? 'application/json'
    response.writeHead(answer.status, { 'content-type': type }).end(body)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    tell: (lie) => tellOf(/^\/v1\/network$/, lie),
    tellOf,
    end: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

/** What an API may say of rewards that is not so, and how whoever looks at the chain finds it out. */
export const REWARD_LIES: { what: string; path: RegExp; lie: Lie; code: string }[] = [
  {
    what: 'more earned than the tree says',
    path: /^\/v1\/rewards\/0x[0-9a-fA-F]{40}$/,
    lie: (truth) => ({ ...truth, earned: `${truth.earned}0` }),
    code: 'PROOF_INVALID',
  },
  {
    what: 'a tree of its own, in which the proof holds',
    path: /^\/v1\/rewards\/0x[0-9a-fA-F]{40}$/,
    lie: (truth) => {
      const tree = rewardTree([{ account: truth.address, total: BigInt(`${truth.earned}0`) }])
      return { ...truth, earned: `${truth.earned}0`, root: tree.root, proof: [] }
    },
    code: 'REWARDS_MISMATCH',
  },
  {
    what: 'a claim that never was',
    path: /^\/v1\/rewards\/0x[0-9a-fA-F]{40}$/,
    lie: (truth) => ({ ...truth, claimed: truth.earned, claimable: '0' }),
    code: 'REWARDS_MISMATCH',
  },
]

const USES = /^\/v1\/owners\/0x[0-9a-fA-F]{40}\/uses/
const ofEach = (change: (use: Record<string, unknown>) => object): Lie => {
  return (truth) => ({
    ...truth,
    items: truth.items.map((use: Record<string, unknown>) => ({ ...use, ...change(use) })),
  })
}

/** The same of single uses. */
export const USE_LIES: { what: string; path: RegExp; lie: Lie; code: string }[] = [
  { what: 'less earned by a use', lie: ofEach(() => ({ amount: '1' })), code: 'REWARDS_MISMATCH' },
  {
    what: 'another dataset',
    lie: ofEach(() => ({ dataset: `0x${'5'.repeat(64)}` })),
    code: 'REWARDS_MISMATCH',
  },
  {
    what: 'another request',
    lie: ofEach(() => ({ request: `0x${'5'.repeat(64)}` })),
    code: 'REWARDS_MISMATCH',
  },
  {
    what: 'a settlement that never was',
    lie: ofEach(() => ({ settlement: 2_000_000 })),
    code: 'SETTLEMENT_UNKNOWN',
  },
  {
    what: 'another trainer',
    lie: ofEach(() => ({ trainer: `0x${'5'.repeat(40)}` })),
    code: 'REWARDS_MISMATCH',
  },
  { what: 'another purpose', lie: ofEach(() => ({ purposes: ['pretraining'] })), code: 'REWARDS_MISMATCH' },
].map((lie) => ({ ...lie, path: USES }))
