import { statisticsQuerySchema, statisticsSchema } from '@granary/protocol'
import { Controller, Get, Query } from '@nestjs/common'
import { ApiResponse, ApiTags } from '@nestjs/swagger'
import type { z } from 'zod'
import { StatisticsService } from './statistics.service.js'

@ApiTags('network')
@Controller('v1/statistics')
export class StatisticsController {
  constructor(private readonly statistics: StatisticsService) {}

  @Get()
  @ApiResponse({ status: 200, standardSchema: statisticsSchema })
  get(@Query({ schema: statisticsQuerySchema }) query: z.output<typeof statisticsQuerySchema>) {
    return this.statistics.get(query)
  }
}
