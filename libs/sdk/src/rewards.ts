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

export interface Rewards {
  /** Balances of an account; where there is something to claim, its proof is checked against the root on chain. */
  get(address: Address): Promise<RewardsResource>
  /** Pays the account what it has not claimed yet, at no gas of its own. Throws NOTHING_TO_CLAIM. */
  claim(address: Address): Promise<Relayed & { amount: bigint }>
}

export function createRewards(context: Context): Rewards {
  async function get(address: Address): Promise<RewardsResource> {
    const rewards = await context.call<RewardsResource>(`/v1/rewards/${address}`)
    if (BigInt(rewards.earned) > 0n) {
      const root = await (await context.chain()).rewardsRoot()
      const entry = { account: address, total: BigInt(rewards.earned) }
      const holds = verifyReward(rewards.root as Hex, entry, rewards.proof as Hex[])
      // A settlement between the two reads makes the roots differ for a moment; the proof must hold either way.
      if (!holds)
        throw new GranaryError('PROOF_INVALID', 'the proof that the API gives for the rewards does not hold')
      if (root !== rewards.root) context.log('the API has not seen the newest settlement yet')
    }
    return rewards
  }
  return {
    get,
    async claim(address) {
      const before = await get(address)
      if (BigInt(before.claimable) === 0n)
        throw new GranaryError('NOTHING_TO_CLAIM', `${address} has nothing to claim`)
      const answer = await context.callSigned<RelayedResource>(`/v1/rewards/${address}/claims`, {
        method: 'POST',
        body: {},
      })
      const relayed = await waitForRelay(context, answer.relay)
      const after = await until('the claim in the balance', async () => {
        const rewards = await context.call<RewardsResource>(`/v1/rewards/${address}`)
        return BigInt(rewards.claimed) > BigInt(before.claimed) ? rewards : undefined
      })
      return { ...relayed, amount: BigInt(after.claimed) - BigInt(before.claimed) }
    },
  }
}
