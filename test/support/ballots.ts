import { type Hex, type MessageOf, messageToJson, signMessage } from '@granary/protocol'
import type { Actor } from './actors.js'
import { inSeconds } from './rest.js'
import type { World } from './world.js'

/** Bodies for the DAO's routes, signed by somebody, with whatever is to be different. */
export const signing = ({ deployment }: World) => ({
  async ballot({ wallet, address }: Actor, id: Hex, change: Partial<MessageOf<'Ballot'>> = {}) {
    const message: MessageOf<'Ballot'> = {
      proposalId: BigInt(id),
      support: 1,
      voter: address,
      nonce: 0n,
      ...change,
    }
    const signature = await signMessage(wallet, 'Ballot', message, deployment)
    return { ballot: messageToJson('Ballot', message), signature }
  },

  async join({ wallet, address }: Actor, change: Partial<MessageOf<'Join'>> = {}) {
    const message: MessageOf<'Join'> = { account: address, deadline: BigInt(inSeconds(600)), ...change }
    const signature = await signMessage(wallet, 'Join', message, deployment)
    return { join: messageToJson('Join', message), signature }
  },
})
