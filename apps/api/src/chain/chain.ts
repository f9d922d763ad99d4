import { type Address, CONTRACT_ABIS, type Deployment, GranaryError } from '@granary/protocol'
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common'
import { Contract, type Interface, Wallet } from 'ethers'
import { CONFIG } from '../app.tokens.js'
import type { Config } from '../config.js'
import { Rpc } from './rpc.js'

/** The chain: one provider, the contracts of the deployment, the relayer's wallet. */
@Injectable()
export class Chain implements OnModuleDestroy {
  readonly deployment: Deployment
  readonly provider: Rpc
  readonly wallet: Wallet
  readonly registry: Contract
  readonly trainers: Contract
  readonly committee: Contract
  readonly requests: Contract
  readonly rewards: Contract
  readonly token: Contract
  readonly grain: Contract
  readonly governor: Contract
  readonly timelock: Contract
  private readonly interfaces: Map<string, Interface>
  private facts: { symbol: string; decimals: number } | null = null

  constructor(@Inject(CONFIG) config: Config) {
    this.deployment = config.deployment
    const { chainId } = config.deployment
    this.provider = new Rpc([config.RPC_URL, ...config.RPC_URLS], chainId, config.RPC_TIMEOUT_MS)
    this.wallet = new Wallet(config.relayerKey, this.provider)
    const contract = (name: keyof typeof CONTRACT_ABIS) =>
      new Contract(config.deployment[name], CONTRACT_ABIS[name], this.provider)
    this.registry = contract('datasetRegistry')
    this.trainers = contract('trainerRegistry')
    this.committee = contract('custodianCommittee')
    this.requests = contract('accessRequests')
    this.rewards = contract('rewardPool')
    this.token = contract('token')
    this.grain = contract('grainToken')
    this.governor = contract('governor')
    this.timelock = contract('timelock')
    const watched = [
      ...[this.registry, this.trainers, this.committee, this.requests, this.rewards],
      ...[this.grain, this.governor, this.timelock],
    ]
    this.interfaces = new Map(watched.map((each) => [String(each.target).toLowerCase(), each.interface]))
  }

  /** The relayer's account. */
  get relayer(): Address {
    return this.wallet.address as Address
  }

  /** The contracts whose events are read. */
  get watched(): string[] {
    return [...this.interfaces.keys()]
  }

  /** All interfaces: a proposal's calls may meet an error of any contract. */
  get abis(): Interface[] {
    return [...this.interfaces.values(), this.token.interface]
  }

  /** The interface of a contract of ours, undefined for any other address. */
  interfaceOf(address: string): Interface | undefined {
    return this.interfaces.get(address.toLowerCase())
  }

  /** The number of the newest block. */
  async height(): Promise<number> {
    return Number(await this.provider.send('eth_blockNumber', []))
  }

  /** Whether there is code at every address that is watched. @throws GranaryError CHAIN_UNAVAILABLE */
  async isDeployed(): Promise<boolean> {
    const codes = await Promise.all(
      this.watched.map((address) => this.provider.send('eth_getCode', [address, 'latest'])),
    )
    return codes.every((code) => code !== '0x')
  }

  /** What amounts are said in; never changes. */
  async tokenFacts(): Promise<{ symbol: string; decimals: number }> {
    this.facts ??= {
      symbol: String(await this.token.getFunction('symbol').staticCall()),
      decimals: Number(await this.token.getFunction('decimals').staticCall()),
    }
    return this.facts
  }

  /** The newest block. @throws GranaryError CHAIN_UNAVAILABLE */
  async head(): Promise<{ number: number; time: Date }> {
    const block = await this.provider.getBlock('latest')
    if (!block) throw new GranaryError('CHAIN_UNAVAILABLE')
    return { number: block.number, time: new Date(block.timestamp * 1000) }
  }

  onModuleDestroy(): void {
    this.provider.destroy()
  }
}
