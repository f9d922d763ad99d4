import { contractErrorCode, type ErrorCode, GranaryError, type RelayKind } from '@granary/protocol'
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common'
import { Transaction, type TransactionReceipt, type TransactionRequest } from 'ethers'
import { CONFIG } from '../app.tokens.js'
import { Chain } from '../chain/chain.js'
import { FeedService } from '../chain/feed.service.js'
import { Loop } from '../chain/loop.js'
import type { Config } from '../config.js'
import type { Relay } from '../database/generated/client.js'
import { LeaseRepository } from '../database/lease.repository.js'
import { Preflight } from './preflight.js'
import { BATCHED, type Call, callFor, fitting, walletGas } from './relay.calls.js'
import { RelayRepository } from './relay.repository.js'

const LEASE = 'relayer'
const RECEIPT_WAIT_MS = 15_000
const REPRICE_AFTER_MS = 60_000

/**
 * Submits queued messages, many of a kind in one transaction, one transaction at a time. Each is noted before it is
 * sent: after a crash the same bytes are sent again, and what the chain has it never takes twice.
 */
@Injectable()
export class RelayerService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger('Relayer')
  private readonly loop: Loop

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly chain: Chain,
    private readonly feed: FeedService,
    private readonly leases: LeaseRepository,
    private readonly repository: RelayRepository,
    private readonly preflight: Preflight,
  ) {
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

  private async step(): Promise<boolean> {
    if (!(await this.leases.hold(LEASE))) return false
    const sent = await this.repository.sent()
    if (sent.length > 0) {
      await this.follow(sent)
      return (await this.repository.sent()).length === 0
    }
    // Withdrawals first: nothing else a contributor signs is as urgent.
    const next = (await this.repository.oldestQueued('withdrawal')) ?? (await this.repository.oldestQueued())
    if (!next) return false
    const limit = BATCHED.has(next.kind) ? this.config.RELAY_BATCH_SIZE : 1
    await this.submit(
      next.kind as RelayKind,
      limit === 1 ? [next] : fitting(await this.repository.queued(next.kind, limit)),
    )
    return true
  }

  private async submit(kind: RelayKind, relays: Relay[]): Promise<void> {
    const call = callFor(
      this.chain,
      kind,
      relays.map((relay) => relay.payload),
    )
    const request = await this.populate(kind, call, relays)
    if (!request) return
    const raw = await this.chain.wallet.signTransaction(request)
    const hash = Transaction.from(raw).hash as string
    await this.repository.markSent(
      relays.map((relay) => relay.id),
      hash,
      raw,
    )
    await this.broadcast(raw, relays)
    const receipt = await this.chain.provider.waitForTransaction(hash, 1, RECEIPT_WAIT_MS).catch(() => null)
    if (receipt) await this.settle(call, relays, receipt)
  }

  /** The transaction, or null when the chain refuses the call and that was noted. */
  private async populate(kind: RelayKind, call: Call, relays: Relay[]): Promise<TransactionRequest | null> {
    try {
      const { to, data, gas } = await this.preflight.estimate(kind, call)
      const gasLimit = (gas * 6n) / 5n + 20_000n + BigInt(walletGas(relays.map((relay) => relay.payload)))
      return await this.chain.wallet.populateTransaction({ to, data, gasLimit })
    } catch (error) {
      if (!(error instanceof GranaryError)) throw error
      for (const relay of relays) await this.refuse(relay, error.code, error.message)
      return null
    }
  }

  private async broadcast(raw: string, relays: Relay[]): Promise<void> {
    try {
      await this.chain.provider.broadcastTransaction(raw)
    } catch (error) {
      const { code, message } = error as { code?: string; message: string }
      if (/already known|already imported/i.test(message)) return
      if (code === 'INSUFFICIENT_FUNDS' || code === 'NONCE_EXPIRED')
        await this.repository.markQueued(relays.map((relay) => relay.id))
      throw error
    }
  }

  /** What became of transactions that were sent before. */
  private async follow(sent: Relay[]): Promise<void> {
    for (const hash of new Set(sent.map((relay) => relay.transaction))) {
      const relays = sent.filter((relay) => relay.transaction === hash)
      const [first] = relays
      if (!hash || !first?.raw) continue
      const kind = first.kind as RelayKind
      const receipt = await this.chain.provider.getTransactionReceipt(hash)
      if (receipt) {
        const payloads = relays.map((relay) => relay.payload)
        await this.settle(callFor(this.chain, kind, payloads), relays, receipt)
        continue
      }
      const transaction = Transaction.from(first.raw)
      const used = await this.chain.provider.getTransactionCount(this.chain.relayer, 'latest')
      // The number is used by another transaction, or the chain went back below it: this one can never be taken.
      if (used !== transaction.nonce) {
        await this.repository.markQueued(relays.map((relay) => relay.id))
        continue
      }
      if (Date.now() - first.updatedAt.getTime() > REPRICE_AFTER_MS) await this.reprice(transaction, relays)
      else await this.broadcast(first.raw, relays)
      await this.chain.provider.waitForTransaction(hash, 1, this.config.RELAY_INTERVAL_MS).catch(() => null)
    }
  }

  /** The same call under the same number at twice the tip. */
  private async reprice(stuck: Transaction, relays: Relay[]): Promise<void> {
    const fees = await this.chain.provider.getFeeData()
    const more = stuck.clone()
    more.signature = null
    if (stuck.maxFeePerGas !== null) {
      const tip = 2n * max(stuck.maxPriorityFeePerGas ?? 1n, fees.maxPriorityFeePerGas ?? 1n)
      more.maxPriorityFeePerGas = tip
      more.maxFeePerGas = max(2n * stuck.maxFeePerGas, (fees.maxFeePerGas ?? 0n) + tip)
    } else {
      more.gasPrice = max(2n * (stuck.gasPrice ?? 1n), fees.gasPrice ?? 1n)
    }
    const raw = await this.chain.wallet.signTransaction(more)
    await this.repository.markSent(
      relays.map((relay) => relay.id),
      Transaction.from(raw).hash as string,
      raw,
    )
    await this.broadcast(raw, relays)
  }

  private async settle(call: Call, relays: Relay[], receipt: TransactionReceipt): Promise<void> {
    const { hash: transaction, blockNumber, gasUsed } = receipt
    const skipped = receipt.status === 1 ? skippedItems(call, receipt) : new Map<number, string>()
    const taken = receipt.status === 1 ? relays.filter((_, i) => !skipped.has(i)) : []
    await this.repository.markConfirmed(
      taken.map((relay) => relay.id),
      { transaction, block: BigInt(blockNumber), gasUsed },
    )
    for (const [i, relay] of relays.entries()) {
      const selector = skipped.get(i)
      if (receipt.status !== 1)
        await this.refuse(relay, 'CONTRACT_REVERTED', 'the transaction failed', transaction)
      else if (selector) await this.refuseSkipped(call, relay, selector, transaction)
    }
    this.feed.poke()
  }

  private async refuseSkipped(
    call: Call,
    relay: Relay,
    selector: string,
    transaction: string,
  ): Promise<void> {
    const name = call.contract.interface.getError(selector)?.name ?? selector
    await this.refuse(relay, contractErrorCode(selector), name, transaction)
  }

  /** Refused, unless the chain refused only because it has this very message already. */
  private async refuse(relay: Relay, code: ErrorCode, message: string, transaction: string | null = null) {
    const there = await this.alreadyThere(relay, code)
    if (there) await this.repository.markConfirmed([relay.id], { ...there, gasUsed: null })
    else await this.repository.markRefused(relay.id, code, message, transaction)
  }

  private async alreadyThere(relay: Relay, code: ErrorCode) {
    const payload = relay.payload as { dataset?: string; message?: MessageOnItsWay; request?: string }
    const twin = await this.repository.confirmedTwin(relay)
    if (twin) return twin
    if (code === 'DATASET_EXISTS' && payload.dataset && payload.message?.metadata)
      return this.repository.registered(payload.dataset, payload.message.metadata)
    if (code === 'REQUEST_EXISTS' && payload.request) return this.repository.opened(payload.request)
    if (relay.kind === 'proposal') return this.repository.proposed(relay.key)
    if (relay.kind === 'ballot') return this.repository.voted(payload.message)
    return null
  }

  /** Looks at the queue at once. */
  poke(): void {
    this.loop.poke()
  }
}

interface MessageOnItsWay {
  metadata?: string
  proposalId?: string
  voter?: string
  support?: number
}

/** Which messages of a batch were skipped, and the selector that says why. */
function skippedItems(call: Call, receipt: TransactionReceipt): Map<number, string> {
  const skipped = new Map<number, string>()
  for (const log of receipt.logs) {
    if (log.address.toLowerCase() !== String(call.contract.target).toLowerCase()) continue
    const event = call.contract.interface.parseLog(log)
    if (event?.name === 'Skipped') skipped.set(Number(event.args.index), String(event.args.reason))
  }
  return skipped
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
