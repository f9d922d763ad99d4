import { getAddress, Interface } from 'ethers'
import { CONTRACT_ABIS } from '../contracts.js'
import type { ContractName, Deployment } from '../deployment.js'
import { GranaryError } from '../errors.js'
import type { Address, Hex } from '../hex.js'
import type { Fact, FactValue } from './describe.js'
import type { CannotCode, FieldWords, MessageWords } from './words.js'

export interface TransactionWords extends MessageWords {
  readonly contract: ContractName | 'token'
  readonly method: string
  /** The contract that the method's first argument has to name; nothing is said of a call that names another. */
  readonly first?: ContractName
  /** The value of the method's last argument, where that alone tells one transaction from another. */
  readonly last?: boolean
}

const account = (label: string) => ({ label, format: 'account' }) as const
const TRAINER = { trainer: account('Trainer') } as const
const lists = (label: string): FieldWords => ({ label, format: 'calls' })

/**
 * The transactions that Granary asks a wallet to send in its person's name; everything else is signed and relayed. Fields
 * are the arguments of the method.
 */
export const TRANSACTION_WORDS = {
  ApproveTrainer: {
    contract: 'trainerRegistry',
    method: 'approve',
    intent: 'Approve a trainer',
    fields: {
      ...TRAINER,
      until: { label: 'Approved until', format: 'time' },
      profile: { label: 'Profile approved', format: 'digest' },
    },
    cannot: ['open-file', 'change-consent', 'move-money'],
  },
  RevokeTrainer: {
    contract: 'trainerRegistry',
    method: 'revoke',
    intent: 'End a trainer’s approval',
    fields: TRAINER,
    cannot: ['take-back', 'change-consent', 'move-money'],
  },
  SuspendTrainer: {
    contract: 'trainerRegistry',
    method: 'setSuspended',
    last: true,
    intent: 'Suspend a trainer',
    fields: { ...TRAINER, suspended: { label: 'Suspended', format: 'yes' } },
    cannot: ['take-back', 'change-consent', 'move-money'],
  },
  ResumeTrainer: {
    contract: 'trainerRegistry',
    method: 'setSuspended',
    last: false,
    intent: 'End a suspension',
    fields: { ...TRAINER, suspended: { label: 'Suspended', format: 'yes' } },
    cannot: ['open-file', 'change-consent', 'move-money'],
  },
  CancelProposal: {
    contract: 'governor',
    method: 'cancel',
    intent: 'Take a proposal back',
    fields: {
      targets: lists('Contracts called'),
      values: lists('Wei sent along'),
      calldatas: lists('Calls'),
      descriptionHash: { label: 'Text’s digest', format: 'digest' },
    },
    cannot: ['be-undone', 'execute', 'other-proposals', 'move-money'],
  },
  ApprovePayment: {
    contract: 'token',
    method: 'approve',
    first: 'accessRequests',
    intent: 'Allow a payment',
    fields: { spender: account('May be taken by'), value: { label: 'At most', format: 'amount' } },
    cannot: ['other-spender', 'take-more', 'open-file'],
  },
  DelegateVotes: {
    contract: 'grainToken',
    method: 'delegate',
    intent: 'Let somebody vote for you',
    fields: { delegatee: account('Votes go to') },
    cannot: ['transfer-votes', 'move-money'],
  },
} as const satisfies Record<string, TransactionWords>

export type TransactionName = keyof typeof TRANSACTION_WORDS

/** A transaction before it is sent, in names and codes; words for them are the page's. */
export interface TransactionDescription {
  name: TransactionName
  contract: ContractName | 'token'
  chainId: number
  verifyingContract: Address
  facts: Fact[]
  cannot: readonly CannotCode[]
}

/**
 * Describes a transaction from itself alone. Every argument is in `facts`, to the last byte of its data; only those of
 * TRANSACTION_WORDS, to the contracts of `deployment` and without ether, are described.
 *
 * @throws GranaryError MESSAGE_UNKNOWN for any other
 */
export function describeTransaction(
  sent: { to: string; data: string; value: bigint },
  deployment: Deployment,
): TransactionDescription {
  const all = Object.entries(TRANSACTION_WORDS) as [TransactionName, TransactionWords][]
  for (const [name, words] of all) {
    const { contract, method, fields, first, last, cannot } = words
    if (deployment[contract].toLowerCase() !== sent.to.toLowerCase() || sent.value !== 0n) continue
    const values = argumentsOf(contract, method, sent.data)
    if (!values || (last !== undefined && values.at(-1) !== last)) continue
    if (first !== undefined && values[0] !== getAddress(deployment[first])) continue
    const facts = Object.entries(fields).map(
      ([field, { format, detail }], at): Fact => ({
        name: field,
        format,
        value: plain(values[at]),
        detail: detail === true,
      }),
    )
    const { chainId } = deployment
    return { name, contract, chainId, verifyingContract: getAddress(sent.to) as Address, facts, cannot }
  }
  throw new GranaryError('MESSAGE_UNKNOWN', { to: sent.to, selector: sent.data.slice(0, 10) as Hex })
}

/** What a call gives the method; null when it is no call of it, to the byte. */
function argumentsOf(contract: ContractName | 'token', method: string, data: string): unknown[] | null {
  const abi = new Interface(CONTRACT_ABIS[contract] as never)
  const found = abi.getFunction(method)
  if (!found || data.slice(0, 10).toLowerCase() !== found.selector) return null
  try {
    const values = [...abi.decodeFunctionData(found, data)]
    // Bytes that a decoder passes over could hide something.
    return abi.encodeFunctionData(found, values) === data.toLowerCase() ? values : null
  } catch {
    return null
  }
}

function plain(value: unknown): FactValue {
  if (typeof value === 'boolean') return value
  if (typeof value === 'object' && value !== null) return [...(value as Iterable<unknown>)].map(plain)
  return String(value)
}
