import { GranaryError, type RelayKind } from '@granary/protocol'
import { Inject, Injectable } from '@nestjs/common'
import { CONFIG } from '../app.tokens.js'
import { refusalOf } from '../chain/chain.errors.js'
import { Chain } from '../chain/chain.js'
import type { Config } from '../config.js'
import { type Call, LIMITED } from './relay.calls.js'

/** What a call would do now, found out before any gas is spent. */
@Injectable()
export class Preflight {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly chain: Chain,
  ) {}

  /**
   * The gas that the call needs.
   *
   * @throws GranaryError with the code of the revert, also of a contract that the call calls; RELAY_TOO_EXPENSIVE
   */
  async estimate(kind: RelayKind, call: Call): Promise<{ to: string; data: string; gas: bigint }> {
    const data = call.contract.interface.encodeFunctionData(call.method, call.args)
    const to = String(call.contract.target)
    const gas = await this.gasOf(to, data, call)
    if (LIMITED.has(kind) && gas > BigInt(this.config.PROPOSAL_GAS_LIMIT))
      throw new GranaryError('RELAY_TOO_EXPENSIVE', { gas, limit: this.config.PROPOSAL_GAS_LIMIT })
    return { to, data, gas }
  }

  private async gasOf(to: string, data: string, call: Call): Promise<bigint> {
    try {
      return await this.chain.provider.estimateGas({ from: this.chain.relayer, to, data })
    } catch (error) {
      throw refusalOf(error, call.contract.interface, ...this.chain.abis) ?? error
    }
  }
}
