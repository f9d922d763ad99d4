import { GranaryError } from '@granary/protocol'
import { Controller, Get, Inject, Res } from '@nestjs/common'
import { ApiResponse, ApiTags } from '@nestjs/swagger'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { BLOB_STORE } from '../app.tokens.js'
import { Chain } from '../chain/chain.js'
import type { BlobStore } from '../storage/blob-store.port.js'
import { MetricsService } from './metrics.service.js'
import { OperationsRepository } from './operations.repository.js'

const statusSchema = z.object({ status: z.literal('ok') })

@ApiTags('operations')
@Controller()
export class OperationsController {
  constructor(
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    private readonly chain: Chain,
    private readonly repository: OperationsRepository,
    private readonly metrics: MetricsService,
  ) {}

  /** The process answers. */
  @Get('healthz')
  @ApiResponse({ status: 200, standardSchema: statusSchema })
  health() {
    return { status: 'ok' }
  }

  /** Everything it needs answers, too. */
  @Get('readyz')
  @ApiResponse({ status: 200, standardSchema: statusSchema })
  async ready() {
    await this.repository.check().catch(fail('DATABASE_UNAVAILABLE'))
    await this.chain.height().catch(fail('CHAIN_UNAVAILABLE'))
    await this.blobs.check().catch(fail('STORAGE_UNAVAILABLE'))
    return { status: 'ok' }
  }

  @Get('metrics')
  @ApiResponse({ status: 200, content: { 'text/plain': { schema: { type: 'string' } } } })
  async scrape(@Res() reply: FastifyReply) {
    return reply.type(this.metrics.registry.contentType).send(await this.metrics.registry.metrics())
  }
}

function fail(code: ConstructorParameters<typeof GranaryError>[0]) {
  return (cause: unknown) => {
    throw new GranaryError(code, undefined, { cause })
  }
}
