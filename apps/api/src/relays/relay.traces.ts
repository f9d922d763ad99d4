import { datasetId, messageSchema, type RelayKind } from '@granary/protocol'
import { Injectable } from '@nestjs/common'
import type { Contract } from 'ethers'
import { Chain } from '../chain/chain.js'
import { type ChainEvent, readEvent } from '../chain/events.js'
import { FeedService } from '../chain/feed.service.js'
import type { Relay } from '../database/generated/client.js'
import { type EventKeys, RelayRepository } from './relay.repository.js'

/** Where a message is on chain. */
export type Landing = { transaction: string; block: bigint }
type Args = ChainEvent['args']

/** The event by which a message shows on chain: `keys` find it in the tables, `indexed` on the chain. */
interface Trace {
  contract: Contract
  name: string
  keys: EventKeys
  indexed: (string | null)[]
  isIt?: (args: Args) => boolean
}

interface Payload {
  dataset?: string
  message?: never
  request?: string
  account?: string
  total?: string
}

/**
 * Finds messages on chain whoever brought them there: their owners may send them, too, or another operator, and then the
 * chain refuses ours though what was signed has come to be.
 */
@Injectable()
export class RelayTraces {
  constructor(
    private readonly chain: Chain,
    private readonly feed: FeedService,
    private readonly repository: RelayRepository,
  ) {}

  /**
   * Where the message is on chain, also in blocks that the feed has not read; null when it is not there, or of a kind that
   * leaves no trace of its own.
   *
   * @throws GranaryError CHAIN_UNAVAILABLE; what the endpoint throws
   */
  async find({ kind, payload }: Pick<Relay, 'kind' | 'payload'>): Promise<Landing | null> {
    const trace = traceOf(this.chain, kind as RelayKind, payload as Payload)
    if (!trace) return null
    const { name, keys, isIt = () => true } = trace
    const known = await this.repository.events(name, keys)
    return known.find(({ args }) => isIt(args as Args)) ?? (await this.unread(trace))
  }

  private async unread({ contract, name, indexed, isIt = () => true }: Trace): Promise<Landing | null> {
    const { number } = await this.feed.checkpoint()
    if ((await this.chain.height()) <= number) return null
    const logs = await this.chain.provider.getLogs({
      address: String(contract.target),
      topics: contract.interface.encodeFilterTopics(name, indexed),
      fromBlock: number + 1,
      toBlock: 'latest',
    })
    for (const log of logs) {
      const event = readEvent(contract.interface, log, new Date(0))
      if (event && isIt(event.args)) return { transaction: event.transaction, block: event.block }
    }
    return null
  }
}

function traceOf(chain: Chain, kind: RelayKind, payload: Payload): Trace | null {
  const { dataset = '', message, request = '', account = '', total = '0' } = payload
  switch (kind) {
    case 'contribution': {
      const signed = messageSchema('Contribution').parse(message)
      const isIt = same(signed, 'metadata', 'pool', 'purposes', 'expires', 'flags')
      return { contract: chain.registry, name: 'Contributed', keys: { dataset }, indexed: [dataset], isIt }
    }
    case 'consent-update': {
      const signed = messageSchema('ConsentUpdate').parse(message)
      const isIt = same(signed, 'purposes', 'expires', 'ask', 'issued')
      const about = { keys: { dataset: signed.dataset }, indexed: [signed.dataset] }
      return { contract: chain.registry, name: 'ConsentUpdated', ...about, isIt }
    }
    case 'withdrawal': {
      const { owner, content } = messageSchema('Withdrawal').parse(message)
      const id = datasetId(owner, content)
      return { contract: chain.registry, name: 'Withdrawn', keys: { dataset: id }, indexed: [id] }
    }
    case 'approval': {
      const signed = messageSchema('Approval').parse(message)
      const keys = { request: signed.request, dataset: signed.dataset }
      const about = { keys, indexed: [signed.request, signed.dataset] }
      return { contract: chain.requests, name: 'ApprovalGiven', ...about, isIt: same(signed, 'granted') }
    }
    case 'access-request':
      return { contract: chain.requests, name: 'RequestOpened', keys: { request }, indexed: [request] }
    case 'refund':
      return { contract: chain.requests, name: 'RequestRefunded', keys: { request }, indexed: [request] }
    case 'claim': {
      const isIt = (args: Args) => BigInt(String(args.total)) >= BigInt(total)
      return { contract: chain.rewards, name: 'Claimed', keys: { account }, indexed: [account], isIt }
    }
    default:
      return null
  }
}

/** Whether an event says the same as a message in these fields. */
function same<T extends object>(message: T, ...fields: (keyof T & string)[]): (args: Args) => boolean {
  return (args) => fields.every((field) => String(args[field]) === String(message[field]))
}
