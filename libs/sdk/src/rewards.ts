import {
  type Address,
  GranaryError,
  type Hex,
  type RelayedResource,
  type RewardsResource,
  verifyReward,
} from '@granary/protocol'
import { getAddress } from 'ethers'
import type { Chain } from './chain.js'
import { type Context, until } from './context.js'
import { type Relayed, waitForRelay } from './relay.js'
import { createUseVerifier, type UseVerifier } from './rewards.verify.js'

/**
 * A claim is tried so often while the chain says that its proof is for another root: a settlement took effect meanwhile,
 * or the newest block is from just before it did.
 */
const CLAIM_TRIES = 4
const CLAIM_PAUSE = 3_000
/** So many settlements may the API be behind. */
const MOST_BEHIND = 50

/** A balance that was computed from the chain; amounts in the token's smallest unit. */
export interface VerifiedBalance {
  address: Address
  earned: string
  claimed: string
  claimable: string
  /** Of `earned`: the settlement whose root on chain it leads to. Null for nothing, of which there is no proof. */
  proof: {
    settlement: number
    root: Hex
    /** Hashes from the leaf to the root. */
    steps: number
    /** So many later settlements are in effect that the API has not read yet. */
    behind: number
  } | null
  chainId: number
  rewardPool: Address
  endpoint: Chain['endpoint']
}

export interface Rewards {
  /**
   * Balances of an account; where something was earned, its proof is checked, and that its root is on chain and in effect.
   * Throws PROOF_INVALID, REWARDS_MISMATCH.
   */
  get(address: Address): Promise<RewardsResource>
  /**
   * The same, with what was read from the chain for it: the balance as the chain has it, not as the API tells it. Throws
   * what `get` throws, and CHAIN_UNAVAILABLE.
   */
  verify(address: Address): Promise<VerifiedBalance>
  /** Follows amounts to their receipts; see `createUseVerifier`. */
  uses(): UseVerifier
  /** Pays the account what it has not claimed yet, at no gas of its own. Throws NOTHING_TO_CLAIM. */
  claim(address: Address): Promise<Relayed & { amount: bigint }>
}

export function createRewards(context: Context): Rewards {
  const read = (address: Address) => context.call<RewardsResource>(`/v1/rewards/${address}`)

  async function get(address: Address): Promise<RewardsResource> {
    const rewards = await read(address)
    if (BigInt(rewards.earned) === 0n) return rewards
    const entry = { account: address, total: BigInt(rewards.earned) }
    if (!verifyReward(rewards.root as Hex, entry, rewards.proof as Hex[]))
      throw new GranaryError('PROOF_INVALID', 'the proof that the API gives for the rewards does not hold')
    await checkRoot(rewards.root as Hex)
    return rewards
  }

  async function verify(account: Address): Promise<VerifiedBalance> {
    const address = getAddress(account) as Address
    const rewards = await get(address)
    const { deployment, chainId } = await context.network()
    const chain = await context.chain()
    const claimed = await chain.claimed(address)
    const earned = BigInt(rewards.earned)
    // Nobody can have claimed more than the tree says: an API that hides rewards is found out once they were claimed.
    if (claimed > earned)
      throw new GranaryError('REWARDS_MISMATCH', 'more was claimed than the API shows as earned')
    if (claimed < BigInt(rewards.claimed))
      throw new GranaryError('REWARDS_MISMATCH', 'on chain less was claimed than the API says')
    return {
      address,
      earned: String(earned),
      claimed: String(claimed),
      claimable: String(earned - claimed),
      proof:
        earned === 0n
          ? null
          : {
              ...(await checkRoot(rewards.root as Hex)),
              root: rewards.root as Hex,
              steps: rewards.proof.length,
            },
      chainId,
      rewardPool: deployment.rewardPool,
      endpoint: chain.endpoint,
    }
  }

  /** An API that is behind names the root of an earlier settlement in effect; any other root is invented, or voided. */
  async function checkRoot(root: Hex): Promise<{ settlement: number; behind: number }> {
    let behind = 0
    for await (const one of (await context.chain()).rewardsRoots()) {
      if (one.root === root) {
        if (behind > 0) context.log('the API has not seen the settlement in effect yet')
        return { settlement: one.number, behind }
      }
      if (++behind > MOST_BEHIND) break
    }
    throw new GranaryError('REWARDS_MISMATCH')
  }

  async function claimOnce(address: Address, attempt: number): Promise<Relayed> {
    try {
      const path = `/v1/rewards/${address}/claims`
      const { relay } = await context.callSigned<RelayedResource>(path, { method: 'POST', body: {} })
      return await waitForRelay(context, relay)
    } catch (error) {
      const isOld = error instanceof GranaryError && error.code === 'PROOF_INVALID'
      if (!isOld || attempt === CLAIM_TRIES) throw error
      await new Promise((resolve) => setTimeout(resolve, CLAIM_PAUSE * attempt))
      return claimOnce(address, attempt + 1)
    }
  }

  return {
    get,
    verify,
    uses: () => createUseVerifier(context),
    async claim(address) {
      const before = await get(address)
      if (BigInt(before.claimable) === 0n) {
        const [next] = before.pending
        const when = next ? ` before ${next.from}` : ''
        throw new GranaryError('NOTHING_TO_CLAIM', `${address} has nothing to claim${when}`)
      }
      const relayed = await claimOnce(address, 1)
      const after = await until('the claim in the balance', async () => {
        const rewards = await read(address)
        return BigInt(rewards.claimed) > BigInt(before.claimed) ? rewards : undefined
      })
      return { ...relayed, amount: BigInt(after.claimed) - BigInt(before.claimed) }
    },
  }
}
