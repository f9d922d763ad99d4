// Drives key generation for the epoch that lists this custodian, until that epoch is active on chain.
import { randomBytes } from 'node:crypto'
import {
  bytesToHex,
  custodianCommitteeAbi,
  type Deployment,
  GranaryError,
  type Hex,
  type KeyGenerationState,
  keyGenerationStateSchema,
} from '@granary/protocol'
import type { Outgoing } from '@granary/protocol/node'
import { Interface } from 'ethers'
import type { Logger } from 'pino'
import type { Chain, View } from '../chain/chain.js'
import type { Sender } from '../chain/sender.js'
import type { Committee, ProposedEpoch } from '../committee/committee.js'
import type { Shares } from '../committee/shares.js'
import { fetchJson } from '../http/fetch-json.js'
import type { Secrets } from '../secrets.js'
import { checkStatement, type Scope, scopeOf, sessionOf, signStatement } from './packages.js'
import { Session } from './session.js'

const PEER_TIMEOUT_MS = 3_000
/** Pause after a session that failed, so that a member that always fails keeps nobody busy. */
const PAUSE_MS = 2_000
/** Pause while a member is not to be reached. */
const ABSENT_MS = 1_000
const MAX_STATE_BYTES = 1 << 20
/** A confirmed session that others do not confirm is given up after this time, then after twice it, and so on. */
const PATIENCE_MS = 30_000
const MOST_PATIENCE_MS = 600_000

const committeeInterface = new Interface(custodianCommitteeAbi)

interface Run {
  epoch: ProposedEpoch
  scope: Scope
  index: number
  nonce: Hex
  hello: Hex
  session: Session | undefined
  confirmedAt: number | undefined
}

interface KeyGenerationParts {
  chain: Chain
  committee: Committee
  shares: Shares
  secrets: Secrets
  sender: Sender
  deployment: Deployment
  outgoing: Outgoing
  log: Logger
}

export class KeyGeneration {
  #parts: KeyGenerationParts
  #run: Run | undefined
  #patience = PATIENCE_MS
  #notBefore = 0

  constructor(parts: KeyGenerationParts) {
    this.#parts = parts
  }

  /**
   * What peers may know of this member's run.
   * @throws GranaryError EPOCH_UNKNOWN when it is not generating a key for that epoch
   */
  state(epoch: number): KeyGenerationState {
    const run = this.#run
    if (run === undefined || run.epoch.number !== epoch) throw new GranaryError('EPOCH_UNKNOWN', { epoch })
    return {
      epoch,
      member: run.index,
      hello: { nonce: run.nonce, signature: run.hello },
      session: run.session?.facts.session ?? null,
      round1: run.session?.round1 ?? null,
      round2: run.session?.round2 ?? [],
    }
  }

  /** Goes one step further. Returns whether a key is being generated, so that the caller comes back soon. */
  async step(): Promise<boolean> {
    const { chain, committee, secrets, log } = this.#parts
    if (Date.now() < this.#notBefore) return true
    const view = await chain.view()
    await this.activate(view)
    const proposed = await committee.proposedFor(secrets.address, view)
    if (proposed === undefined) {
      this.#end()
      return false
    }
    if (this.#run?.epoch.number !== proposed.number) await this.#start(proposed)
    try {
      await this.#advance(this.#run!)
    } catch (error) {
      log.warn(
        { err: error, epoch: proposed.number },
        'key generation: this session failed, another one begins',
      )
      this.#notBefore = Date.now() + PAUSE_MS
      await this.#start(proposed)
    }
    return true
  }

  /** Takes the shares into use whose epochs the chain shows as active. */
  async activate(view: View): Promise<void> {
    const { committee, shares, log } = this.#parts
    for (const number of shares.undecided) {
      const epoch = await committee.epoch(number, view).catch(() => undefined)
      if (epoch === undefined) continue
      await shares.activate(epoch)
      log.info({ epoch: number, groupKey: epoch.groupKey }, 'the epoch is active')
    }
  }

  async #start(epoch: ProposedEpoch): Promise<void> {
    this.#end()
    const { deployment, secrets, log } = this.#parts
    const scope = scopeOf(deployment, epoch.number)
    const index = epoch.members.findIndex((member) => member.account === secrets.address) + 1
    const nonce = bytesToHex(randomBytes(32))
    const statement = { kind: 'hello', from: index, session: null, body: nonce } as const
    const hello = await signStatement(secrets.wallet, scope, statement)
    this.#run = { epoch, scope, index, nonce, hello, session: undefined, confirmedAt: undefined }
    log.info({ epoch: epoch.number, index, threshold: epoch.threshold }, 'key generation begins')
  }

  #end(): void {
    this.#run?.session?.discard()
    this.#run = undefined
  }

