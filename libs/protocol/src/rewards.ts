import { StandardMerkleTree } from '@openzeppelin/merkle-tree'
import { getAddress } from 'ethers'
import { GranaryError } from './errors.js'
import { type Address, type Hex, ZERO_BYTES32 } from './hex.js'
import { MAX_FEES_BPS, WHOLE_BPS } from './limits.js'

/** What an account has ever earned, in the token's smallest unit. */
export interface RewardEntry {
  account: Address
  total: bigint
}

/** The cumulative tree of a settlement. `proof` is empty for an account that has nothing. */
export interface RewardTree {
  root: Hex
  total: bigint
  proof(account: Address): Hex[]
}

const LEAF = ['address', 'uint256']

/**
 * The tree of OpenZeppelin's StandardMerkleTree over (account, total). Without entries the root is zero; with one it is
 * the leaf and its proof is empty.
 *
 * @throws GranaryError ARGUMENT_INVALID when an account is named twice or a total is not positive
 */
export function rewardTree(entries: readonly RewardEntry[]): RewardTree {
  const positions = new Map<string, number>()
  for (const [i, { account, total }] of entries.entries()) {
    const key = getAddress(account)
    if (positions.has(key)) throw new GranaryError('ARGUMENT_INVALID', 'an account has one leaf only')
    if (total <= 0n) throw new GranaryError('ARGUMENT_INVALID', 'a total must be positive')
    positions.set(key, i)
  }
  const total = entries.reduce((sum, entry) => sum + entry.total, 0n)
  if (entries.length === 0) return { root: ZERO_BYTES32, total, proof: () => [] }
  const leaves = entries.map((entry) => [getAddress(entry.account), entry.total.toString()])
  const tree = StandardMerkleTree.of(leaves, LEAF)
  return {
    root: tree.root as Hex,
    total,
    proof: (account) => {
      const position = positions.get(getAddress(account))
      return position === undefined ? [] : (tree.getProof(position) as Hex[])
    },
  }
}

/** Whether (account, total) is a leaf under `root`. */
export function verifyReward(root: Hex, { account, total }: RewardEntry, proof: readonly Hex[]): boolean {
  try {
    return StandardMerkleTree.verify(root, LEAF, [getAddress(account), total.toString()], [...proof])
  } catch {
    return false
  }
}

/** One use to be paid: a request's stored price and split, and who took part. */
export interface Use {
  price: bigint
  treasuryBps: number
  custodiansBps: number
  /** The members whose receipts are listed for the use. */
  custodians: readonly Address[]
  owner: Address
  treasury: Address
}

/**
 * Who gets how much of one use's price; the parts always sum to it. Treasury and custodians get their parts rounded
 * down, the owner the rest of the price; the custodians' part is divided equally, and what that leaves over (all of it
 * where no custodian is named) goes to the treasury. One account in several roles gets the sum; nobody is listed for
 * nothing.
 *
 * @throws GranaryError ARGUMENT_INVALID
 */
export function splitUse(use: Use): Map<Address, bigint> {
  const { price, treasuryBps, custodiansBps, custodians, owner, treasury } = use
  if (price < 0n) throw new GranaryError('ARGUMENT_INVALID', 'price must not be negative')
  if (![treasuryBps, custodiansBps].every((bps) => Number.isInteger(bps) && bps >= 0)) {
    throw new GranaryError('ARGUMENT_INVALID', 'basis points must be whole numbers')
  }
  if (treasuryBps + custodiansBps > MAX_FEES_BPS) {
    throw new GranaryError('ARGUMENT_INVALID', `fees must not exceed ${MAX_FEES_BPS} basis points`)
  }
  if (new Set(custodians.map((account) => getAddress(account))).size !== custodians.length) {
    throw new GranaryError('ARGUMENT_INVALID', 'a custodian is named twice')
  }
  const whole = BigInt(WHOLE_BPS)
  const forTreasury = (price * BigInt(treasuryBps)) / whole
  const forCustodians = (price * BigInt(custodiansBps)) / whole
  const each = custodians.length === 0 ? 0n : forCustodians / BigInt(custodians.length)
  const left = forCustodians - each * BigInt(custodians.length)

  const parts = new Map<Address, bigint>()
  const pay = (account: Address, amount: bigint) => {
    const key = getAddress(account) as Address
    if (amount > 0n) parts.set(key, (parts.get(key) ?? 0n) + amount)
  }
  pay(owner, price - forTreasury - forCustodians)
  pay(treasury, forTreasury + left)
  for (const custodian of custodians) pay(custodian, each)
  return parts
}
