// One run of the distributed key generation: from every member's nonce to a share and a public transcript.
import {
  bytesToHex,
  GranaryError,
  type Hex,
  hexToBytes,
  type KeyGenerationRound1,
  type KeyGenerationRound2,
} from '@granary/protocol'
import { openMessage, sealMessage } from '@granary/sealing'
import { ristretto255, ristretto255_FROST } from '@noble/curves/ed25519.js'
import type { ProposedEpoch } from '../committee/committee.js'
import type { Secrets } from '../secrets.js'
import { checkStatement, digestOf, type Scope, signStatement } from './packages.js'

const { DKG, Identifier } = ristretto255_FROST

type Round1 = ReturnType<typeof DKG.round1>

/** What a finished session leaves: this member's share and what everybody confirms on chain. */
export interface GeneratedKey {
  groupKey: Hex
  verifyingShares: Hex[]
  /** Digest of (epoch, t, members, Y, all Y_i, all round-1 packages). */
  transcript: Hex
  secret: Hex
  verifyingShare: Hex
}

export interface SessionFacts {
  scope: Scope
  epoch: ProposedEpoch
  /** This member's index. */
  index: number
  session: Hex
  secrets: Secrets
}

/**
 * The session's secrets are in memory only: a member that restarts brings a new nonce and everybody begins again.
 * Round-1 packages of one member that differ are noticed here, or make transcripts differ: then no epoch activates.
 */
export class Session {
  readonly facts: SessionFacts
  readonly round1: KeyGenerationRound1
  round2: KeyGenerationRound2[] = []
  key: GeneratedKey | undefined
  #own: Round1
  #packages = new Map<number, KeyGenerationRound1>()
  #parts = new Map<number, Uint8Array>()

  private constructor(facts: SessionFacts, own: Round1, round1: KeyGenerationRound1) {
    this.facts = facts
    this.#own = own
    this.round1 = round1
    this.#packages.set(facts.index, round1)
  }

  static async begin(facts: SessionFacts): Promise<Session> {
    const { scope, epoch, index, session, secrets } = facts
    const signers = { min: epoch.threshold, max: epoch.members.length }
    const own = DKG.round1(Identifier.fromNumber(index), signers)
    const body = {
      commitment: own.public.commitment.map((point) => bytesToHex(point)),
      proof: bytesToHex(own.public.proofOfKnowledge),
    }
    const statement = { kind: 'round-1', from: index, session, body } as const
    const signature = await signStatement(secrets.wallet, scope, statement)
    return new Session(facts, own, { ...body, signature })
  }

  /**
   * Takes a member's round-1 package.
   * @throws GranaryError KEY_GENERATION_SIGNATURE_INVALID, KEY_GENERATION_INVALID; KEY_GENERATION_CONFLICT when the
   *   member signed two of this session
   */
  async takeRound1(from: number, received: KeyGenerationRound1): Promise<void> {
    const { scope, epoch, session } = this.facts
    const known = this.#packages.get(from)
    const body = { commitment: received.commitment, proof: received.proof }
    if (
      known !== undefined &&
      digestOf(body) === digestOf({ commitment: known.commitment, proof: known.proof })
    )
      return
    const statement = { kind: 'round-1', from, session, body } as const
    checkStatement(epoch.members[from - 1]!.account, scope, statement, received.signature)
    if (known !== undefined) throw new GranaryError('KEY_GENERATION_CONFLICT', { member: from })
    if (received.commitment.length !== epoch.threshold || !received.commitment.every(isElement))
      throw new GranaryError('KEY_GENERATION_INVALID', { member: from })
    this.#packages.set(from, received)
    if (this.#packages.size === epoch.members.length) await this.#makeRound2()
  }

  async #makeRound2(): Promise<void> {
    const { scope, epoch, index, session, secrets } = this.facts
    const parts = attempt(() => DKG.round2(this.#own.secret, this.#others()))
    for (const [place, member] of epoch.members.entries()) {
      const to = place + 1
      if (to === index) continue
      const part = parts[Identifier.fromNumber(to)]!
      const sealed = Buffer.from(await sealMessage(part.signingShare, member.recipient)).toString('base64')
      const statement = { kind: 'round-2', from: index, session, body: { to, sealed } } as const
      this.round2.push({ to, sealed, signature: await signStatement(secrets.wallet, scope, statement) })
    }
  }

  /**
   * Takes a member's round-2 package for this member; with the last one the key is there.
   * @throws GranaryError KEY_GENERATION_SIGNATURE_INVALID, KEY_GENERATION_INVALID (the part does not fit round 1)
   */
  async takeRound2(from: number, received: KeyGenerationRound2): Promise<void> {
    const { scope, epoch, index, session, secrets } = this.facts
    if (received.to !== index || this.round2.length === 0 || this.#parts.has(from)) return
    const { to, sealed, signature } = received
    const statement = { kind: 'round-2', from, session, body: { to, sealed } } as const
    checkStatement(epoch.members[from - 1]!.account, scope, statement, signature)
    this.#parts.set(from, await openMessage(Buffer.from(sealed, 'base64'), secrets.identity))
    if (this.#parts.size === epoch.members.length - 1) this.#finish()
  }

  #finish(): void {
    const { scope, epoch, index } = this.facts
    const round2 = [...this.#parts].map(([from, signingShare]) => ({
      identifier: Identifier.fromNumber(from),
      signingShare,
    }))
    const made = attempt(() => DKG.round3(this.#own.secret, this.#others(), round2))
    const groupKey = bytesToHex(made.public.commitments[0]!)
    const verifyingShares = epoch.members.map((_, place) =>
      bytesToHex(made.public.verifyingShares[Identifier.fromNumber(place + 1)]!),
    )
    const packages = epoch.members.map((_, place) => {
      const { commitment, proof } = this.#packages.get(place + 1)!
      return { commitment, proof }
    })
    const { threshold, members } = epoch
    const transcript = digestOf({ ...scope, threshold, members, groupKey, verifyingShares, round1: packages })
    const secret = bytesToHex(made.secret.signingShare)
    this.key = { groupKey, verifyingShares, transcript, secret, verifyingShare: verifyingShares[index - 1]! }
    for (const part of this.#parts.values()) part.fill(0)
  }

  #others() {
    const { index } = this.facts
    return [...this.#packages]
      .filter(([from]) => from !== index)
      .map(([from, { commitment, proof }]) => ({
        identifier: Identifier.fromNumber(from),
        commitment: commitment.map((point) => hexToBytes(point)),
        proofOfKnowledge: hexToBytes(proof),
      }))
  }

  /** Forgets the polynomial; the session cannot go on. */
  discard(): void {
    DKG.clean(this.#own.secret)
  }
}

/** Whether it encodes a group element other than the identity, which the library would take. */
function isElement(point: Hex): boolean {
  try {
    return !ristretto255.Point.fromBytes(hexToBytes(point)).is0()
  } catch {
    return false
  }
}

function attempt<T>(step: () => T): T {
  try {
    return step()
  } catch (cause) {
    throw new GranaryError('KEY_GENERATION_INVALID', undefined, { cause })
  }
}
