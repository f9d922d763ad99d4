import { getAddress, keccak256 } from 'ethers'
import { GranaryError } from './errors.js'
import { type Address, type Hex, hexToBytes, ZERO_BYTES32 } from './hex.js'
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

/**
 * The tree of OpenZeppelin's StandardMerkleTree over (account, total), without that package, which brings a second ABI
 * coder and big integers of its own into every page; the tests compare the two. Without entries the root is zero; with
 * one it is the leaf and its proof is empty.
 *
 * @throws GranaryError ARGUMENT_INVALID when an account is named twice or a total is not positive
 */
export function rewardTree(entries: readonly RewardEntry[]): RewardTree {
  const positions = new Map<string, number>()
  for (const [i, { account, total }] of entries.entries()) {
    const key = getAddress(account)
    if (positions.has(key)) throw new GranaryError('ARGUMENT_INVALID', 'an account has one leaf only')
    if (total <= 0n || total >= 2n ** 256n) {
      throw new GranaryError('ARGUMENT_INVALID', 'a total must be positive and fit into 256 bits')
    }
    positions.set(key, i)
  }
  const total = entries.reduce((sum, entry) => sum + entry.total, 0n)
  if (entries.length === 0) return { root: ZERO_BYTES32, total, proof: () => [] }
  const leaves = entries.map(({ account, total }) => rewardLeaf(account, total))
  const { nodes, places } = buildTree(leaves)
  return {
    root: nodes[0]!,
    total,
    proof: (account) => {
      const position = positions.get(getAddress(account))
      return position === undefined ? [] : siblings(nodes, places[position]!)
    },
  }
}

/** Whether (account, total) is a leaf under `root`. */
export function verifyReward(root: Hex, { account, total }: RewardEntry, proof: readonly Hex[]): boolean {
  if (total < 0n || total >= 2n ** 256n) return false
  if (!proof.every((word) => /^0x[0-9a-f]{64}$/.test(word))) return false
  return proof.reduce(parent, rewardLeaf(account, total)) === root
}

/** A leaf's hash, twice hashed so that no inner node can pass for it. */
function rewardLeaf(account: Address, total: bigint): Hex {
  const words = new Uint8Array(64)
  words.set(hexToBytes(account, 20), 12)
  words.set(hexToBytes(`0x${total.toString(16).padStart(64, '0')}`, 32), 32)
  return keccak256(keccak256(words)) as Hex
}

function parent(a: Hex, b: Hex): Hex {
  const [low, high] = a < b ? [a, b] : [b, a]
  const bytes = new Uint8Array(64)
  bytes.set(hexToBytes(low), 0)
  bytes.set(hexToBytes(high), 32)
  return keccak256(bytes) as Hex
}

/** The tree as an array: root first, children of i at 2i + 1 and 2i + 2, leaves at the end in falling order of hash. */
function buildTree(leaves: readonly Hex[]): { nodes: Hex[]; places: number[] } {
  const order = leaves.map((_, i) => i).sort((a, b) => (leaves[a]! < leaves[b]! ? -1 : 1))
  const nodes = new Array<Hex>(2 * leaves.length - 1)
  const places = new Array<number>(leaves.length)
  for (const [rank, position] of order.entries()) {
    places[position] = nodes.length - 1 - rank
    nodes[nodes.length - 1 - rank] = leaves[position]!
  }
  for (let i = leaves.length - 2; i >= 0; i--) nodes[i] = parent(nodes[2 * i + 1]!, nodes[2 * i + 2]!)
  return { nodes, places }
}

function siblings(nodes: readonly Hex[], place: number): Hex[] {
  const path: Hex[] = []
  for (let i = place; i > 0; i = Math.floor((i - 1) / 2)) path.push(nodes[i % 2 === 1 ? i + 1 : i - 1]!)
  return path
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
