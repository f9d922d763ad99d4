// What somebody sends to be relayed: each message as JSON with a signature that holds, whoever may then send it or not.
import {
  type Address,
  documentDigest,
  type Hex,
  type MessageName,
  type MessageOf,
  manifestRoot,
  messageToJson,
  purposesToBits,
  signMessage,
} from '@granary/protocol'
import { recipientToBytes } from '@granary/sealing'
import { hexlify, parseEther, randomBytes, type Wallet } from 'ethers'
import { call, inSeconds } from './rest.js'
import type { World } from './world.js'

/** Whoever has an account and may sign. */
export interface Person {
  address: Address
  wallet: Pick<Wallet, 'address' | 'signMessage' | 'signTypedData'>
}

/** A deadline ten minutes ahead. */
export const soon = () => BigInt(inSeconds(600))

/**
 * @param of `request`: what approvals answer; `token`: the session of a trainer, to whom a manifest is proposed;
 *   `recipient`: for whom files would be sealed
 */
export function signedBodies(of: {
  world: World
  pool: number
  request: Hex
  token: string
  recipient: string
}) {
  const { world, pool, request, token } = of

  /** A message as JSON under its field's name, with the signature. */
  async function signed<N extends MessageName>(by: Person, field: string, name: N, message: MessageOf<N>) {
    const signature = await signMessage(by.wallet, name, message, world.deployment)
    return { [field]: messageToJson(name, message), signature }
  }

  const update = (by: Person, dataset: Hex) =>
    signed(by, 'update', 'ConsentUpdate', {
      dataset,
      purposes: purposesToBits(['evaluation']),
      expires: 0,
      ask: true,
      issued: inSeconds(-1),
      deadline: soon(),
    })

  const withdrawal = async (by: Person, content: Hex) =>
    signed(by, 'withdrawal', 'Withdrawal', { owner: by.address, content })

  const approval = (by: Person, dataset: Hex) =>
    signed(by, 'approval', 'Approval', { request, dataset, granted: true, deadline: soon() })

  async function application(by: Person) {
    const profile = {
      version: 'granary/profile/v1' as const,
      name: 'Somebody',
      description: 'Trains.',
    }
    const { digest } = await documentDigest(profile)
    return {
      ...(await signed(by, 'application', 'TrainerApplication', {
        trainer: by.address,
        profile: digest,
        deadline: soon(),
      })),
      profile,
    }
  }

  async function accessRequest(by: Person) {
    const body = { pool, purposes: ['evaluation'] }
    const { body: proposal } = await call(world, 'POST', '/v1/access-requests/manifests', {
      token: token,
      body,
    })
    const { document, digest, count } = proposal
    const message: MessageOf<'AccessRequest'> = {
      trainer: by.address,
      pool,
      purposes: purposesToBits(['evaluation']),
      manifestRoot: manifestRoot(document.datasets),
      manifestDocument: digest,
      count,
      recipient: hexlify(recipientToBytes(of.recipient)) as Hex,
      maxTotalPrice: parseEther('100'),
      expires: inSeconds(3600),
      salt: hexlify(randomBytes(32)) as Hex,
      deadline: soon(),
    }
    return { ...(await signed(by, 'request', 'AccessRequest', message)), permit: null }
  }

  return { signed, update, withdrawal, approval, application, accessRequest }
}
