// Sends the custodian's own transactions: confirmations of an epoch, settlements.
import {
  type Address,
  contractErrorCode,
  type ErrorCode,
  GranaryError,
  type Hex,
  isErrorCode,
} from '@granary/protocol'
import type { Wallet } from 'ethers'
import { Mutex } from '../state/mutex.js'
import type { Chain } from './chain.js'
import type { RpcOutcome } from './endpoint.js'

const POLL_MS = 250
const WAIT_MS = 120_000

interface Mined {
  transactionHash: Hex
  status: Hex
  blockNumber: Hex
}

export class Sender {
  #chain: Chain
  #wallet: Wallet
  #chainId: number
  #one = new Mutex()

  constructor(chain: Chain, wallet: Wallet, chainId: number) {
    this.#chain = chain
    this.#wallet = wallet
    this.#chainId = chainId
  }

  /**
   * Sends `data` to `to` and waits until it is mined; one transaction at a time. Given to every endpoint.
   *
   * @returns the transaction's hash
   * @throws GranaryError with the contract's error as code when it would revert; CHAIN_UNAVAILABLE, TIMED_OUT
   */
  send(to: Address, data: Hex): Promise<Hex> {
    return this.#one.run(() => this.#send(to, data))
  }

  async #send(to: Address, data: Hex): Promise<Hex> {
    const from = this.#wallet.address
    const gas = await this.#estimate({ from, to, data })
    const [nonce, block, priority] = await Promise.all([
      this.#chain.reached('eth_getTransactionCount', [from, 'pending']),
      this.#chain.any('eth_getBlockByNumber', ['latest', false]),
      this.#chain.any('eth_maxPriorityFeePerGas', []).catch(() => '0x3b9aca00'),
    ])
    const baseFee = BigInt((block as { baseFeePerGas?: Hex }).baseFeePerGas ?? 0)
    const signed = await this.#wallet.signTransaction({
      type: 2,
      chainId: this.#chainId,
      nonce: Number(nonce),
      to,
      data,
      gasLimit: (gas * 12n) / 10n,
      maxPriorityFeePerGas: BigInt(priority as Hex),
      maxFeePerGas: 2n * baseFee + BigInt(priority as Hex),
    })
    const sent = await Promise.allSettled(
      this.#chain.endpoints.map((endpoint) => endpoint.call('eth_sendRawTransaction', [signed])),
    )
    const hash = sent.find((outcome) => outcome.status === 'fulfilled')
    if (hash === undefined) throw (sent[0] as PromiseRejectedResult).reason
    return this.#mined(hash.value as Hex)
  }

  async #estimate(transaction: { from: string; to: string; data: Hex }): Promise<bigint> {
    let failure: RpcOutcome | undefined
    for (const endpoint of this.#chain.endpoints) {
      const [outcome] = await endpoint
        .batch([{ method: 'eth_estimateGas', params: [transaction] }])
        .catch(() => [])
      if (outcome !== undefined && 'result' in outcome) return BigInt(outcome.result as Hex)
      failure ??= outcome
    }
    if (failure === undefined || !('error' in failure)) throw new GranaryError('CHAIN_UNAVAILABLE')
    const { message, data } = failure.error
    throw new GranaryError(
      revertCode(data),
      `the chain refuses: ${message}${data ? ` ${data.slice(0, 10)}` : ''}`,
    )
  }

  async #mined(hash: Hex): Promise<Hex> {
    const until = Date.now() + WAIT_MS
    while (Date.now() < until) {
      const mined = (await this.#chain
        .any('eth_getTransactionReceipt', [hash])
        .catch(() => null)) as Mined | null
      if (mined) {
        if (Number(mined.status) === 1) return hash
        throw new GranaryError('CONTRACT_REVERTED', { transaction: hash })
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
    throw new GranaryError('TIMED_OUT', { transaction: hash })
  }
}

function revertCode(data: Hex | undefined): ErrorCode {
  if (data === undefined) return 'CHAIN_UNAVAILABLE'
  const code = contractErrorCode(data.slice(0, 10))
  return isErrorCode(code) ? code : 'CONTRACT_REVERTED'
}
