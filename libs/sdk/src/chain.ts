import {
  type Address,
  CONTRACT_ABIS,
  contractErrorCode,
  GranaryError,
  type Hex,
  type MessageOf,
  openingInCall,
  readFlags,
} from '@granary/protocol'
import {
  Contract,
  type ContractTransactionReceipt,
  type InterfaceAbi,
  type JsonRpcPayload,
  JsonRpcProvider,
  type JsonRpcResult,
  type Provider,
  type Signer,
} from 'ethers'
import { isLoopback } from './loopback.js'
import type { Committee, NetworkFacts } from './network.js'

/** A request as the chain has it. `price` is per use. */
export interface ChainRequest {
  trainer: Address
  pool: number
  purposes: number
  count: number
  expires: number
  window: number
  isFinal: boolean
  refunded: boolean
  manifestRoot: Hex
  recipient: Hex
  price: bigint
  spent: bigint
  treasuryBps: number
  custodiansBps: number
}

export interface Done {
  transaction: Hex
  gasUsed: string
  block: number
}

/** What the client reads from the chain itself, and the council's transactions. */
export interface Chain {
  provider: Provider
  /** Whose word the chain's facts are: the caller's own endpoint's, the wallet's, or that of one the API names (local only). */
  endpoint: 'own' | 'wallet' | 'named-by-api'
  committee(epoch: number): Promise<Committee>
  /** Who registered a dataset and how its content is named; null when nobody did. */
  dataset(id: Hex): Promise<{ owner: Address; rawRoot: boolean } | null>
  /** The settlement of a number that stands; null when there is none. */
  settlement(number: number): Promise<{ document: Hex; root: Hex } | null>
  /** The signed message with which a request was opened, from its transaction; null when that does not tell. */
  opening(transaction: Hex): Promise<{ request: MessageOf<'AccessRequest'>; signature: Hex } | null>
  /** Throws REQUEST_UNKNOWN. */
  request(id: Hex): Promise<ChainRequest>
  /** What an ERC-2612 permit of `owner` needs. */
  permitFacts(owner: Address): Promise<{ name: string; version: string; nonce: bigint }>
  /**
   * What an account can pay with: its balance, what it lets AccessRequests take, and whether it is a contract. A key
   * with EIP-7702 code is none: it signs as before.
   */
  funds(account: Address): Promise<{ balance: bigint; allowance: bigint; isContract: boolean }>
  balance(account: Address): Promise<bigint>
  /** What an account has claimed ever. */
  claimed(account: Address): Promise<bigint>
  /** What a delegation of an account's votes uses up. */
  votesNonce(account: Address): Promise<bigint>
  /** Roots of the settlements in effect, the last one first: that is the one that claims are checked against now. */
  rewardsRoots(): AsyncGenerator<{ number: number; root: Hex }>
  /** Sends a transaction by the client's signer and waits for it. A revert is thrown by the contract error's code. */
  send(contract: ContractName, method: string, args: unknown[]): Promise<Done>
}

/** The clocks of client and API may differ by this much. */
const CLOCK_SECONDS = 5

export type ContractName = keyof typeof CONTRACT_ABIS

/** The code of a key's account that has delegated to a contract (EIP-7702). */
const DELEGATION = /^0xef0100[0-9a-f]{40}$/i

type Facts = Pick<NetworkFacts, 'chainId' | 'deployment' | 'local' | 'display'>

/** The caller's own endpoint, else the wallet's, else (local network only) the one on this machine that the API names. */
export function providerFor(facts: Facts, rpc?: string, signer?: Signer): Provider | undefined {
  const told = facts.local && !signer?.provider ? facts.display.rpcUrl : null
  const isHere = told !== null && URL.canParse(told) && isLoopback(new URL(told).hostname)
  const url = rpc ?? (isHere ? told : undefined)
  if (url)
    return new OwnEndpoint(url, facts.chainId, {
      staticNetwork: true,
      cacheTimeout: -1,
      pollingInterval: 500,
    })
  return signer?.provider ?? undefined
}

/** An endpoint whose failures have a code. Throws CHAIN_UNAVAILABLE. */
class OwnEndpoint extends JsonRpcProvider {
  override async _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<JsonRpcResult[]> {
    return super._send(payload).catch(unreachable)
  }
}

