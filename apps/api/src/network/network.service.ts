import type { NetworkResource } from '@granary/protocol'
import { Inject, Injectable } from '@nestjs/common'
import { CONFIG } from '../app.tokens.js'
import { Chain } from '../chain/chain.js'
import { CommitteeService } from '../chain/committee.service.js'
import { FeedService } from '../chain/feed.service.js'
import type { Config } from '../config.js'
import { MembersService } from '../governance/members.service.js'
import { PublicUrl } from '../http/public-url.js'

/** What runs where, for display. */
@Injectable()
export class NetworkService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly chain: Chain,
    private readonly committee: CommitteeService,
    private readonly feed: FeedService,
    private readonly publicUrl: PublicUrl,
    private readonly governance: MembersService,
  ) {}

  async get(): Promise<NetworkResource> {
    return {
      chainId: this.chain.deployment.chainId,
      development: this.config.DEVELOPMENT,
      deployment: this.chain.deployment,
      rpcUrl: this.config.PUBLIC_RPC_URL ?? null,
      committee: await this.committee.current(),
      gateways: [this.publicUrl.origin],
      relayer: this.chain.relayer,
      head: this.feed.progress,
      dao: await this.governance.settings(),
      token: await this.chain.tokenFacts(),
    }
  }
}
