import {
  messageSchema,
  type PermitResource,
  type RelayKind,
  SIGNATURE_CHECK_GAS,
  type SignedBy,
} from '@granary/protocol'
import { type Contract, Signature } from 'ethers'
import type { Chain } from '../chain/chain.js'

// What each kind of relay asks of which contract. Payloads are in the JSON form of the messages.

interface Payload {
  message?: unknown
  signature?: string
  /** what the check of the signature found: a contract wallet's code runs again on chain */
  by?: SignedBy
  permit?: PermitResource | null
  delegation?: { delegatee: string; nonce: string; expiry: string }
  request?: string
  account?: string
  total?: string
  proof?: string[]
  targets?: string[]
  values?: string[]
  calldatas?: string[]
  descriptionHash?: string
}

/** A call of a contract: `batched` takes many messages and skips the bad ones, others revert. */
export interface Call {
  contract: Contract
  method: string
  args: unknown[]
  batched: boolean
}

const NO_PERMIT = { value: 0n, deadline: 0n, v: 0, r: `0x${'0'.repeat(64)}`, s: `0x${'0'.repeat(64)}` }

/** Kinds of which one transaction takes many. */
export const BATCHED: ReadonlySet<string> = new Set([
  'contribution',
  'consent-update',
  'withdrawal',
  'approval',
])

const BATCHES = {
  contribution: ['registry', 'contribute', 'Contribution'],
  'consent-update': ['registry', 'updateConsent', 'ConsentUpdate'],
  withdrawal: ['registry', 'withdraw', 'Withdrawal'],
  approval: ['requests', 'approve', 'Approval'],
} as const

/** The contract that says which messages of a batch it skipped; none for kinds of one message a transaction. */
export function batchContract(chain: Chain, kind: RelayKind): Contract | null {
  return kind in BATCHES ? chain[BATCHES[kind as keyof typeof BATCHES][0]] : null
}

/** Nodes take no transaction of more than 128 KiB; a hundred ordinary signatures have 6.5. */
const MOST_SIGNATURE_BYTES = 32_768
/** Of contract wallets in one transaction: whatever they do, it stays below what a block takes. */
const MOST_WALLETS = 32

/** As many of the queued, from the first on, as fit one transaction; one always does. */
export function fitting<T extends { payload: unknown }>(relays: readonly T[]): T[] {
  let [bytes, wallets] = [0, 0]
  const end = relays.findIndex(({ payload }, place) => {
    const { signature = '', by } = payload as Payload
    bytes += signature.length / 2
    wallets += by === 'wallet' ? 1 : 0
    return place > 0 && (bytes > MOST_SIGNATURE_BYTES || wallets > MOST_WALLETS)
  })
  return end === -1 ? [...relays] : relays.slice(0, end)
}

/**
 * Gas to send beyond what an estimate says: a contract wallet may use all that it is allowed though it did not while
 * the gas was estimated, and the others' messages must not fail by that.
 */
export function walletGas(payloads: readonly unknown[]): number {
  const wallets = (payloads as Payload[]).filter(({ by }) => by === 'wallet').length
  return wallets * SIGNATURE_CHECK_GAS
}
/** Gas of a message that is not in a block, or of which no block tells what it took. */
export const UNKNOWN_GAS = 100_000

/** Kinds whose gas somebody else decides, by the calls that they propose: not above the operator's limit. */
export const LIMITED: ReadonlySet<string> = new Set(['proposal', 'proposal-queue', 'proposal-execute'])

const CAST_VOTE = 'castVoteBySig(uint256,uint8,address,bytes)'
const QUEUE = 'queue(address[],uint256[],bytes[],bytes32)'
const EXECUTE = 'execute(address[],uint256[],bytes[],bytes32)'

const callsOf = ({ targets, values, calldatas, descriptionHash }: Payload) => [
  targets,
  values,
  calldatas,
  descriptionHash,
]

/** The call that submits `payloads`, which are of one kind, and just one unless the kind is batched. */
export function callFor(chain: Chain, kind: RelayKind, payloads: unknown[]): Call {
  const all = payloads as Payload[]
  if (kind in BATCHES) {
    const [contract, method, name] = BATCHES[kind as keyof typeof BATCHES]
    const messages = all.map((payload) => messageSchema(name).parse(payload.message as never))
    return { contract: chain[contract], method, args: [messages, all.map((p) => p.signature)], batched: true }
  }
  const [payload] = all
  if (!payload || all.length !== 1) throw new TypeError(`${kind} is relayed one at a time`)
  const single = (contract: Contract, method: string, ...args: unknown[]): Call => ({
    contract,
    method,
    args,
    batched: false,
  })
  switch (kind) {
    case 'trainer-application': {
      const application = messageSchema('TrainerApplication').parse(payload.message as never)
      return single(chain.trainers, 'submitApplication', application, payload.signature)
    }
    case 'access-request': {
      const request = messageSchema('AccessRequest').parse(payload.message as never)
      return single(chain.requests, 'open', request, payload.signature, payload.permit ?? NO_PERMIT)
    }
    case 'join': {
      const join = messageSchema('Join').parse(payload.message as never)
      return single(chain.grain, 'joinFor', join, payload.signature)
    }
    case 'delegation': {
      const { delegatee, nonce, expiry } = payload.delegation ?? {}
      const { v, r, s } = Signature.from(payload.signature)
      return single(chain.grain, 'delegateBySig', delegatee, nonce, expiry, v, r, s)
    }
    case 'proposal': {
      const proposal = messageSchema('Proposal').parse(payload.message as never)
      return single(chain.governor, 'proposeBySig', proposal, payload.signature)
    }
    case 'ballot': {
      const { proposalId, support, voter } = messageSchema('Ballot').parse(payload.message as never)
      return single(chain.governor, CAST_VOTE, proposalId, support, voter, payload.signature)
    }
    case 'proposal-queue':
      return single(chain.governor, QUEUE, ...callsOf(payload))
    case 'proposal-execute':
      return single(chain.governor, EXECUTE, ...callsOf(payload))
    case 'refund':
      return single(chain.requests, 'refund', payload.request)
    default:
      return single(chain.rewards, 'claim', payload.account, payload.total, payload.proof)
  }
}
