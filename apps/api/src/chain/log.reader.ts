import { GranaryError } from '@granary/protocol'
import { Inject, Injectable } from '@nestjs/common'
import { getAddress, getBytes, toQuantity } from 'ethers'
import { CONFIG } from '../app.tokens.js'
import type { Config } from '../config.js'
import { bitsOf, bloomOf, covers, isTelling, mayContain } from './bloom.js'
import { Chain } from './chain.js'

/** A log of a contract of ours. */
export interface ChainLog {
  address: string
  topics: string[]
  data: string
  blockNumber: number
  blockHash: string
  transactionHash: string
  index: number
}

/** A block's header, and the hashes of its transactions. */
export interface Header {
  number: number
  hash: string
  parentHash: string
  /** Unix seconds */
  timestamp: number
  logsBloom: string
  transactions: string[]
}

/** A stretch of the chain: `to` may be less than was asked for. Logs in the chain's order, each once. */
export interface Stretch {
  to: number
  logs: ChainLog[]
  /** of `to` and of every block that has a log, at least */
  headers: Map<number, Header>
}

interface RawLog {
  address: string
  topics: string[]
  data: string
  blockNumber: string
  blockHash: string
  transactionHash: string
  logIndex: string
  removed?: boolean
}

/** Headers asked for at once. */
const AT_ONCE = 200

/**
 * Reads what the contracts said, from nodes that refuse long stretches and leave things out. Every log has to lie in a
 * block whose header says so, and headers have to follow each other. Near the head the headers' blooms say which blocks
 * have something of ours: there the receipts count, and they must account for the whole bloom. So a node can be late,
 * but nothing goes missing between what it says at two moments.
 */
