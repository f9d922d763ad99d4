import { Controller, Get, Res } from '@nestjs/common'
import { ApiResponse, ApiTags } from '@nestjs/swagger'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { MetricsService } from './metrics.service.js'
import { ReadinessService } from './readiness.service.js'

const statusSchema = z.object({ status: z.literal('ok') })

@ApiTags('operations')
@Controller()
export class OperationsController {
  constructor(
    private readonly readiness: ReadinessService,
    private readonly metrics: MetricsService,
  ) {}

  /** The process answers. */
  @Get('healthz')
  @ApiResponse({ status: 200, standardSchema: statusSchema })
  health() {
    return { status: 'ok' }
  }

  /** Everything it needs is there; what is not is named. */
  @Get('readyz')
  @ApiResponse({ status: 200, standardSchema: statusSchema })
  ready() {
    return this.readiness.check()
  }

  @Get('metrics')
  @ApiResponse({ status: 200, content: { 'text/plain': { schema: { type: 'string' } } } })
  async scrape(@Res() reply: FastifyReply) {
    return reply.type(this.metrics.registry.contentType).send(await this.metrics.registry.metrics())
  }
}
