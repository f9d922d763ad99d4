import { type ErrorCode, GranaryError, type RelayKind } from '@granary/protocol'
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common'
import { Transaction } from 'ethers'
import { CONFIG } from '../app.tokens.js'
import { Chain } from '../chain/chain.js'
import { FeedService } from '../chain/feed.service.js'
import { Loop } from '../chain/loop.js'
import type { Config } from '../config.js'
import type { Relay, Submission } from '../database/generated/client.js'
import { LeaseRepository } from '../database/lease.repository.js'
import { Preflight } from './preflight.js'
import { BATCHED, type Call, callFor, fitting, walletGas } from './relay.calls.js'
import { RelayNonces } from './relay.nonces.js'
import { RelayOutcomes } from './relay.outcome.js'
import { fromGwei, higherPrice, isTooCheap, marketOf, type Price, priceOf } from './relay.price.js'
import { RelayRepository } from './relay.repository.js'
import { SubmissionRepository } from './submission.repository.js'

const LEASE = 'relayer'
/** A transaction that no block has yet is given to the node again so often: it may have forgotten it. */
const REMIND_MS = 3_000
/** One that the base fee has passed is sent again at a higher price after so long. */
const CHEAP_MS = 5_000
/** Transactions are remembered for longer than any chain goes back. */
const REMEMBERED_MS = 7 * 24 * 3_600_000
/** A transaction that holds no message and does nothing but use its number. */
const FILLER = 'filler'
/** Kinds whose messages do not depend on each other: several transactions may be on their way at once. */
const INDEPENDENT: ReadonlySet<string> = new Set(['contribution', FILLER])
const FILLER_GAS = 21_000n
/** A chain that went back further is not followed number by number. */
const MOST_FILLERS = 32

/** A call with the gas for it, and the messages that it holds. */
interface Prepared {
  held: Relay[]
  to: string
  data: string
  gasLimit: bigint
}

/**
 * Submits queued messages, many of a kind in one transaction. Each transaction is noted before it is sent and followed
 * until it is in a block or can never be: after a crash the same bytes are sent again, and what the chain has it never
 * takes twice. What became of a message is decided by receipts alone, once.
 */