@Injectable()
export class LogReader {
  private readonly addresses: string[]
  /** For each contract its bits, and those of its events. */
  private readonly marks: { address: number[]; events: number[][] }[]
  private range: number

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly chain: Chain,
  ) {
    this.range = config.FEED_RANGE_BLOCKS
    this.addresses = chain.watched
    this.marks = this.addresses.map((address) => {
      const events: number[][] = []
      chain.interfaceOf(address)?.forEachEvent((event) => events.push(bitsOf(event.topicHash)))
      return { address: bitsOf(address), events }
    })
  }

  /**
   * From block `from` on, at most to `to`. `parent` is the hash of the block before, empty when it is not known.
   *
   * @throws GranaryError CHAIN_DISAGREES when the chain changed meanwhile or the node contradicts itself
   */
  async read(from: number, to: number, head: number, parent: string): Promise<Stretch> {
    const { end, logs } = await this.logs(from, to)
    const isNear = end > head - this.config.FEED_VERIFIED_BLOCKS
    const wanted = isNear
      ? Array.from({ length: end - from + 1 }, (_, place) => from + place)
      : [...new Set([...logs.map(({ blockNumber }) => blockNumber), end])]
    const headers = await this.headers(wanted)
    if (isNear) checkLinks(headers, from, end, parent)
    for (const { blockNumber, blockHash } of logs)
      if (headers.get(blockNumber)?.hash !== blockHash) throw disagreement()
    const all = isNear ? await this.complete(logs, headers) : logs
    return { to: end, logs: all, headers }
  }

  /**
   * The logs from block `from` on, of as many blocks as the node gives at once, at most up to `most`; next time more, or
   * fewer if it refused. What the node leaves out is not noticed here.
   *
   * @throws GranaryError CHAIN_DISAGREES when the node contradicts itself; what the endpoint throws
   */
  async logs(from: number, most: number): Promise<{ end: number; logs: ChainLog[] }> {
    for (;;) {
      const end = Math.min(most, from + this.range - 1)
      try {
        const found = await this.getLogs(from, end)
        this.range = Math.min(this.range * 2, this.config.FEED_RANGE_BLOCKS)
        return { end, logs: found }
      } catch (error) {
        if (this.range === 1 || error instanceof DisagreementError) throw error
        this.range = Math.max(Math.floor(Math.min(this.range, end - from + 1) / 2), 1)
        // A node that did not answer is not asked again at once.
        if (error instanceof GranaryError) throw error
      }
    }
  }

  private async getLogs(from: number, to: number): Promise<ChainLog[]> {
    const filter = { address: this.addresses, fromBlock: toQuantity(from), toBlock: toQuantity(to) }
    const found = (await this.chain.provider.send('eth_getLogs', [filter])) as RawLog[]
    const isOutside = ({ blockNumber }: ChainLog) => blockNumber < from || blockNumber > to
    const logs = this.ours(found)
    if (logs.some(isOutside) || found.some(({ removed }) => removed)) throw disagreement()
    return logs
  }

  private async headers(numbers: readonly number[]): Promise<Map<number, Header>> {
    const headers = new Map<number, Header>()
    for (let i = 0; i < numbers.length; i += AT_ONCE) {
      const some = numbers.slice(i, i + AT_ONCE)
      for (const header of await Promise.all(some.map((number) => this.header(number))))
        if (header) headers.set(header.number, header)
    }
    if (numbers.some((number) => !headers.has(number))) throw disagreement()
    return headers
  }

  /** A block's header, null when the node does not have it. */
  async header(number: number): Promise<Header | null> {
    const block = await this.chain.provider.send('eth_getBlockByNumber', [toQuantity(number), false])
    return block && { ...block, number: Number(block.number), timestamp: Number(block.timestamp) }
  }

  /** With what the node left out; of blocks whose blooms do not tell, what it said. */
  private async complete(logs: ChainLog[], headers: Map<number, Header>): Promise<ChainLog[]> {
    const said = new Map<number, ChainLog[]>()
    for (const log of logs) said.set(log.blockNumber, [...(said.get(log.blockNumber) ?? []), log])
    const all: ChainLog[] = []
    for (const header of headers.values()) {
      const bloom = getBytes(header.logsBloom)
      const here = said.get(header.number) ?? []
      const isAsked = isTelling(bloom) && (here.length > 0 || this.mayHaveOurs(bloom))
      const found = isAsked ? await this.fromReceipts(header, bloom) : here
      if (here.some(({ index }) => !found.some((each) => each.index === index))) throw disagreement()
      all.push(...found)
    }
    return inOrder(all)
  }

  private mayHaveOurs(bloom: Uint8Array): boolean {
    return this.marks.some(
      ({ address, events }) => mayContain(bloom, address) && events.some((event) => mayContain(bloom, event)),
    )
  }

  private async fromReceipts(header: Header, bloom: Uint8Array): Promise<ChainLog[]> {
    const receipts = await this.receipts(header)
    const logs = receipts.flatMap((receipt) => receipt?.logs ?? [])
    const isWhole =
      receipts.length >= header.transactions.length &&
      receipts.every((receipt) => receipt?.blockHash === header.hash) &&
      covers(bloomOf(logs), bloom)
    if (!isWhole) throw disagreement()
    return this.ours(logs)
  }

  private async receipts(header: Header): Promise<({ blockHash: string; logs: RawLog[] } | null)[]> {
    const { provider } = this.chain
    try {
      const found = await provider.send('eth_getBlockReceipts', [toQuantity(header.number)])
      if (Array.isArray(found)) return found
    } catch (error) {
      // Not every node has this method; what every node has takes a question for each transaction.
      if (error instanceof GranaryError) throw error
    }
    const ask = (hash: string) => provider.send('eth_getTransactionReceipt', [hash])
    return Promise.all(header.transactions.map(ask))
  }

  private ours(logs: readonly RawLog[]): ChainLog[] {
    const mine = logs.filter(({ address }) => this.addresses.includes(address.toLowerCase()))
    return inOrder(
      mine.map((log) => ({
        address: getAddress(log.address),
        topics: log.topics,
        data: log.data,
        blockNumber: Number(log.blockNumber),
        blockHash: log.blockHash,
        transactionHash: log.transactionHash,
        index: Number(log.logIndex),
      })),
    )
  }
}

class DisagreementError extends GranaryError {}
const disagreement = () =>
  new DisagreementError(
    'CHAIN_DISAGREES',
    'the chain changed while it was read, or its node left something out',
  )

function checkLinks(headers: Map<number, Header>, from: number, to: number, parent: string): void {
  let before = parent
  for (let number = from; number <= to; number += 1) {
    const header = headers.get(number)
    if (!header || (before !== '' && header.parentHash !== before)) throw disagreement()
    before = header.hash
  }
}

/** In the chain's order, each place once; two different logs at one place are no chain. */
function inOrder(logs: readonly ChainLog[]): ChainLog[] {
  const sorted = [...logs].sort((a, b) => a.blockNumber - b.blockNumber || a.index - b.index)
  return sorted.filter((log, place) => {
    const before = sorted[place - 1]
    if (before?.blockNumber !== log.blockNumber || before.index !== log.index) return true
    if (before.blockHash !== log.blockHash || before.transactionHash !== log.transactionHash)
      throw disagreement()
    return false
  })
}
