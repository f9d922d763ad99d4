// Settles what is due: gives back what voided settlements took, drafts, gathers signatures of the other members, submits.
import {
  GranaryError,
  type Hex,
  type MessageOf,
  messageToJson,
  rewardPoolAbi,
  type SettledNow,
  type SettlementDocument,
  type SettlementSignature,
  settlementSignedSchema,
  structHash,
} from '@granary/protocol'
import type { Outgoing } from '@granary/protocol/node'
import { Interface } from 'ethers'
import type { Logger } from 'pino'
import type { View } from '../chain/chain.js'
import type { Sender } from '../chain/sender.js'
import { recovered } from '../chain/signatures.js'
import type { Epoch } from '../committee/committee.js'
import type { Shares } from '../committee/shares.js'
import { fetchJson } from '../http/fetch-json.js'
import { Mutex } from '../state/mutex.js'
import { type Countersigner, type SigningParts, signProposal } from './countersign.js'
import { type DraftParts, draft } from './draft.js'
import type { Peers } from './peers.js'
import type { Returns } from './returns.js'
import { compare } from './uses.js'

const PEER_TIMEOUT_MS = 20_000
const MAX_ANSWER_BYTES = 1 << 20
const TRIES = 6
const NOTHING: SettledNow = { number: null, transaction: null, uses: 0, paid: '0' }

const rewardPool = new Interface(rewardPoolAbi)

interface SettlerParts {
  signing: SigningParts
  countersigner: Countersigner
  draft: DraftParts
  shares: Shares
  peers: Peers
  returns: Returns
  sender: Sender
  outgoing: Outgoing
  log: Logger
  /** Seconds that a quorum waits for more to be settled with it. */
  delay: number
  /** Seconds after which the next member proposes. */
  turn: number
}

/** A settlement with the document that explains it. */
interface Ready {
  settlement: MessageOf<'Settlement'>
  digest: Hex
  document: SettlementDocument
  uses: number
  paid: bigint
  isSigned: boolean
}

export class Settler {
  #parts: SettlerParts
  #one = new Mutex()
  #due = { number: 0, since: 0 }

  constructor(parts: SettlerParts) {
    this.#parts = parts
  }

  /** Proposes what is due if it is this member's turn. For a timer. */
  tick(): Promise<SettledNow> {
    return this.#one.run(() => this.#settle(false))
  }

