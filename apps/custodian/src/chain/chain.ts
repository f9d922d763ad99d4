// How this custodian reads the chain (see protocol, "Reading the chain"): what permits must be told alike by a quorum
// of its own endpoints at a confirmed block; what forbids counts as soon as one endpoint shows it at its latest block.
import { type Address, GranaryError, type Hex, isRevert } from '@granary/protocol'
import type { Answers, Call } from './call.js'
import { Endpoint, type RpcOutcome } from './endpoint.js'

export interface Block {
  number: number
  hash: Hex
  /** Unix seconds. */
  timestamp: number
}

/** Facts as of one moment. */
export interface View {
  /** The confirmed block. */
  readonly block: Block
  /** Unix seconds: the later of this machine's clock and the newest block that any endpoint shows. */
  readonly time: number
  /**
   * What permits: answers of a quorum at the confirmed block, read by its hash. A call that reverts gives null.
   * @throws GranaryError CHAIN_DISAGREES, CHAIN_UNAVAILABLE
   */
  confirmed<C extends readonly Call<unknown>[]>(calls: readonly [...C]): Promise<OrNull<Answers<C>>>
  /**
   * What forbids: each endpoint's own answers at its latest block; endpoints that do not answer are left out, at least
   * a quorum answers. A call that reverts gives null.
   * @throws GranaryError CHAIN_UNAVAILABLE
   */
  latest<C extends readonly Call<unknown>[]>(calls: readonly [...C]): Promise<OrNull<Answers<C>>[]>
}

export type OrNull<T> = { [K in keyof T]: T[K] | null }

/** Which events, of which blocks, both ends included. */
export interface LogFilter {
  address: Address
  /** as JSON-RPC has them: per place one topic, or several of which any will do */
  topics: readonly (string | readonly string[])[]
  from: number
  to: number
}

export interface Log {
  topics: string[]
  data: string
  transactionHash: Hex
}

interface ChainOptions {
  urls: readonly string[]
  /** Endpoints that must answer alike. */
  quorum: number
  /** Blocks on top before a block counts as confirmed, or the chain's own tag. */
  confirmations: number | 'finalized'
}

export class Chain {
  readonly endpoints: readonly Endpoint[]
  #quorum: number
  #confirmations: number | 'finalized'

  constructor({ urls, quorum, confirmations }: ChainOptions) {
    this.endpoints = urls.map((url) => new Endpoint(url))
    this.#quorum = quorum
    this.#confirmations = confirmations
  }

  /** @throws GranaryError NETWORK_MISMATCH when an endpoint that answers is of another chain, CHAIN_UNAVAILABLE */
  async checkChainId(chainId: number): Promise<void> {
    const ids = await this.#ofAll((endpoint) => endpoint.call('eth_chainId', []))
    for (const id of ids) {
      if (Number(id) !== chainId)
        throw new GranaryError('NETWORK_MISMATCH', { expected: chainId, found: Number(id) })
    }
  }

  /** A view of now. @throws GranaryError CHAIN_UNAVAILABLE, CHAIN_DISAGREES */
  async view(): Promise<View> {
    const heads = await this.#ofAll((endpoint) => this.#heads(endpoint))
    const confirmedNumbers = heads.map((head) => head.confirmed).sort((a, b) => b - a)
    const number = confirmedNumbers[this.#quorum - 1]!
    const blocks = await this.#ofAll((endpoint) => readBlock(endpoint, hex(number)))
    const block = this.#agreed(blocks, (found) => found.hash)
    const clock = Math.floor(Date.now() / 1000)
    const time = Math.max(clock, ...heads.map((head) => head.latest.timestamp))
    return {
      block,
      time,
      confirmed: async (calls) => {
        const lists = await this.#ofAll((endpoint) => ethCalls(endpoint, calls, { blockHash: block.hash }))
        const agreed = calls.map((_, i) =>
          this.#agreed(
            lists.map((list) => list[i]!),
            (answer) => answer.bytes ?? 'reverted',
          ),
        )
        return decodeAll(calls, agreed) as never
      },
      latest: async (calls) => {
        const lists = await this.#ofAll((endpoint) => ethCalls(endpoint, calls, 'latest'))
        return lists.map((list) => decodeAll(calls, list)) as never
      },
    }
  }

