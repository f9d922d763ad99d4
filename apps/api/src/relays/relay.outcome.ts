import { contractErrorCode, type ErrorCode, type RelayKind } from '@granary/protocol'
import { Injectable } from '@nestjs/common'
import { type Contract, Transaction, type TransactionReceipt } from 'ethers'
import { Chain } from '../chain/chain.js'
import type { Relay, Submission } from '../database/generated/client.js'
import { batchContract } from './relay.calls.js'
import { RelayRepository } from './relay.repository.js'
import { type Outcome, SubmissionRepository } from './submission.repository.js'

interface MessageOnItsWay {
  metadata?: string
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
      else if (reason) outcomes.push(await this.refused(relay, ...reason, transaction))
      else
        outcomes.push(await this.refused(relay, 'CONTRACT_REVERTED', 'the transaction failed', transaction))
    }
    return outcomes
  }

  /** Refused, unless the chain refused only because it has this very message already. */
  async refused(
    relay: Relay,
    code: ErrorCode,
    message: string,
    transaction: string | null = null,
  ): Promise<Outcome> {
    const there = (await this.landed(relay, transaction)) ?? (await this.alreadyThere(relay, code))
    if (there) return { id: relay.id, status: 'confirmed', gasUsed: null, ...there }
    return { id: relay.id, status: 'refused', code, message, transaction }
  }

  /** Where the message is on chain by a transaction of ours other than `besides`. */
  async landed(
    { id }: Relay,
    besides: string | null = null,
  ): Promise<{ transaction: string; block: bigint } | null> {
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
