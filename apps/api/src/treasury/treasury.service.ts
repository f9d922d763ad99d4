import {
  GranaryError,
  type Hex,
  type PageQuery,
  type TreasuryMovement,
  type TreasuryMovementsPage,
  type TreasuryResource,
} from '@granary/protocol'
import { Injectable } from '@nestjs/common'
import { asUnavailable } from '../chain/chain.errors.js'
import { Chain } from '../chain/chain.js'
import { FeedService } from '../chain/feed.service.js'
import { onChain } from '../datasets/dataset.presenter.js'
import { MembersService } from '../governance/members.service.js'
import { decodeCursor, encodeCursor, POSITION, toPage } from '../http/page.js'
import { type MovementRow, TreasuryRepository } from './treasury.repository.js'

/** The account that the treasury's part of each use goes to. Public: all of it is on chain. */
@Injectable()
export class TreasuryService {
  constructor(
    private readonly repository: TreasuryRepository,
    private readonly members: MembersService,
    private readonly chain: Chain,
    private readonly feed: FeedService,
  ) {}

  /** @throws GranaryError CHAIN_UNAVAILABLE */
  async get(): Promise<TreasuryResource> {
    const { account, ofTimelock } = await this.account()
    const balance: bigint = await this.chain.token
      .getFunction('balanceOf')
      .staticCall(account)
      .catch(asUnavailable)
    const earned = await this.repository.earned(account, this.feed.clock)
    const claimed = await this.repository.claimed(account)
    return {
      account,
      ofTimelock,
      balance: balance.toString(),
      earned: earned.toString(),
      claimed: claimed.toString(),
      claimable: (earned > claimed ? earned - claimed : 0n).toString(),
    }
  }

  /** Newest first. @throws GranaryError CHAIN_UNAVAILABLE before the chain was read, CURSOR_INVALID */
  async movements({ cursor, limit }: PageQuery): Promise<TreasuryMovementsPage> {
    const { account, ofTimelock } = await this.account()
    const place = decodeCursor(cursor, POSITION, /^[0-9]{1,4}$/)
    const before = place ? { position: BigInt(`${place[0]}`), place: Number(place[1]) } : null
    const token = ofTimelock ? this.chain.deployment.token : null
    const rows = await this.repository.movements(account, token, before, limit + 1)
    return toPage(
      rows,
      limit,
      (row) => encodeCursor(row.position, row.place),
      (row) => this.present(row),
    )
  }

  private async account(): Promise<{ account: Hex; ofTimelock: boolean }> {
    const { treasury } = await this.members.settings()
    if (treasury === null) throw new GranaryError('CHAIN_UNAVAILABLE')
    return { account: treasury, ofTimelock: treasury === this.chain.deployment.timelock }
  }

  private present(row: MovementRow): TreasuryMovement {
    const { kind, amount, settlement, proposal, call } = row
    const place = { ...onChain(row), kind, settlement, proposal: proposal as Hex | null }
    if (call === null) return { ...place, amount: amount ?? '0', to: null }
    const [to, paid] = this.chain.token.interface.decodeFunctionData('transfer', call)
    return { ...place, amount: String(paid), to: to as Hex }
  }
}
