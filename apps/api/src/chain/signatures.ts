import {
  type Address,
  checkSignature,
  GranaryError,
  type MessageName,
  type MessageOf,
  type SignedBy,
} from '@granary/protocol'
import { Injectable } from '@nestjs/common'
import type { Session } from '../auth/auth.service.js'
import { asUnavailable } from './chain.errors.js'
import { Chain } from './chain.js'

/** Seconds that a message must still be good for when it comes: it waits for its turn and for a block. */
const LEAST_SECONDS = 5n

/** The access check of everything that is signed: the session, the account in the message and the signer are one. */
@Injectable()
export class Signatures {
  constructor(private readonly chain: Chain) {}

  /**
   * By the contracts' rule: the account's key, else its code, asked at the newest block. Answers which it was, for the
   * relayer to know what gas it may take.
   *
   * @throws GranaryError ADDRESS_MISMATCH, MESSAGE_EXPIRED, SIGNATURE_INVALID, ACCOUNT_NOT_DEPLOYED, CHAIN_UNAVAILABLE
   */
  async check<N extends MessageName>(
    session: Session,
    name: N,
    message: MessageOf<N>,
    signature: string,
    account: Address | string,
  ): Promise<SignedBy> {
    if (session.address !== account) throw new GranaryError('ADDRESS_MISMATCH')
    const { deadline } = message as { deadline?: bigint }
    const now = BigInt(Math.floor(Date.now() / 1000))
    if (deadline !== undefined && deadline < now + LEAST_SECONDS) throw new GranaryError('MESSAGE_EXPIRED')
    const { deployment, provider } = this.chain
    return checkSignature({
      name,
      message,
      signature,
      account: account as Address,
      deployment,
      provider,
    }).catch(asUnavailable)
  }
}