  /**
   * Proposes what is due at once, whoever's turn it is. Nulls when nothing is.
   * @throws GranaryError SIGNATURES_TOO_FEW, CHAIN_UNAVAILABLE …
   */
  async now(): Promise<SettledNow> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#one.run(() => this.#settle(true))
      } catch (error) {
        if (attempt === TRIES || !isBusy(error)) throw error
        await new Promise((resolve) => setTimeout(resolve, 200 * attempt + Math.random() * 400))
      }
    }
  }

  async #settle(atOnce: boolean): Promise<SettledNow> {
    const { signing, shares, draft: draftParts, peers, returns, delay, log } = this.#parts
    const { chain, committee, history, secrets } = signing
    let view = await chain.view()
    const current = await committee.readCurrent(view)
    const held = shares.active.findLast(({ epoch }) => epoch.number === current)
    if (held === undefined) return NOTHING
    for (let number = 1; number <= current; number++)
      await committee.epoch(number, view).catch(() => undefined)
    await peers.pull(committee.known.values(), secrets.address, view.time)
    if (await returns.giveBack(view)) view = await chain.view()
    await draftParts.openRequests.follow(view)
    const after = await history.sync(view)
    const { epoch, index } = held
    const ready =
      (await this.#signedBefore(view, after.number + 1)) ??
      (await this.#draft(view, epoch, atOnce ? 0 : delay))
    if (ready === undefined) return NOTHING
    if (!atOnce && !this.#isTurn(epoch, index, after.number + 1)) return NOTHING
    const transaction = await this.#propose(view, epoch, index, ready)
    const { number } = ready.settlement
    log.info(
      { number: Number(number), uses: ready.uses, paid: ready.paid.toString(), transaction },
      'settled',
    )
    await history
      .sync(await chain.view())
      .catch((error) => log.warn({ err: error }, 'the settlement is not read yet'))
    return { number: Number(number), transaction, uses: ready.uses, paid: ready.paid.toString() }
  }

  async #draft(view: View, epoch: Epoch, delay: number): Promise<Ready | undefined> {
    const { signing, draft: parts } = this.#parts
    const { committee, history, documents } = signing
    const due = { view, after: history.position, epoch: epoch.number, epochs: committee.known, delay }
    const composed = await draft(parts, due)
    if (composed === undefined) return undefined
    const { settlement, document, bytes } = composed
    await documents.keep(settlement.document, bytes)
    return ready(settlement, document, false)
  }

  /** What was signed for this number and not settled since: there will be no other. */
  async #signedBefore(view: View, number: number): Promise<Ready | undefined> {
    const signed = await this.#parts.countersigner.signed(view, number)
    if (signed === undefined) return undefined
    const document = await this.#parts.signing.documents.get(signed.settlement.document, [])
    return ready(signed.settlement, document, true)
  }

  /** Member (number mod n) first, after each time-out the next. Counted from when something was first due here. */
  #isTurn({ members }: Epoch, index: number, number: number): boolean {
    if (this.#due.number !== number) this.#due = { number, since: Date.now() }
    const rank = (((index - 1 - number) % members.length) + members.length) % members.length
    return Date.now() - this.#due.since >= rank * this.#parts.turn * 1000
  }

  async #propose(view: View, epoch: Epoch, index: number, proposal: Ready): Promise<Hex> {
    const { signing, countersigner } = this.#parts
    const { reservation, secrets, book } = signing
    const { settlement, digest, document, isSigned } = proposal
    const number = Number(settlement.number)
    reservation.take({ number: settlement.number, digest }, index, index)
    try {
      if (!isSigned) {
        const willing = await this.#ask(epoch, index, proposal, [])
        if (willing.length + 1 < epoch.threshold) throw new GranaryError('SIGNATURES_TOO_FEW')
        if (!reservation.isFor(digest)) throw new GranaryError('CONFLICT')
      }
      const checked = { settlement, voidings: document.voidings ?? 0 }
      const signature = await countersigner.sign(view, checked, [])
      let known = await book.add(digest, number, [])
      if (known !== undefined && known.signatures.size < epoch.threshold) {
        const own = { account: secrets.address, signature }
        known = await book.add(digest, number, await this.#ask(epoch, index, proposal, [own]))
      }
      if (known === undefined) throw new GranaryError('CONFLICT')
      const all = [...known.signatures]
      if (all.length < epoch.threshold) throw new GranaryError('SIGNATURES_TOO_FEW')
      return await this.#submit(settlement, all)
    } finally {
      reservation.release(digest)
    }
  }

  /** Asks every other member; returns the valid signatures, or in the first step who is willing (empty signatures). */
  async #ask(
    epoch: Epoch,
    index: number,
    { settlement, digest, document }: Ready,
    signatures: SettlementSignature[],
  ): Promise<SettlementSignature[]> {
    const { signing, outgoing, log } = this.#parts
    const { secrets, deployment } = signing
    const body = {
      settlement: messageToJson('Settlement', settlement),
      document,
      proposer: index,
      proposal: await signProposal(secrets.wallet, digest),
      signatures,
    }
    const options = { timeoutMs: PEER_TIMEOUT_MS, maxBytes: MAX_ANSWER_BYTES, body }
    const asked = epoch.members.map(async ({ account, endpoint }): Promise<SettlementSignature[]> => {
      if (account === secrets.address) return []
      try {
        const url = `${endpoint}/v1/settlements/signatures`
        const { signature } = await fetchJson(outgoing, url, settlementSignedSchema, options)
        if (signature === null) return signatures.length === 0 ? [{ account, signature: '0x' }] : []
        const isValid = recovered('Settlement', settlement, signature, deployment) === account
        return isValid ? [{ account, signature }] : []
      } catch (error) {
        log.debug({ err: error, account, number: Number(settlement.number) }, 'a member does not sign now')
        return []
      }
    })
    return enough(asked, epoch.threshold - 1)
  }

  async #submit(settlement: MessageOf<'Settlement'>, signatures: [Hex, Hex][]): Promise<Hex> {
    const { signing, sender } = this.#parts
    const ascending = signatures.sort(([a], [b]) => compare(a.toLowerCase(), b.toLowerCase()))
    const args = [settlement, ascending.map(([, signature]) => signature)]
    const data = rewardPool.encodeFunctionData('settle', args) as Hex
    return sender.send(signing.deployment.rewardPool, data)
  }
}

function ready(settlement: MessageOf<'Settlement'>, document: SettlementDocument, isSigned: boolean): Ready {
  const paid = settlement.spending.reduce((sum, { amount }) => sum + amount, 0n)
  const digest = structHash('Settlement', settlement)
  return { settlement, digest, document, uses: document.uses.length, paid, isSigned }
}

/** The first `count` answers, or all there are: a member that is slow does not hold up the others. */
async function enough(
  asked: Promise<SettlementSignature[]>[],
  count: number,
): Promise<SettlementSignature[]> {
  const found: SettlementSignature[] = []
  return new Promise((resolve) => {
    for (const one of asked) {
      void one.then((list) => {
        found.push(...list)
        if (found.length >= count) resolve([...found])
      })
    }
    void Promise.all(asked).then(() => resolve([...found]))
  })
}

/** Another member settles at this moment: afterwards there may be nothing left to do. */
function isBusy(error: unknown): boolean {
  const codes = [
    'CONFLICT',
    'SIGNATURES_TOO_FEW',
    'SETTLEMENT_ALREADY_SIGNED',
    'NUMBER_INVALID',
    'SETTLEMENT_REPEATED',
    'CONTRACT_REVERTED',
  ]
  return error instanceof GranaryError && codes.includes(error.code)
}