export async function createChain(facts: NetworkFacts, rpc?: string, signer?: Signer): Promise<Chain> {
  const provider = providerFor(facts, rpc, signer)
  if (!provider)
    throw new GranaryError('CHAIN_UNAVAILABLE', 'this needs an endpoint of the chain: set GRANARY_RPC or rpc')
  const chainId = Number(
    BigInt(await (provider as JsonRpcProvider).send('eth_chainId', []).catch(unreachable)),
  )
  if (chainId !== facts.chainId)
    throw new GranaryError('NETWORK_MISMATCH', `the RPC endpoint is on chain ${chainId}`)
  const at = (name: ContractName) => contractAt(facts, name, provider)

  return {
    provider,
    endpoint: rpc ? 'own' : signer?.provider ? 'wallet' : 'named-by-api',
    async opening(transaction) {
      const found = await provider.getTransaction(transaction)
      return (found && openingInCall(found.data)) ?? null
    },
    committee: (epoch) => chainCommittee(facts, provider, epoch),
    async dataset(id) {
      const found = await at('datasetRegistry').dataset!(id)
      if (BigInt(found.owner) === 0n) return null
      return { owner: found.owner, rawRoot: readFlags(Number(found.flags)).rawRoot }
    },
    async settlement(number) {
      const found = await at('rewardPool').settled!(number)
      return found.sequence === 0n ? null : { document: found.document, root: found.root }
    },
    async request(id) {
      const found = await at('accessRequests').request!(id)
      if (BigInt(found.trainer) === 0n) throw new GranaryError('REQUEST_UNKNOWN', `no request ${id} on chain`)
      return {
        trainer: found.trainer,
        pool: Number(found.pool),
        purposes: Number(found.purposes),
        count: Number(found.count),
        expires: Number(found.expires),
        window: Number(found.window),
        isFinal: found.isFinal,
        refunded: found.refunded,
        manifestRoot: found.manifestRoot,
        recipient: found.recipient,
        price: found.price,
        spent: found.spent,
        treasuryBps: Number(found.treasuryBps),
        custodiansBps: Number(found.custodiansBps),
      }
    },
    async permitFacts(owner) {
      const token = at('token')
      const [name, nonce] = await Promise.all([token.name!(), token.nonces!(owner)])
      return { name, version: '1', nonce }
    },
    async funds(account) {
      const token = at('token')
      const [balance, allowance, code] = await Promise.all([
        token.balanceOf!(account),
        token.allowance!(account, facts.deployment.accessRequests),
        provider.getCode(account),
      ])
      return { balance, allowance, isContract: code !== '0x' && !DELEGATION.test(code) }
    },
    votesNonce: (account) => at('grainToken').nonces!(account),
    balance: (account) => at('token').balanceOf!(account),
    claimed: (account) => at('rewardPool').claimed!(account),
    rewardsRoots: () => rootsInEffect(at('rewardPool'), provider),
    async send(name, method, args) {
      if (!signer) throw new GranaryError('SIGNER_MISSING', 'this needs a wallet that can send transactions')
      const contract = contractAt(facts, name, signer.provider ? signer : signer.connect(provider))
      try {
        const sent = await contract.getFunction(method)(...args)
        const receipt: ContractTransactionReceipt = await sent.wait()
        return {
          transaction: receipt.hash as Hex,
          gasUsed: String(receipt.gasUsed),
          block: receipt.blockNumber,
        }
      } catch (error) {
        throw revertOf(error, contract) ?? error
      }
    },
  }
}

/** Where no block was made for a while the chain's own answer is old: what took effect since comes first. */
async function* rootsInEffect(
  pool: Contract,
  provider: Provider,
): AsyncGenerator<{ number: number; root: Hex }> {
  const settled = (number: number) =>
    pool.settled!(number) as Promise<{ root: Hex; sequence: bigint; effectiveFrom: bigint }>
  const [block, known] = await Promise.all([provider.getBlock('latest'), pool.inEffect!() as Promise<bigint>])
  const time = Math.max(Math.floor(Date.now() / 1000), block?.timestamp ?? 0) + CLOCK_SECONDS
  let last = Number(known)
  for (;;) {
    const { sequence, effectiveFrom } = await settled(last + 1)
    if (sequence === 0n || Number(effectiveFrom) > time) break
    last++
  }
  for (let number = last; number > 0; number--) yield { number, root: (await settled(number)).root }
}

/** The custodians of an epoch, read from the chain. Throws EPOCH_UNKNOWN for an epoch that is not active. */
export async function chainCommittee(facts: Facts, provider: Provider, wanted?: number): Promise<Committee> {
  const contract = contractAt(facts, 'custodianCommittee', provider)
  const epoch = wanted ?? Number(await contract.currentEpoch!())
  if (epoch === 0) throw new GranaryError('COMMITTEE_MISSING', 'the custodians have not made their key yet')
  const found = await contract.epoch!(epoch)
  if (!found.active) throw new GranaryError('EPOCH_UNKNOWN', `epoch ${epoch} is not active`)
  const members = [...found.members] as { account: Address; endpoint: string; recipient: string }[]
  return {
    epoch,
    threshold: Number(found.threshold),
    groupKey: found.groupKey,
    members: members.map(({ account, endpoint, recipient }, position) => ({
      index: position + 1,
      account,
      endpoint,
      recipient,
      verifyingShare: found.verifyingShares[position],
    })),
  }
}

function contractAt(facts: Facts, name: ContractName, runner: Provider | Signer): Contract {
  return new Contract(facts.deployment[name], CONTRACT_ABIS[name] as unknown as InterfaceAbi, runner)
}

function revertOf(error: unknown, contract: Contract): GranaryError | undefined {
  const data = (error as { data?: string }).data
  if (typeof data !== 'string' || data.length < 10) return undefined
  const known = contract.interface.parseError(data)
  if (!known) return undefined
  return new GranaryError(contractErrorCode(known.name), {
    revert: `${known.name}(${known.args.join(', ')})`,
  })
}

function unreachable(error: unknown): never {
  throw new GranaryError('CHAIN_UNAVAILABLE', `the chain cannot be reached: ${(error as Error).message}`)
}
