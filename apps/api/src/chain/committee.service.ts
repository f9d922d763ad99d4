import { type Address, GranaryError, type Hex, hexToBytes } from '@granary/protocol'
import { checkSharing } from '@granary/sealing/header'
import { Injectable } from '@nestjs/common'
import { Chain } from './chain.js'

/** An active epoch of the committee as it is on chain. */
export interface Committee {
  epoch: number
  threshold: number
  groupKey: Hex
  members: { index: number; account: Address; endpoint: string; recipient: string; verifyingShare: Hex }[]
}

interface EpochStruct {
  threshold: bigint
  groupKey: Hex
  members: { account: Address; endpoint: string; recipient: string }[]
  verifyingShares: Hex[]
}

/** The committee, read from the chain; an active epoch never changes and is kept. */
@Injectable()
export class CommitteeService {
  private kept: Committee | null = null

  constructor(private readonly chain: Chain) {}

  /** The current committee, or null before the first one is active. */
  async current(): Promise<Committee | null> {
    const epoch = Number(await this.chain.committee.getFunction('currentEpoch').staticCall())
    if (epoch === 0) return null
    if (this.kept?.epoch !== epoch) this.kept = await this.read(epoch)
    return this.kept
  }

  /** @throws GranaryError COMMITTEE_MISSING before the first one is active */
  async require(): Promise<Committee> {
    const committee = await this.current()
    if (!committee) throw new GranaryError('COMMITTEE_MISSING')
    return committee
  }

  private async read(epoch: number): Promise<Committee> {
    const found = (await this.chain.committee.getFunction('epoch').staticCall(epoch)) as EpochStruct
    const threshold = Number(found.threshold)
    checkSharing({
      groupKey: hexToBytes(found.groupKey),
      verifyingShares: [...found.verifyingShares].map((share) => hexToBytes(share)),
      threshold,
    })
    return {
      epoch,
      threshold,
      groupKey: found.groupKey,
      members: [...found.members].map(({ account, endpoint, recipient }, i) => ({
        index: i + 1,
        account,
        endpoint,
        recipient,
        verifyingShare: found.verifyingShares[i] as Hex,
      })),
    }
  }
}
