import { describe, expect, it } from '@jest/globals'
import { StandardMerkleTree } from '@openzeppelin/merkle-tree'
import { AbiCoder, concat, getAddress, keccak256 } from 'ethers'
import fc from 'fast-check'
import { codeOf } from '../testing/vectors.js'
import { type Address, type Hex, ZERO_BYTES32 } from './hex.js'
import { rewardTree, splitUse, verifyReward } from './rewards.js'

const account = (n: number) => getAddress(`0x${n.toString(16).padStart(40, '0')}`) as Address
const [owner, treasury] = [account(1), account(2)]
const custodians = [account(11), account(12), account(13)]

const entries = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 2 ** 31 }), fc.bigInt(1n, 2n ** 128n)), {
    minLength: 1,
    maxLength: 30,
    selector: ([n]) => n,
  })
  .map((list) => list.map(([n, total]) => ({ account: account(n), total })))

/** What the contract does with a leaf and its proof: sorted pairs. */
function climb(leaf: string, proof: readonly string[]): string {
  return proof.reduce(
    (node, sibling) => keccak256(concat(node < sibling ? [node, sibling] : [sibling, node])),
    leaf,
  )
}

function leafOf(of: Address, total: bigint): string {
  return keccak256(keccak256(AbiCoder.defaultAbiCoder().encode(['address', 'uint256'], [of, total])))
}

describe('a reward tree', () => {
  it('is that of OpenZeppelin, and its proofs are what the contract takes', () => {
    fc.assert(
      fc.property(entries, (list) => {
        const tree = rewardTree(list)
        const theirs = StandardMerkleTree.of(
          list.map((entry) => [entry.account, entry.total.toString()]),
          ['address', 'uint256'],
        )
        expect(tree.root).toBe(theirs.root)
        expect(tree.total).toBe(list.reduce((sum, entry) => sum + entry.total, 0n))
        for (const entry of list) {
          const proof = tree.proof(entry.account)
          expect(proof).toEqual(theirs.getProof([entry.account, entry.total.toString()]))
          expect(climb(leafOf(entry.account, entry.total), proof)).toBe(tree.root)
          expect(verifyReward(tree.root, entry, proof)).toBe(true)
          expect(verifyReward(tree.root, { ...entry, total: entry.total + 1n }, proof)).toBe(false)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('does not depend on the order of its entries', () => {
    fc.assert(
      fc.property(entries, (list) => expect(rewardTree(list.toReversed()).root).toBe(rewardTree(list).root)),
      { numRuns: 20 },
    )
  })

  it('of one account is its leaf, with an empty proof', () => {
    const tree = rewardTree([{ account: owner, total: 5n }])
    expect(tree.root).toBe(leafOf(owner, 5n))
    expect(tree.proof(owner)).toEqual([])
  })

  it('of nobody has the root zero', () => {
    expect(rewardTree([])).toMatchObject({ root: ZERO_BYTES32, total: 0n })
    expect(rewardTree([]).proof(owner)).toEqual([])
  })

  it('proves nothing for an account without reward', () => {
    const tree = rewardTree([
      { account: owner, total: 5n },
      { account: treasury, total: 6n },
    ])
    expect(tree.proof(account(9))).toEqual([])
    expect(verifyReward(tree.root, { account: account(9), total: 5n }, tree.proof(owner))).toBe(false)
    expect(verifyReward(tree.root, { account: owner, total: 5n }, ['0x12' as Hex])).toBe(false)
    for (const total of [-1n, 2n ** 256n])
      expect(verifyReward(tree.root, { account: owner, total }, [])).toBe(false)
    expect(tree.proof(owner.toLowerCase() as Address)).toEqual(tree.proof(owner))
  })

  it('is refused with an account named twice or without a reward', () => {
    const twice = [
      { account: account(0xabc), total: 5n },
      { account: account(0xabc).toLowerCase() as Address, total: 6n },
    ]
    expect(codeOf(() => rewardTree(twice))).toBe('ARGUMENT_INVALID')
    expect(codeOf(() => rewardTree([{ account: owner, total: 0n }]))).toBe('ARGUMENT_INVALID')
  })
})

describe('the split of a use', () => {
  const use = { price: 1000n, treasuryBps: 500, custodiansBps: 1000, custodians, owner, treasury }
  const sum = (parts: Map<Address, bigint>) => [...parts.values()].reduce((total, part) => total + part, 0n)

  it('gives owner, treasury and custodians their parts, remainders to the treasury', () => {
    expect(Object.fromEntries(splitUse(use))).toEqual({
      [owner]: 850n,
      [treasury]: 51n,
      [custodians[0]!]: 33n,
      [custodians[1]!]: 33n,
      [custodians[2]!]: 33n,
    })
  })

  it('sums exactly to the price, and leaves the owner half at least', () => {
    const bps = fc.integer({ min: 0, max: 5000 })
    fc.assert(
      fc.property(
        fc.oneof(fc.bigInt(0n, 200n), fc.bigInt(0n, 2n ** 128n - 1n)),
        bps,
        bps,
        fc.subarray(custodians),
        (price, treasuryBps, rest, members) => {
          const custodiansBps = Math.min(rest, 5000 - treasuryBps)
          const parts = splitUse({ price, treasuryBps, custodiansBps, custodians: members, owner, treasury })
          expect(sum(parts)).toBe(price)
          expect([...parts.values()].every((part) => part > 0n)).toBe(true)
          expect((parts.get(owner) ?? 0n) * 2n).toBeGreaterThanOrEqual(price)
          const shares = new Set(members.map((member) => parts.get(member) ?? 0n))
          expect(shares.size).toBeLessThanOrEqual(1)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('adds up what one account gets in several roles', () => {
    const parts = splitUse({
      ...use,
      treasury: owner,
      custodians: [owner.toLowerCase() as Address, account(3)],
    })
    expect(Object.fromEntries(parts)).toEqual({ [owner]: 950n, [account(3)]: 50n })
  })

  it('gives the treasury what nobody took', () => {
    expect(splitUse({ ...use, custodians: [] }).get(treasury)).toBe(150n)
    expect(Object.fromEntries(splitUse({ ...use, price: 1n }))).toEqual({ [owner]: 1n })
    expect(splitUse({ ...use, price: 0n }).size).toBe(0)
  })

  it('is refused with impossible terms', () => {
    const refused = (change: object) => codeOf(() => splitUse({ ...use, ...change }))
    expect(refused({ price: -1n })).toBe('ARGUMENT_INVALID')
    expect(refused({ treasuryBps: 4001 })).toBe('ARGUMENT_INVALID')
    expect(refused({ treasuryBps: -1 })).toBe('ARGUMENT_INVALID')
    expect(refused({ custodiansBps: 0.5 })).toBe('ARGUMENT_INVALID')
    expect(refused({ custodians: [custodians[0], custodians[0]] })).toBe('ARGUMENT_INVALID')
    expect(splitUse({ ...use, treasuryBps: 4000 }).get(owner)).toBe(500n)
  })
})
