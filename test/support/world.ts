import { existsSync, readFileSync } from 'node:fs'
import {
  type Address,
  DEVELOPMENT_ACCOUNTS,
  type Deployment,
  documentDigest,
  type Hex,
  parseDeployment,
  type TermsDocument,
} from '@granary/protocol'
import { createClient, type Granary } from '@granary/sdk'
import { Contract, type ContractTransactionReceipt, JsonRpcProvider, parseEther, Wallet } from 'ethers'
import { ABIS, type ContractName } from './contracts.js'
import {
  type NetworkFacts,
  type NetworkOptions,
  type RunningNetwork,
  startNetwork,
  waitFor,
} from './network.js'

export type { ContractName } from './contracts.js'
export type { NetworkFacts, NetworkOptions, ProcessName, RunningNetwork } from './network.js'
export { isAlive, StartFailed, startNetwork, waitFor } from './network.js'

/** A running network with its council: what a spec needs before it names its actors (see actors.ts). */
export interface World {
  facts: NetworkFacts
  /** base URL of the API */
  api: string
  rpc: string
  deployment: Deployment
  provider: JsonRpcProvider
  council: { wallet: Wallet; client: Granary }
  /** a contract to read from, or to send to with a signer that has ETH */
  contract(name: ContractName): Contract
  /** A transaction of the council, one after the other; reverts reject. */
  councilSends(name: ContractName, method: string, ...args: unknown[]): Promise<ContractTransactionReceipt>
  /** A pool of the spec's own, open, one token a use unless said otherwise. Known to the API when this resolves. */
  createPool(options?: { price?: bigint; lowestPrice?: bigint }): Promise<number>
  /** Test tokens out of nothing. */
  mint(account: Address | string, amount: bigint): Promise<void>
  /** Gas money out of nothing; contributors need none. */
  fund(account: Address | string, wei?: bigint): Promise<void>
  /** Ends what the world itself holds open; not the network. */
  close(): void
}

/** A world of a spec's own, with its processes in reach: for faults and restarts. End it in `afterAll`. */
export type OwnWorld = World & RunningNetwork

export function worldOf(facts: NetworkFacts): World {
  const deployment = parseDeployment(readFileSync(facts.deployment, 'utf8'))
  const provider = new JsonRpcProvider(facts.rpcUrl, facts.chainId, {
    staticNetwork: true,
    cacheTimeout: -1,
    pollingInterval: 100,
  })
  const account = DEVELOPMENT_ACCOUNTS().find(({ role }) => role === 'council')!
  const wallet = new Wallet(account.privateKey, provider)
  const contract = (name: ContractName) => new Contract(deployment[name], ABIS[name], provider)
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work)
    last = next.catch(() => {})
    return next
  }
  const councilSends: World['councilSends'] = (name, method, ...args) =>
    inTurn(async () => {
      const bound = contract(name).connect(wallet) as Contract
      const sent = await bound.getFunction(method)(...args)
      return sent.wait()
    })
  return {
    facts,
    api: facts.apiUrl,
    rpc: facts.rpcUrl,
    deployment,
    provider,
    council: { wallet, client: createClient({ api: facts.apiUrl, rpc: facts.rpcUrl, signer: wallet }) },
    contract,
    councilSends,
    async createPool({ price = parseEther('1'), lowestPrice = 1n } = {}) {
      const receipt = await councilSends(
        'datasetRegistry',
        'createPool',
        await someTerms(),
        lowestPrice,
        price,
      )
      const registry = contract('datasetRegistry')
      const created = receipt.logs
        .map((log) => registry.interface.parseLog(log))
        .find((log) => log?.name === 'PoolCreated')
      const pool = Number(created!.args.pool)
      await waitFor(
        `pool ${pool} in the API`,
        async () => (await fetch(`${facts.apiUrl}/v1/pools/${pool}`)).ok,
      )
      return pool
    },
    mint: async (to, amount) => void (await councilSends('token', 'mint', to, amount)),
    fund: async (to, wei = parseEther('10')) => {
      await inTurn(async () => (await wallet.sendTransaction({ to, value: wei })).wait())
    },
    close: () => provider.destroy(),
  }
}

async function someTerms(): Promise<Hex> {
  const terms: TermsDocument = {
    version: 'granary/terms/v1',
    title: 'A pool of a test',
    description: '',
    terms: 'For tests only.',
  }
  return (await documentDigest(terms)).digest
}

/** The world that all specs of a run share; global-setup.ts started it. Each spec makes its own pool and wallets. */
export function sharedWorld(): World {
  const file = process.env.GRANARY_TEST_WORLD
  if (!file || !existsSync(file)) throw new Error('no world was started: run the specs through jest')
  return worldOf(JSON.parse(readFileSync(file, 'utf8')) as NetworkFacts)
}

/** Starts a network for one spec alone. */
export async function startWorld(options: NetworkOptions = {}): Promise<OwnWorld> {
  const network = await startNetwork(options)
  const world = worldOf(network.facts)
  return {
    ...world,
    ...network,
    end: async () => {
      world.close()
      await network.end()
    },
  }
}
