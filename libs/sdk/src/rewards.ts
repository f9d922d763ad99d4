import {
  type Address,
  GranaryError,
  type Hex,
  type RelayedResource,
  type RewardsResource,
  verifyReward,
} from '@granary/protocol'
import { type Context, until } from './context.js'
import { type Relayed, waitForRelay } from './relay.js'

/**
 * A claim is tried so often while the chain says that its proof is for another root: a settlement took effect meanwhile,
 * or the newest block is from just before it did.
 */
const CLAIM_TRIES = 4
const CLAIM_PAUSE = 3_000
/** So many settlements may the API be behind. */
const MOST_BEHIND = 50

export interface Rewards {
  /**
   * Balances of an account; where something was earned, its proof is checked, and that its root is on chain and in effect.
   * Throws PROOF_INVALID, REWARDS_MISMATCH.
   */
  get(address: Address): Promise<RewardsResource>
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

  /** An API that is behind names the root of an earlier settlement in effect; any other root is invented, or voided. */
  async function checkRoot(root: Hex): Promise<void> {
    let behind = 0
    for await (const one of (await context.chain()).rewardsRoots()) {
      if (one === root) {
        if (behind > 0) context.log('the API has not seen the settlement in effect yet')
        return
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
