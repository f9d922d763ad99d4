import {
  type DelegationBody,
  type DelegatorsPage,
  delegationTypedData,
  GranaryError,
  type Hex,
  type PageQuery,
  type RelayedResource,
} from '@granary/protocol'
import { Injectable } from '@nestjs/common'
import { TypedDataEncoder, verifyTypedData } from 'ethers'
import type { Session } from '../auth/auth.service.js'
import { asUnavailable } from '../chain/chain.errors.js'
import { Chain } from '../chain/chain.js'
import { decodeCursor, encodeCursor, toPage } from '../http/page.js'
import { RelaysService } from '../relays/relays.service.js'
import { GovernanceRepository } from './governance.repository.js'

/** Seconds that a delegation must still be good for when it comes. */
const LEAST_SECONDS = 5n

/** Whom an account's votes go to. */
@Injectable()
export class DelegationsService {
  constructor(
    private readonly repository: GovernanceRepository,
    private readonly relays: RelaysService,
    private readonly chain: Chain,
  ) {}

  /**
   * A key's account only: GrainToken asks no contract wallet, which delegates by a transaction of its own.
   *
   * @throws GranaryError ADDRESS_MISMATCH, MESSAGE_EXPIRED, SIGNATURE_INVALID, DELEGATION_USED, CHAIN_UNAVAILABLE and
   *   what relays refuse
   */
  async delegate(
    session: Session,
    address: Hex,
    { delegation, signature }: DelegationBody,
  ): Promise<RelayedResource> {
    if (session.address !== address) throw new GranaryError('ADDRESS_MISMATCH')
    const terms = {
      delegatee: delegation.delegatee as Hex,
      nonce: BigInt(delegation.nonce),
      expiry: BigInt(delegation.expiry),
    }
    if (terms.expiry < BigInt(Math.floor(Date.now() / 1000)) + LEAST_SECONDS)
      throw new GranaryError('MESSAGE_EXPIRED')
    const { domain, types, message } = delegationTypedData(terms, this.chain.deployment)
    if (signerOf(domain, types, message, signature) !== address)
      throw new GranaryError('SIGNATURE_INVALID', { account: address })
    const key = `${address} ${TypedDataEncoder.hash(domain, types, message)}`
    const payload = { delegation, signature }
    if (!(await this.relays.known('delegation', key))) {
      const nonce: bigint = await this.chain.grain
        .getFunction('nonces')
        .staticCall(address)
        .catch(asUnavailable)
      if (nonce !== terms.nonce) throw new GranaryError('DELEGATION_USED')
      await this.relays.judge('delegation', payload)
    }
    return { relay: await this.relays.enqueue('delegation', key, session.address, payload) }
  }

  /** By address. */
  async delegators(address: Hex, { cursor, limit }: PageQuery): Promise<DelegatorsPage> {
    const [after = ''] = decodeCursor(cursor, /^0x[0-9a-fA-F]{40}$/) ?? []
    const rows = await this.repository.delegators(address, after, limit + 1)
    return toPage(
      rows,
      limit,
      (row) => encodeCursor(row.account),
      (row) => ({ address: row.account as Hex, grain: row.grain.toFixed(0) }),
    )
  }
}

function signerOf(...given: Parameters<typeof verifyTypedData>): string | null {
  try {
    return verifyTypedData(...given)
  } catch {
    return null
  }
}