@Injectable()
export class RelayerService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger('Relayer')
  private readonly loop: Loop
  private readonly mostPerGas: bigint
  private waits: ErrorCode | null = null
  /** When a transaction that is on its way was last given to the node, by hash. */
  private readonly reminded = new Map<string, number>()
  /** Transactions that the node does not take since it has another one under their number, by hash. */
  private readonly outbid = new Set<string>()
  private lastSent = { kind: '', at: 0 }
  private isNew = true

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly chain: Chain,
    private readonly feed: FeedService,
    private readonly leases: LeaseRepository,
    private readonly repository: RelayRepository,
    private readonly submissions: SubmissionRepository,
    private readonly outcomes: RelayOutcomes,
    private readonly preflight: Preflight,
    private readonly nonces: RelayNonces,
  ) {
    this.mostPerGas = fromGwei(config.RELAY_MAX_GWEI)
    const onError = (error: unknown) => this.log.warn(`nothing could be relayed: ${(error as Error).message}`)
    this.loop = new Loop(config.RELAY_INTERVAL_MS, () => this.step(), onError)
  }

  onApplicationBootstrap(): void {
    this.loop.start()
  }

  async onApplicationShutdown(): Promise<void> {
    await this.loop.stop()
    await this.leases.release(LEASE)
  }

  /** Looks at the queue at once. */
  poke(): void {
    this.loop.poke()
  }

  private async step(): Promise<boolean> {
    if (!(await this.leases.hold(LEASE))) {
      this.isNew = true
      return false
    }
    return this.leases.keep(LEASE, () => this.go())
  }

  private async go(): Promise<boolean> {
    if (this.isNew) {
      await this.submissions.adopt(this.chain.relayer, (raw) => Transaction.from(raw).nonce)
      await this.submissions.prune(new Date(Date.now() - REMEMBERED_MS))
      this.isNew = false
    }
    const before = this.waits
    await this.submissions.requeueLost()
    const open = await this.submissions.open(this.chain.relayer)
    if (open.length === 0) this.waits = null
    await this.follow(open)
    const more = await this.send(await this.submissions.open(this.chain.relayer))
    if (this.waits !== before) await this.leases.say(LEASE, this.waits)
    return more
  }

  // What is on its way

  private async follow(open: Submission[]): Promise<void> {
    const left: Submission[] = []
    const settled = new Set<bigint>()
    const onTheirWay = new Set(open.map(({ hash }) => hash))
    for (const known of [this.reminded, this.outbid])
      for (const hash of known.keys()) if (!onTheirWay.has(hash)) known.delete(hash)
    const receipts = await Promise.all(
      open.map(({ hash }) => this.chain.provider.getTransactionReceipt(hash)),
    )
    for (const [place, submission] of open.entries()) {
      const receipt = receipts[place]
      if (!receipt) left.push(submission)
      else {
        await this.settle(submission, receipt)
        settled.add(submission.nonce)
      }
    }
    const rest = left.filter(({ nonce }) => !settled.has(nonce))
    const [lowest] = rest
    if (!lowest) return
    const used = await this.nonces.used()
    // Their numbers are used by transactions that are none of these.
    const passed = rest.filter(({ nonce }) => nonce < used)
    if (passed.length > 0 && this.nonces.lasts(`passed ${passed[0]?.nonce}`))
      await this.submissions.giveUp(passed.map(({ hash }) => hash))
    const coming = rest.filter(({ nonce }) => nonce >= used)
    const isAhead = passed.length === 0 && lowest.nonce > used
    if (isAhead) await this.catchUp(rest, used)
    else if (this.waits === 'RELAYER_NONCE_TAKEN') this.waits = null
    if (!(await this.giveWay(coming))) await this.remind(coming, !isAhead)
  }

  /**
   * None of these can be in a block before all numbers from `used` on are. Either the chain went back below all of them,
   * further than is known here; or the key was used elsewhere, and that waits, or is lost and left a gap. When it lasts,
   * what does nothing takes the place, unless the node has what pays better there: given up, these might still come.
   */
  private async catchUp(open: Submission[], used: number): Promise<void> {
    const lowest = Number(open[0]?.nonce)
    const isTaken = (await this.nonces.taken()) >= lowest
    const what = `ahead ${lowest} of ${used}`
    const lasts = this.nonces.lasts(what)
    if (isTaken && lasts) this.waits = 'RELAYER_NONCE_TAKEN'
    if (isTaken ? !this.nonces.lasts(what, this.config.RELAY_REPRICE_SECONDS * 1000) : !lasts) return
    this.nonces.forget(what)
    if (!isTaken && lowest - used > MOST_FILLERS) return this.submissions.giveUp(open.map(({ hash }) => hash))
    const price = priceOf(marketOf(await this.chain.provider.getFeeData()), this.mostPerGas)
    const end = isTaken ? used + 1 : lowest
    for (let nonce = used; price && nonce < end; nonce += 1)
      await this.submit(
        FILLER,
        [],
        { to: this.chain.relayer, data: '0x', gasLimit: FILLER_GAS, nonce },
        price,
      )
  }

  /** Whether those of the first number give way to another transaction under it: the key was used elsewhere. */
  private async giveWay(open: Submission[]): Promise<boolean> {
    const rivals = open.filter(({ nonce }) => nonce === open[0]?.nonce)
    if (!rivals.some(({ hash }) => this.outbid.has(hash))) return false
    const [{ nonce }] = rivals as [Submission]
    if (nonce >= (await this.nonces.taken())) return false
    for (const { hash } of rivals) if (await this.chain.provider.getTransaction(hash)) return false
    if (!this.nonces.lasts(`taken ${nonce}`)) return false
    for (const { hash } of rivals) this.outbid.delete(hash)
    await this.submissions.giveUp(rivals.map(({ hash }) => hash))
    return true
  }

  /**
   * Gives the newest transaction of each number to the node again; the first of them at a higher price when that is due,
   * if it `isNext`.
   */
  private async remind(open: Submission[], isNext: boolean): Promise<void> {
    const newest = open.filter(({ nonce }, place) => open[place - 1]?.nonce !== nonce)
    for (const [place, submission] of newest.entries()) {
      const last = this.reminded.get(submission.hash) ?? 0
      if (Date.now() - last < REMIND_MS) continue
      if (place === 0 && isNext) {
        this.waits = null
        if (await this.reprice(submission)) continue
      }
      await this.broadcast(submission.hash, submission.raw)
    }
  }

  /** The same call under the same number at a higher price, when it waits for too long. */
  private async reprice(stuck: Submission): Promise<boolean> {
    const transaction = Transaction.from(stuck.raw)
    const age = Date.now() - stuck.createdAt.getTime()
    const market = marketOf(await this.chain.provider.getFeeData())
    const isCheap = isTooCheap(transaction, market)
    if (age < (isCheap ? CHEAP_MS : this.config.RELAY_REPRICE_SECONDS * 1000)) return false
    const price = higherPrice(transaction, market, this.mostPerGas)
    if (!price) {
      if (isCheap) this.waits = 'GAS_PRICE_TOO_HIGH'
      return false
    }
    const { to, data, gasLimit, nonce } = transaction
    await this.submit(stuck.kind as RelayKind, stuck.relays, { to, data, gasLimit, nonce }, price)
    return true
  }

  private async settle(
    submission: Submission,
    receipt: NonNullable<Awaited<ReturnType<Chain['provider']['getTransactionReceipt']>>>,
  ): Promise<void> {
    const outcomes = await this.outcomes.ofReceipt(submission, receipt)
    const block = { number: BigInt(receipt.blockNumber), hash: receipt.blockHash }
    await this.submissions.settle(submission, block, outcomes)
    this.reminded.delete(submission.hash)
    this.outbid.delete(submission.hash)
    this.feed.poke()
  }

  // What waits

  private async send(open: Submission[]): Promise<boolean> {
    // Withdrawals first: nothing else a contributor signs is as urgent.
    const next = (await this.repository.oldestQueued('withdrawal')) ?? (await this.repository.oldestQueued())
    if (!next || !this.hasRoom(open, next.kind)) return false
    const limit = BATCHED.has(next.kind) ? this.config.RELAY_BATCH_SIZE : 1
    const queued = limit === 1 ? [next] : await this.repository.queued(next.kind, limit)
    if (this.mayFill(queued, limit)) return false
    const relays = await this.withoutLanded(fitting(queued))
    if (relays.length === 0) return true
    const nonce = await this.nonces.next(open)
    if (nonce === null) return false
    const market = marketOf(await this.chain.provider.getFeeData())
    const price = priceOf(market, this.mostPerGas)
    if (!price) {
      this.waits = 'GAS_PRICE_TOO_HIGH'
      return false
    }
    const tried = await this.prepare(next.kind as RelayKind, relays)
    if (!tried) return true
    const { held, to, data, gasLimit } = tried
    const cost = gasLimit * BigInt(price.maxFeePerGas ?? price.gasPrice ?? 0n)
    if ((await this.chain.provider.getBalance(this.chain.relayer)) < cost) {
      this.waits = 'RELAYER_OUT_OF_FUNDS'
      return false
    }
    const ids = held.map(({ id }) => id)
    const hash = await this.submit(next.kind as RelayKind, ids, { to, data, gasLimit, nonce }, price)
    this.lastSent = { kind: next.kind, at: Date.now() }
    const sent = (await this.submissions.open(this.chain.relayer)).find((each) => each.hash === hash)
    const receipt = sent && (await this.chain.provider.getTransactionReceipt(hash))
    if (receipt) await this.settle(sent, receipt)
    return true
  }

  /** One transaction at a time, but for those whose order does not matter. */
  private hasRoom(open: Submission[], kind: string): boolean {
    if (open.length === 0) return true
    const numbers = new Set(open.map(({ nonce }) => nonce))
    const areIndependent = [kind, ...open.map((each) => each.kind)].every((each) => INDEPENDENT.has(each))
    return areIndependent && numbers.size < this.config.RELAY_IN_FLIGHT
  }

  /** Whether more of the same may come before it is time to send: only when they come one after the other. */
  private mayFill(queued: Relay[], limit: number): boolean {
    const wait = this.config.RELAY_BATCH_WAIT_MS
    const [first] = queued
    if (!first || queued.length >= limit || first.kind === 'withdrawal') return false
    const isBusy =
      queued.length > 1 || (this.lastSent.kind === first.kind && Date.now() - this.lastSent.at < wait)
    return isBusy && Date.now() - first.createdAt.getTime() < wait
  }

  /** Those that are not on the chain yet, as far as any of ours was sent before; of the others it is noted. */
  private async withoutLanded(relays: Relay[]): Promise<Relay[]> {
    const tried = await this.submissions.tried(relays.map(({ id }) => id))
    const rest: Relay[] = []
    for (const relay of relays) {
      const there = tried.has(relay.id) && (await this.outcomes.found(relay))
      if (!there) rest.push(relay)
      else await this.submissions.decide([{ id: relay.id, status: 'confirmed', gasUsed: null, ...there }])
    }
    return rest
  }

  /** The call and the gas for it, or null when the chain refuses it and that was noted. */
  private async prepare(kind: RelayKind, relays: Relay[]): Promise<Prepared | null> {
    const payloads = relays.map(({ payload }) => payload)
    const call: Call = callFor(this.chain, kind, payloads)
    try {
      const { to, data, gas } = await this.preflight.estimate(kind, call)
      const gasLimit = (gas * 6n) / 5n + 20_000n + BigInt(walletGas(payloads))
      return { held: relays, to, data, gasLimit }
    } catch (error) {
      if (!(error instanceof GranaryError) || error.code === 'CHAIN_UNAVAILABLE') throw error
      const [first] = relays
      // A batch that fails as a whole: whose fault it is shows when each goes alone.
      if (first && relays.length > 1) return this.prepare(kind, [first])
      if (first)
        await this.submissions.decide([await this.outcomes.refused(first, error.code, error.message)])
      return null
    }
  }

  /** Signs, notes and sends; answers the hash. */
  private async submit(
    kind: RelayKind | typeof FILLER,
    relays: string[],
    call: { to: string | null; data: string; gasLimit: bigint; nonce: number },
    price: Partial<Price>,
  ): Promise<string> {
    const { chainId } = this.chain.deployment
    const type = price.maxFeePerGas === undefined ? 0 : 2
    const raw = await this.chain.wallet.signTransaction({ ...call, ...price, type, chainId })
    const hash = Transaction.from(raw).hash as string
    const sender = this.chain.relayer
    await this.submissions.note({ hash, sender, nonce: BigInt(call.nonce), kind, relays, raw })
    await this.broadcast(hash, raw)
    return hash
  }

  /** Whether it was taken shows in a receipt; what is said here only tells whether the operator has to do something. */
  private async broadcast(hash: string, raw: string): Promise<void> {
    this.reminded.set(hash, Date.now())
    try {
      await this.chain.provider.broadcastTransaction(raw)
    } catch (error) {
      const { code, message } = error as { code?: string; message: string }
      if (/already (known|imported)/i.test(message)) return
      if (/underpriced/i.test(message)) this.outbid.add(hash)
      if (code === 'INSUFFICIENT_FUNDS') this.waits = 'RELAYER_OUT_OF_FUNDS'
      this.log.warn(`a transaction was not taken yet: ${message.slice(0, 200)}`)
    }
  }
}
