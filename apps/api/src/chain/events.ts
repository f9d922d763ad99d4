import type { Interface } from 'ethers'

const LOGS_PER_BLOCK = 1_000_000n

/** An event of a contract of ours: `args` by name, integers as decimal strings. */
export interface ChainEvent {
  position: bigint
  block: bigint
  transaction: string
  time: Date
  contract: string
  name: string
  args: Record<string, string | boolean>
  dataset: string | null
  request: string | null
  account: string | null
  pool: number | null
}

/** Events whose account is worth finding them by. */
const BY_ACCOUNT = new Set(['Applied', 'Approved', 'Revoked', 'Suspended', 'Claimed'])
const BY_POOL = new Set(['PoolCreated', 'PoolPriceChanged', 'PoolClosed'])
/** What says nothing about any row: the results of batches, and what is read from the chain when it is needed. */
const LEFT_OUT = new Set(['Skipped', 'EpochProposed', 'EpochConfirmed'])

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
  const args: Record<string, string | boolean> = {}
  for (const [i, input] of parsed.fragment.inputs.entries()) {
    const value: unknown = parsed.args[i]
    if (input.baseType === 'array') continue
    args[input.name] = typeof value === 'boolean' ? value : String(value)
  }
  const account = args.trainer ?? args.account
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
    account: BY_ACCOUNT.has(parsed.name) && typeof account === 'string' ? account : null,
    pool: BY_POOL.has(parsed.name) ? Number(args.pool) : null,
  }
}
