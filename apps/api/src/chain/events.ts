import { AbiCoder, type EventFragment, type Interface, keccak256, type ParamType, toBeHex } from 'ethers'

const LOGS_PER_BLOCK = 1_000_000n

/** What an event tells: integers as decimal strings, lists as lists; structs are left out. */
export type ArgumentValue = string | boolean | ArgumentValue[]

/**
 * An event of a contract of ours: `args` by name. Of a text there is its keccak256, too, under its name and `Hash`: what
 * is no UTF-8, or has a NUL, cannot be kept as it was.
 */
export interface ChainEvent {
  position: bigint
  block: bigint
  transaction: string
  time: Date
  contract: string
  name: string
  args: Record<string, ArgumentValue>
  dataset: string | null
  request: string | null
  account: string | null
  pool: number | null
  /** A proposal's id, or that of an operation of the Timelock; 0x and 64 hex digits. */
  proposal: string | null
}

/** Events whose account is worth finding them by. */
const BY_ACCOUNT: Record<string, string> = {
  Applied: 'trainer',
  Approved: 'trainer',
  Revoked: 'trainer',
  Suspended: 'trainer',
  Claimed: 'account',
  Transfer: 'to',
  DelegateChanged: 'delegator',
  DelegateVotesChanged: 'delegate',
}
const BY_POOL = new Set(['PoolCreated', 'PoolPriceChanged', 'PoolClosed'])
/** What says nothing about any row: the results of batches, and what is read from the chain when it is needed. */
const LEFT_OUT = new Set([
  'Skipped',
  'EpochProposed',
  'EpochConfirmed',
  'Approval',
  'CallScheduled',
  'CallSalt',
  'RoleGranted',
  'RoleRevoked',
  'RoleAdminChanged',
])
/** Of the Timelock's operations, by their ids. */
const OF_OPERATIONS = new Set(['CallExecuted', 'Cancelled'])

/** Where in the chain's order a log is. */
export function positionOf(block: number, logIndex: number): bigint {
  return BigInt(block) * LOGS_PER_BLOCK + BigInt(logIndex)
}

/** The event in a log, or null when it is none that is kept. */
export function readEvent(
  abi: Interface,
  log: {
    address: string
    blockNumber: number
    index: number
    transactionHash: string
    topics: readonly string[]
    data: string
  },
  time: Date,
): ChainEvent | null {
  const parsed = abi.parseLog(log)
  if (!parsed || LEFT_OUT.has(parsed.name)) return null
  const args = argumentsOf(parsed.fragment, log)
  const account = args[BY_ACCOUNT[parsed.name] ?? '']
  return {
    position: positionOf(log.blockNumber, log.index),
    block: BigInt(log.blockNumber),
    transaction: log.transactionHash,
    time,
    contract: log.address,
    name: parsed.name,
    args,
    dataset: typeof args.dataset === 'string' ? args.dataset : null,
    request: typeof args.request === 'string' ? args.request : null,
    account: typeof account === 'string' ? account : null,
    pool: BY_POOL.has(parsed.name) ? Number(args.pool) : null,
    proposal: proposalOf(parsed.name, args),
  }
}

function proposalOf(name: string, args: ChainEvent['args']): string | null {
  if (OF_OPERATIONS.has(name)) return String(args.id)
  return typeof args.proposalId === 'string' ? toBeHex(BigInt(args.proposalId), 32) : null
}

/** The arguments in a log, texts read as bytes: nobody can stop the feed with a text that is none. */
function argumentsOf(event: EventFragment, { topics, data }: { topics: readonly string[]; data: string }) {
  const coder = AbiCoder.defaultAbiCoder()
  const bare = coder.decode(
    event.inputs.filter((input) => !input.indexed).map((input) => input.format().replace(/^string/, 'bytes')),
    data,
  )
  const args: ChainEvent['args'] = {}
  let [topic, place] = [1, 0]
  for (const input of event.inputs) {
    const given: unknown = input.indexed
      ? coder.decode([input.type], topics[topic++] ?? '0x')[0]
      : bare[place++]
    if (input.type === 'string') {
      args[input.name] = readable(given as string)
      args[`${input.name}Hash`] = keccak256(given as string)
      continue
    }
    const value = plainOf(input, given)
    if (value !== undefined) args[input.name] = value
  }
  return args
}

function plainOf({ baseType, arrayChildren }: ParamType, given: unknown): ArgumentValue | undefined {
  if (baseType === 'tuple') return undefined
  if (baseType !== 'array') return typeof given === 'boolean' ? given : String(given)
  const inner = arrayChildren as ParamType
  if (inner.baseType === 'tuple' || inner.type === 'string') return undefined
  return [...(given as unknown[])].map((each) => plainOf(inner, each) as ArgumentValue)
}

function readable(bytes: string): string {
  return Buffer.from(bytes.slice(2), 'hex').toString('utf8').replaceAll('\0', '\ufffd')
}
