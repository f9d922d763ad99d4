import type { NetworkResource } from '@granary/protocol'
import { Inject, Injectable } from '@nestjs/common'
import { CONFIG } from '../app.tokens.js'
import { Chain } from '../chain/chain.js'
import { CommitteeService } from '../chain/committee.service.js'
import { FeedService } from '../chain/feed.service.js'
import type { Config } from '../config.js'
import { PublicUrl } from '../http/public-url.js'

/** What runs where, for display. */
@Injectable()
export class NetworkService {
  private token: { symbol: string; decimals: number } | null = null

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly chain: Chain,
    private readonly committee: CommitteeService,
    private readonly feed: FeedService,
    private readonly publicUrl: PublicUrl,
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
      token: await this.tokenFacts(),
    }
  }

  private async tokenFacts(): Promise<{ symbol: string; decimals: number }> {
    this.token ??= {
      symbol: String(await this.chain.token.getFunction('symbol').staticCall()),
      decimals: Number(await this.chain.token.getFunction('decimals').staticCall()),
    }
    return this.token
  }
}
