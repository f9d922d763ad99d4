import { contractErrorCode, type ErrorCode, type RelayKind } from '@granary/protocol'
import { Injectable } from '@nestjs/common'
import { type Contract, Transaction, type TransactionReceipt } from 'ethers'
import { Chain } from '../chain/chain.js'
import type { Relay, Submission } from '../database/generated/client.js'
import { batchContract } from './relay.calls.js'
import { RelayRepository } from './relay.repository.js'
import { type Landing, RelayTraces } from './relay.traces.js'
import { type Outcome, SubmissionRepository } from './submission.repository.js'

interface MessageOnItsWay {
  proposalId?: string
  voter?: string
  support?: number
}

/** How often a message may be in a transaction that ran out of gas: the first time others may have taken it. */
const MOST_FAILURES = 2

/** Says what became of each message of a transaction, from its receipt. */
@Injectable()
export class RelayOutcomes {
  constructor(
    private readonly chain: Chain,
    private readonly repository: RelayRepository,
    private readonly submissions: SubmissionRepository,
    private readonly traces: RelayTraces,
  ) {}

  async ofReceipt(submission: Submission, receipt: TransactionReceipt): Promise<Outcome[]> {
    const { hash: transaction, gasUsed, blockNumber } = receipt
    const block = BigInt(blockNumber)
    const skipped = this.skipped(submission.kind, receipt)
    const relays = await this.submissions.relays(submission.relays)
    const outcomes: Outcome[] = []
    const taken = new Set(
      relays.filter(({ id }) => !skipped.has(submission.relays.indexOf(id))).map(({ key }) => key),
    )
    for (const [place, id] of submission.relays.entries()) {
      const relay = relays.find((each) => each.id === id)
      if (!relay) continue
      const reason = skipped.get(place)
      if (receipt.status === 1 && !reason)
        outcomes.push({ id, status: 'confirmed', transaction, block, gasUsed })
      else if (receipt.status !== 1 && (await this.mayTryAgain(relay, submission, receipt)))
        outcomes.push({ id, status: 'queued' })
      // The same message a second time in one transaction: it is on chain by the first.
      else if (reason && taken.has(relay.key))
        outcomes.push({ id, status: 'confirmed', transaction, block, gasUsed: null })
      else {
        const [code, message] = reason ?? ['CONTRACT_REVERTED', 'the transaction failed']
        outcomes.push(await this.refused(relay, code, message, { transaction, gasUsed }))
      }
    }
    return outcomes
  }

  /**
   * Refused, unless the chain refused only because it has this very message already, whoever brought it there. `by` is the
   * transaction that was paid for nothing, if there was one.
   */
  async refused(
    relay: Relay,
    code: ErrorCode,
    message: string,
    by: { transaction: string | null; gasUsed: bigint | null } = { transaction: null, gasUsed: null },
  ): Promise<Outcome> {
    const there = await this.found(relay, by.transaction)
    if (there) return { id: relay.id, status: 'confirmed', gasUsed: null, ...there }
    return { id: relay.id, status: 'refused', code, message, ...by }
  }

  /** Where the message is on chain, by a transaction of ours other than `besides` or by anybody's. */
  async found(relay: Relay, besides: string | null = null): Promise<Landing | null> {
    return (await this.landed(relay, besides)) ?? (await this.alreadyThere(relay))
  }

  private async landed({ id }: Relay, besides: string | null): Promise<Landing | null> {
    for (const submission of await this.submissions.ofRelay(id)) {
      const { hash, kind, relays } = submission
      if (hash === besides) continue
      const receipt = await this.chain.provider.getTransactionReceipt(hash)
      if (receipt?.status === 1 && !this.skipped(kind, receipt).has(relays.indexOf(id)))
        return { transaction: hash, block: BigInt(receipt.blockNumber) }
    }
    return null
  }

  /** Which messages were skipped, by their place, and why. */
  private skipped(kind: string, receipt: TransactionReceipt): Map<number, [ErrorCode, string]> {
    const contract = batchContract(this.chain, kind as RelayKind)
    return contract ? skippedItems(contract, receipt) : new Map()
  }

  /** Gas was estimated before, and by then others had done what made it more. */
  private async mayTryAgain(relay: Relay, submission: Submission, receipt: TransactionReceipt) {
    const { gasLimit } = Transaction.from(submission.raw)
    if (receipt.gasUsed * 20n < gasLimit * 19n) return false
    const mined = (await this.submissions.ofRelay(relay.id)).filter(({ state }) => state === 'mined')
    return mined.length + 1 < MOST_FAILURES
  }

  private async alreadyThere(relay: Relay): Promise<Landing | null> {
    const twin = await this.repository.confirmedTwin(relay)
    if (twin) return twin
    if (relay.kind === 'proposal') return this.repository.proposed(relay.key)
    if (relay.kind === 'ballot')
      return this.repository.voted((relay.payload as { message?: MessageOnItsWay }).message)
    return this.traces.find(relay)
  }
}

function skippedItems(contract: Contract, receipt: TransactionReceipt): Map<number, [ErrorCode, string]> {
  const skipped = new Map<number, [ErrorCode, string]>()
  for (const log of receipt.logs) {
    if (log.address.toLowerCase() !== String(contract.target).toLowerCase()) continue
    const event = contract.interface.parseLog(log)
    if (event?.name !== 'Skipped') continue
    const selector = String(event.args.reason)
    const name = contract.interface.getError(selector)?.name ?? selector
    skipped.set(Number(event.args.index), [contractErrorCode(selector), name])
  }
  return skipped
}