  async #advance(run: Run): Promise<void> {
    const states = await this.#peerStates(run)
    if (states === undefined) {
      this.#notBefore = Date.now() + ABSENT_MS
      return
    }
    const nonces = run.epoch.members.map((_, place) => states.get(place + 1)?.hello.nonce ?? run.nonce)
    const session = sessionOf(run.scope, run.epoch, nonces)
    if (run.session?.facts.session !== session) {
      run.session?.discard()
      const { scope, epoch, index } = run
      run.session = await Session.begin({ scope, epoch, index, session, secrets: this.#parts.secrets })
      run.confirmedAt = undefined
    }
    await this.#takeAll(run.session, states)
    if (run.session.key !== undefined && run.confirmedAt === undefined) await this.#confirm(run, run.session)
    if (run.confirmedAt !== undefined && Date.now() - run.confirmedAt > this.#patience) {
      this.#patience = Math.min(2 * this.#patience, MOST_PATIENCE_MS)
      throw new GranaryError('KEY_GENERATION_FAILED', 'confirmed here, but not alike by every member')
    }
  }

  async #takeAll(session: Session, states: ReadonlyMap<number, KeyGenerationState>): Promise<void> {
    const { index, session: id } = session.facts
    const same = [...states].filter(([, state]) => state.session === id)
    for (const [from, { round1 }] of same) if (round1 !== null) await session.takeRound1(from, round1)
    for (const [from, { round2 }] of same) {
      const mine = round2.find(({ to }) => to === index)
      if (mine !== undefined && session.key === undefined) await session.takeRound2(from, mine)
    }
  }

  /** What all other members say of themselves; undefined while one of them is not to be reached. */
  async #peerStates(run: Run): Promise<Map<number, KeyGenerationState> | undefined> {
    const states = new Map<number, KeyGenerationState>()
    const asked = run.epoch.members.map(async ({ account, endpoint }, place) => {
      const from = place + 1
      if (from === run.index) return
      const url = `${endpoint}/v1/key-generations/${run.epoch.number}`
      const options = { timeoutMs: PEER_TIMEOUT_MS, maxBytes: MAX_STATE_BYTES }
      const state = await fetchJson(this.#parts.outgoing, url, keyGenerationStateSchema, options)
      const statement = { kind: 'hello', from, session: null, body: state.hello.nonce } as const
      checkStatement(account, run.scope, statement, state.hello.signature)
      states.set(from, state)
    })
    const failed = (await Promise.allSettled(asked)).find((outcome) => outcome.status === 'rejected')
    if (failed === undefined) return states
    this.#parts.log.debug(
      { err: failed.reason, epoch: run.epoch.number },
      'key generation waits for a member',
    )
    return undefined
  }

  /** The share is on disk before the chain hears of the key. */
  async #confirm(run: Run, session: Session): Promise<void> {
    const { shares, sender, deployment, log } = this.#parts
    const { groupKey, verifyingShares, transcript, secret, verifyingShare } = session.key!
    const epoch = run.epoch.number
    await shares.keep(epoch, run.index, { transcript, groupKey, verifyingShare, secret })
    const args = [epoch, groupKey, verifyingShares, transcript]
    const data = committeeInterface.encodeFunctionData('confirm', args) as Hex
    try {
      const transaction = await sender.send(deployment.custodianCommittee, data)
      run.confirmedAt = Date.now()
      log.info({ epoch, transcript, transaction }, 'key generation confirmed on chain')
    } catch (error) {
      log.warn({ err: error, epoch }, 'the confirmation could not be sent; it is tried again')
    }
  }
}
