import {
  type Address,
  documentDigest,
  type MessageOf,
  messageToJson,
  type ProfileDocument,
  type RelayedResource,
  signMessage,
  type TrainerBody,
  type TrainerRecord,
  type TrainerResource,
} from '@granary/protocol'
import { allPages, type Context, MESSAGE_LIFETIME, now, until } from './context.js'
import { type Relayed, waitForRelay } from './relay.js'

export interface Trainers {
  list(filter?: { status?: TrainerResource['status'] }): AsyncGenerator<TrainerResource>
  get(address: Address): Promise<TrainerResource>
  /** What it asked for, used and paid so far, and since when it is approved. */
  record(address: Address): Promise<TrainerRecord>
  /** Publishes a profile and applies for approval, at no gas of the trainer's own. */
  apply(profile: Omit<ProfileDocument, 'version'>): Promise<Relayed>
}

export function createTrainers(context: Context): Trainers {
  const get = (address: Address) => context.call<TrainerResource>(`/v1/trainers/${address}`)
  return {
    list: ({ status } = {}) => allPages(context, '/v1/trainers', { status }),
    get,
    record: (address) => context.call<TrainerRecord>(`/v1/trainers/${address}/record`),
    async apply(about) {
      const { deployment } = await context.network()
      const trainer = await context.account()
      const profile: ProfileDocument = { version: 'granary/profile/v1', ...about }
      const application: MessageOf<'TrainerApplication'> = {
        trainer,
        profile: (await documentDigest(profile)).digest,
        deadline: BigInt(now() + MESSAGE_LIFETIME),
      }
      const signature = await signMessage(context.signer(), 'TrainerApplication', application, deployment)
      const body = {
        application: messageToJson('TrainerApplication', application),
        signature,
        profile,
      } as TrainerBody
      const answer = await context.callSigned<RelayedResource>('/v1/trainers', {
        method: 'POST',
        body,
        idempotent: true,
      })
      const relayed = await waitForRelay(context, answer.relay)
      await until('the application in the list', async () =>
        (await get(trainer)).status === 'none' ? undefined : true,
      )
      return relayed
    },
  }
}