  /**
   * The first endpoint's answer, the next one's if it fails or has nothing to tell: for what need not be believed. Null
   * when those that answer all say so.
   *
   * @throws what the last endpoint threw when none answers
   */
  async any(method: string, params: unknown[]): Promise<unknown> {
    let failure: unknown
    let isAnswered = false
    for (const endpoint of this.endpoints) {
      try {
        const answer = await endpoint.call(method, params)
        if (answer !== null) return answer
        isAnswered = true
      } catch (error) {
        failure = error
      }
    }
    if (isAnswered) return null
    throw failure
  }

  /**
   * Logs of the first endpoint that has the last block of the range: one that is behind leaves some out and does not say
   * so. For what need not be believed.
   *
   * @throws GranaryError CHAIN_UNAVAILABLE when no endpoint has that block
   */
  async logs({ from, to, ...filter }: LogFilter): Promise<Log[]> {
    const toBlock = hex(to)
    let failure: unknown
    for (const endpoint of this.endpoints) {
      try {
        await readBlock(endpoint, toBlock)
        return (await endpoint.call('eth_getLogs', [{ ...filter, fromBlock: hex(from), toBlock }])) as Log[]
      } catch (error) {
        failure = error
      }
    }
    throw failure
  }

  /** A number that at least a quorum has reached: neither one that is behind nor one that exaggerates decides alone. */
  async reached(method: string, params: unknown[]): Promise<bigint> {
    const answers = await this.#ofAll(async (endpoint) =>
      BigInt((await endpoint.call(method, params)) as Hex),
    )
    return answers.sort((a, b) => (a < b ? 1 : -1))[this.#quorum - 1]!
  }

  async #heads(endpoint: Endpoint): Promise<{ latest: Block; confirmed: number }> {
    if (this.#confirmations === 'finalized') {
      const [latest, finalized] = await Promise.all([
        readBlock(endpoint, 'latest'),
        readBlock(endpoint, 'finalized'),
      ])
      return { latest, confirmed: finalized.number }
    }
    const latest = await readBlock(endpoint, 'latest')
    return { latest, confirmed: Math.max(0, latest.number - this.#confirmations) }
  }

  /** The answers of all endpoints that give one; at least a quorum. */
  async #ofAll<T>(ask: (endpoint: Endpoint) => Promise<T>): Promise<T[]> {
    const outcomes = await Promise.allSettled(this.endpoints.map(ask))
    const answers = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
    if (answers.length >= this.#quorum) return answers
    const failed = outcomes.find((outcome) => outcome.status === 'rejected')
    throw new GranaryError('CHAIN_UNAVAILABLE', undefined, { cause: failed?.reason })
  }

  /** The answer that a quorum gives alike. */
  #agreed<T>(answers: readonly T[], key: (answer: T) => string): T {
    const counts = new Map<string, number>()
    for (const answer of answers) {
      const count = (counts.get(key(answer)) ?? 0) + 1
      if (count >= this.#quorum) return answer
      counts.set(key(answer), count)
    }
    throw new GranaryError('CHAIN_DISAGREES')
  }
}

const hex = (number: number): Hex => `0x${number.toString(16)}`

/** What an eth_call returned, null for a revert. */
interface Returned {
  bytes: Hex | null
}

async function readBlock(endpoint: Endpoint, tag: string): Promise<Block> {
  const found = (await endpoint.call('eth_getBlockByNumber', [tag, false])) as {
    number: Hex
    hash: Hex
    timestamp: Hex
  } | null
  if (!found) throw new GranaryError('CHAIN_UNAVAILABLE', { block: tag })
  return { number: Number(found.number), hash: found.hash, timestamp: Number(found.timestamp) }
}

async function ethCalls(
  endpoint: Endpoint,
  calls: readonly Call<unknown>[],
  at: unknown,
): Promise<Returned[]> {
  const outcomes = await endpoint.batch(
    calls.map(({ to, data, gas }) => ({
      method: 'eth_call',
      params: [{ to, data, ...(gas === undefined ? {} : { gas: hex(gas) }) }, at],
    })),
  )
  return outcomes.map(returned)
}

function returned(outcome: RpcOutcome): Returned {
  if ('result' in outcome && typeof outcome.result === 'string') return { bytes: outcome.result as Hex }
  if ('error' in outcome && isRevert(outcome.error)) return { bytes: null }
  const reason = 'error' in outcome ? outcome.error.message : 'no answer'
  throw new GranaryError('CHAIN_UNAVAILABLE', `eth_call: ${reason}`)
}

function decodeAll(calls: readonly Call<unknown>[], list: readonly Returned[]): unknown[] {
  return calls.map((call, i) => {
    const { bytes } = list[i]!
    return bytes === null ? null : call.decode(bytes)
  })
}
