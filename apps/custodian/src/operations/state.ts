// What a custodian tells of itself to whoever operates it: numbers, and whether it can do its part.
import { judgeParts, type Part } from '@granary/operation'
import { type Deployment, GranaryError, type Hex } from '@granary/protocol'
import type { Chain } from '../chain/chain.js'
import type { Committee } from '../committee/committee.js'
import type { Shares } from '../committee/shares.js'
import type { Ledger } from '../ledger/ledger.js'
import type { Secrets } from '../secrets.js'
import type { History } from '../settlement/history.js'
import type { Uses } from '../settlement/uses.js'

const LIMIT_MS = 4_000

interface StateParts {
  chain: Chain
  committee: Committee
  deployment: Deployment
  shares: Shares
  secrets: Secrets
  ledger: Ledger
  uses: Uses
  history: History
}

export class State {
  #parts: StateParts
  #ready: Part[]

  constructor(parts: StateParts) {
    this.#parts = parts
    const { chain, deployment } = parts
    this.#ready = [
      { name: 'chain', code: 'CHAIN_UNAVAILABLE', check: () => checkChain(chain, deployment.chainId) },
      { name: 'share', code: 'CUSTODIAN_NOT_READY', check: () => this.#checkShare() },
    ]
  }

  /**
   * Whether it can receipt and release: its secrets are open (else it would not run), a quorum of its endpoints answers
   * and is of the right chain, and it holds a share of the current epoch.
   *
   * @throws GranaryError CHAIN_UNAVAILABLE, CHAIN_MISMATCH, CUSTODIAN_NOT_READY; all that fail are in `failing`
   */
  checkReady(): Promise<void> {
    return judgeParts(this.#ready, LIMIT_MS)
  }

  isReady(): Promise<boolean> {
    return this.checkReady().then(
      () => true,
      () => false,
    )
  }

  get epoch(): number {
    return this.#parts.committee.current
  }

  get ledgerEntries(): number {
    return this.#parts.ledger.last
  }

  get usesDue(): number {
    return this.#due().length
  }

  get oldestUseSeconds(): number {
    const since = Math.min(...this.#due().map((use) => use.since))
    return Number.isFinite(since) ? Math.max(0, Math.floor(Date.now() / 1000) - since) : 0
  }

  get settlement(): number {
    return this.#parts.history.position.number
  }

  async height(): Promise<number> {
    return Number(await this.#parts.chain.any('eth_blockNumber', []))
  }

  async blockAge(): Promise<number> {
    const block = await this.#parts.chain.any('eth_getBlockByNumber', ['latest', false])
    return Math.max(0, Math.floor(Date.now() / 1000) - Number((block as { timestamp: Hex }).timestamp))
  }

  async ether(): Promise<number> {
    const wei = await this.#parts.chain.any('eth_getBalance', [this.#parts.secrets.address, 'latest'])
    return Number(BigInt(wei as string) / 10n ** 9n) / 1e9
  }

  #due() {
    return this.#parts.uses.due(this.#parts.committee.known)
  }

  async #checkShare(): Promise<void> {
    const { chain, committee, shares } = this.#parts
    const current = await committee.readCurrent(await chain.view())
    if (!shares.active.some(({ epoch }) => epoch.number === current))
      throw new GranaryError('CUSTODIAN_NOT_READY', { epoch: current })
  }
}

/** A chain id that does not fit is the operator's fault here, not a client's. */
async function checkChain(chain: Chain, chainId: number): Promise<void> {
  try {
    await chain.checkChainId(chainId)
  } catch (error) {
    if (!(error instanceof GranaryError) || error.code !== 'NETWORK_MISMATCH') throw error
    throw new GranaryError('CHAIN_MISMATCH', error.detail)
  }
}
