// POST /v1/settlements/signatures: another member asks for this custodian's signature.
import {
  type Address,
  type Deployment,
  GranaryError,
  type Hex,
  type MessageOf,
  type SettlementProposal,
  type SettlementSignature,
  type SettlementSigned,
  signMessage,
  structHash,
} from '@granary/protocol'
import { getBytes, verifyMessage, type Wallet } from 'ethers'
import type { Chain, View } from '../chain/chain.js'
import type { Contracts } from '../chain/contracts.js'
import { recovered } from '../chain/signatures.js'
import type { Committee, Epoch } from '../committee/committee.js'
import type { Secrets } from '../secrets.js'
import { Mutex } from '../state/mutex.js'
import type { Documents } from './documents.js'
import { isSettleable, readRequests } from './facts.js'
import type { History } from './history.js'
import type { Reservation } from './reservation.js'
import type { SignedBook, SignedSettlement } from './signed-book.js'
import { type VerifyParts, verifySettlement } from './verify.js'

export interface SigningParts {
  chain: Chain
  contracts: Contracts
  committee: Committee
  deployment: Deployment
  secrets: Secrets
  history: History
  documents: Documents
  book: SignedBook
  reservation: Reservation
  verify: VerifyParts
}

/** What a proposer signs to show that it is a member (EIP-191 over the settlement's struct hash). */
export async function signProposal(wallet: Wallet, digest: Hex): Promise<Hex> {
  return (await wallet.signMessage(getBytes(digest))) as Hex
}

/** Signs what others propose, and what this custodian proposes itself, by the same rules. */
export class Countersigner {
  #parts: SigningParts
  #one = new Mutex()

  constructor(parts: SigningParts) {
    this.#parts = parts
  }

  /**
   * Without signatures: checks the proposal, keeps and serves its document and reserves the signature. With the
   * proposer's signature: signs.
   *
   * @throws GranaryError SIGNATURE_INVALID (no member), CONFLICT (busy with another proposal),
   *   SETTLEMENT_ALREADY_SIGNED, and those of verifySettlement
   */
  async answer(proposal: SettlementProposal): Promise<SettlementSigned> {
    const { chain, committee, secrets, reservation } = this.#parts
    const { settlement, proposer, signatures } = proposal
    const view = await chain.view()
    const epoch = await committee.epoch(settlement.epoch, view)
    const digest = structHash('Settlement', settlement)
    const account = epoch.members[proposer - 1]?.account
    if (account === undefined || !isProposal(digest, proposal.proposal, account)) {
      throw new GranaryError('SIGNATURE_INVALID', { proposer })
    }
    const valid = this.#valid(settlement, signatures, epoch)
    const known = await this.#parts.book.add(digest, Number(settlement.number), valid)
    if (known !== undefined) return { signature: known.signatures.get(secrets.address) ?? null }
    const self = epoch.members.findIndex((member) => member.account === secrets.address) + 1
    if (self === 0) throw new GranaryError('EPOCH_MISMATCH', { epoch: epoch.number })
    await this.#check(view, proposal)
    reservation.take({ number: settlement.number, digest }, proposer, self)
    if (valid.length === 0) return { signature: null }
    const { voidings = 0 } = proposal.document
    const signature = await this.sign(view, { settlement, voidings }, valid)
    // From here on the book keeps other proposals off, until a voiding.
    reservation.release(digest)
    return { signature }
  }

  /**
   * Signs a settlement that was checked, unless another one of its number is signed that the chain may still take.
   * The signature is on disk when this returns. `voidings`: as the document names it.
   *
   * @throws GranaryError SETTLEMENT_ALREADY_SIGNED
   */
  sign(
    view: View,
    checked: Pick<SignedSettlement, 'settlement' | 'voidings'>,
    others: readonly SettlementSignature[],
  ): Promise<Hex> {
    return this.#one.run(async () => {
      const { secrets, deployment, book } = this.#parts
      const { settlement } = checked
      await this.#refuseSecond(view, settlement)
      const signature = await signMessage(secrets.wallet, 'Settlement', settlement, deployment)
      await book.put(checked, [...others, { account: secrets.address, signature }])
      return signature
    })
  }

  /** What was signed for `number` and may still be settled. */
  async signed(view: View, number: number): Promise<SignedSettlement | undefined> {
    const known = this.#parts.book.get(number)
    return known === undefined || (await this.#isDead(view, known)) ? undefined : known
  }

  async #check(view: View, { settlement, document }: SettlementProposal): Promise<void> {
    const { history, documents, verify } = this.#parts
    const after = await history.sync(view)
    await this.#refuseSecond(view, settlement)
    const { bytes } = await verifySettlement(verify, view, after, { settlement, document })
    await documents.keep(settlement.document, bytes)
  }

  async #refuseSecond(view: View, settlement: MessageOf<'Settlement'>): Promise<void> {
    const known = await this.signed(view, Number(settlement.number))
    if (known === undefined || known.digest === structHash('Settlement', settlement)) return
    throw new GranaryError('SETTLEMENT_ALREADY_SIGNED', { number: settlement.number.toString() })
  }

  /**
   * The chain takes it no more, for good: the guardian has voided since, so that it was taken and voided or follows one
   * that was; its epoch is over; or it spends from a request that is closed.
   */
  async #isDead(view: View, { settlement, voidings }: SignedSettlement): Promise<boolean> {
    const { committee, contracts, history } = this.#parts
    const [counted] = await view.confirmed([contracts.voidings()])
    if (counted === null) throw new GranaryError('CHAIN_UNAVAILABLE')
    if (counted > voidings) return true
    const { number, document } = history.position
    if (Number(settlement.number) === number + 1 && settlement.previousDocument !== document) return true
    if ((await committee.readCurrent(view)) !== settlement.epoch) return true
    const spending = settlement.spending.map(({ request }) => request)
    const requests = await readRequests(view, contracts, spending)
    return spending.some((request) => !isSettleable(requests.get(request)))
  }

  #valid(
    settlement: MessageOf<'Settlement'>,
    signatures: readonly SettlementSignature[],
    epoch: Epoch,
  ): SettlementSignature[] {
    const accounts = new Set<Address>(epoch.members.map(({ account }) => account))
    return signatures.filter(
      ({ account, signature }) =>
        accounts.has(account) &&
        recovered('Settlement', settlement, signature, this.#parts.deployment) === account,
    )
  }
}

function isProposal(digest: Hex, signature: Hex, account: Address): boolean {
  try {
    return verifyMessage(getBytes(digest), signature) === account
  } catch {
    return false
  }
}
