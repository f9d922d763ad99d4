// Gives back what voided settlements took: until then the escrow looks spent, and what is due again cannot be paid.
import {
  type Deployment,
  GranaryError,
  type Hex,
  type MessageOf,
  rewardPoolAbi,
  settlementInCall,
  settlementOf,
} from '@granary/protocol'
import { Interface } from 'ethers'
import type { Logger } from 'pino'
import type { Chain, View } from '../chain/chain.js'
import type { Contracts } from '../chain/contracts.js'
import type { Sender } from '../chain/sender.js'
import type { Documents } from './documents.js'

const BLOCKS_AT_ONCE = 2_000

const rewardPool = new Interface(rewardPoolAbi)
const TOPICS = ['SettlementTaken', 'SettlementsVoided', 'SettlementReturned'].map(
  (name) => rewardPool.getEvent(name)!.topicHash,
)

interface Taken {
  sequence: number
  number: number
  document: Hex
  transaction: Hex
}

interface ReturnsParts {
  chain: Chain
  contracts: Contracts
  deployment: Deployment
  documents: Documents
  /** Base URLs that may serve documents which are missing here. */
  sources: () => Promise<readonly string[]>
  sender: Sender
  log: Logger
}

/**
 * A chain on which nothing was ever voided is not searched. The events come from one endpoint: one that hides them, or has
 * them no more, leaves the giving back to the other members, or to anybody; what has escrow is settled meanwhile.
 */
export class Returns {
  #parts: ReturnsParts
  /** Settlements that stand, by number. */
  #standing = new Map<number, Taken>()
  /** Voided ones that are not given back, by sequence. */
  #voided = new Map<number, Taken>()
  #read: { number: number; hash: Hex } | undefined

  constructor(parts: ReturnsParts) {
    this.#parts = parts
  }

  /**
   * Gives back what is not back yet; several members may do it at once. Returns whether there was something, after which
   * the chain is to be read again.
   */
  async giveBack(view: View): Promise<boolean> {
    const { contracts, log } = this.#parts
    const [voidings] = await view.confirmed([contracts.voidings()])
    if (!voidings) return false
    try {
      await this.#follow(view)
    } catch (error) {
      log.warn({ err: error }, 'what was voided cannot be read now')
      return false
    }
    // Members that begin at once seldom meet.
    for (const taken of [...this.#voided.values()].sort(() => Math.random() - 0.5)) {
      const { number, sequence } = taken
      try {
        await this.#send(taken)
        log.info({ number, sequence }, 'what a voided settlement took is given back')
      } catch (error) {
        log.warn({ err: error, number, sequence }, 'a voided settlement is not given back by this member')
      }
    }
    return this.#voided.size > 0
  }

  async #send(taken: Taken): Promise<void> {
    const { deployment, sender } = this.#parts
    for (const read of [() => this.#fromDocument(taken), () => this.#fromCall(taken)]) {
      const settlement = await read().catch(() => undefined)
      if (settlement === undefined) continue
      const data = rewardPool.encodeFunctionData('giveBack', [settlement]) as Hex
      try {
        await sender.send(deployment.rewardPool, data)
        return
      } catch (error) {
        // Not the settlement that was taken, or another member was faster: the next look at the events tells.
        if (!(error instanceof GranaryError) || error.code !== 'NOTHING_TO_GIVE_BACK') throw error
      }
    }
    throw new GranaryError('NOTHING_TO_GIVE_BACK')
  }

  async #fromDocument({ document }: Taken): Promise<MessageOf<'Settlement'>> {
    const { documents, sources } = this.#parts
    return settlementOf(await documents.get(document, await sources()), document)
  }

  /** What t members signed falsely may have no document that anybody serves; the transaction has all of it. */
  async #fromCall({ transaction }: Taken): Promise<MessageOf<'Settlement'> | undefined> {
    const found = await this.#parts.chain.any('eth_getTransactionByHash', [transaction])
    return settlementInCall((found as { input?: string } | null)?.input ?? '0x')
  }

  /** Reads what happened since the last time, from the deployment on if the chain went back. */
  async #follow(view: View): Promise<void> {
    const { chain, deployment } = this.#parts
    const { number, hash } = view.block
    const read = this.#read
    const there = read && (await chain.any('eth_getBlockByNumber', [`0x${read.number.toString(16)}`, false]))
    const isThere = read !== undefined && (there as { hash: Hex } | null)?.hash === read.hash
    if (!isThere) {
      this.#standing.clear()
      this.#voided.clear()
    }
    let from = isThere ? read.number + 1 : deployment.startBlock
    for (; from <= number; from += BLOCKS_AT_ONCE) {
      await this.#take(from, Math.min(number, from + BLOCKS_AT_ONCE - 1))
    }
    this.#read = { number, hash }
  }

  async #take(from: number, to: number): Promise<void> {
    const { chain, deployment } = this.#parts
    const logs = await chain.logs({ address: deployment.rewardPool, topics: [TOPICS], from, to })
    for (const log of logs) {
      const { name, args } = rewardPool.parseLog(log)!
      const number = Number(args.number)
      const sequence = Number(args.sequence)
      if (name === 'SettlementTaken') {
        const { document } = args
        this.#standing.set(number, { sequence, number, document, transaction: log.transactionHash })
      } else if (name === 'SettlementReturned') this.#voided.delete(sequence)
      else this.#void(Number(args.from), Number(args.to))
    }
  }

  #void(from: number, to: number): void {
    for (let number = from; number <= to; number++) {
      const taken = this.#standing.get(number)
      if (taken === undefined) continue
      this.#standing.delete(number)
      this.#voided.set(taken.sequence, taken)
    }
  }
}
