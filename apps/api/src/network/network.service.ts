import type { NetworkResource } from '@granary/protocol'
import { Inject, Injectable } from '@nestjs/common'
import { CONFIG } from '../app.tokens.js'
import { asUnavailable } from '../chain/chain.errors.js'
import { Chain } from '../chain/chain.js'
import { CommitteeService } from '../chain/committee.service.js'
import { FeedService } from '../chain/feed.service.js'
import type { Config } from '../config.js'
import { MembersService } from '../governance/members.service.js'
import { PublicUrl } from '../http/public-url.js'

/** A chain that did not answer for so long is not asked again for what is known. */
const UNANSWERED_SECONDS = 5

type Facts = Pick<NetworkResource, 'committee' | 'token'>

/** What runs where, for display. */
@Injectable()
export class NetworkService {
  private known: Facts | null = null

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly chain: Chain,
    private readonly committee: CommitteeService,
    private readonly feed: FeedService,
    private readonly publicUrl: PublicUrl,
    private readonly governance: MembersService,
  ) {}

  async get(): Promise<NetworkResource> {
    const { behind, unread } = this.feed.age
    const { committee, token } = await this.facts(unread)
    return {
      chainId: this.chain.deployment.chainId,
      development: this.config.DEVELOPMENT,
      deployment: this.chain.deployment,
      rpcUrl: this.config.PUBLIC_RPC_URL ?? null,
      committee,
      gateways: [this.publicUrl.origin],
      relayer: this.chain.relayer,
      head: { ...this.feed.progress, behindSeconds: rounded(behind), unreadSeconds: rounded(unread) },
      dao: await this.governance.settings(),
      token,
    }
  }

  /** The page has to be able to say that the chain does not answer: then this is what was read last. */
  private async facts(unread: number | null): Promise<Facts> {
    if (this.known && unread !== null && unread > UNANSWERED_SECONDS) return this.known
    const read = async () => {
      const committee = await this.committee.current()
      return { committee, token: await this.chain.tokenFacts() }
    }
    this.known = await read().catch((error) => this.known ?? asUnavailable(error))
    return this.known
  }
}

const rounded = (seconds: number | null) => (seconds === null ? null : Math.round(seconds))
