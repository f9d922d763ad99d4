import { type PageQuery, pageQuerySchema, pageSchema, poolSchema } from '@granary/protocol'
import { Controller, Get, Param, Query } from '@nestjs/common'
import { ApiResponse, ApiTags } from '@nestjs/swagger'
import { z } from 'zod'
import { PoolsService } from './pools.service.js'

@ApiTags('pools')
@Controller('v1/pools')
export class PoolsController {
  constructor(private readonly pools: PoolsService) {}

  @Get()
  @ApiResponse({ status: 200, standardSchema: pageSchema(poolSchema) })
  list(@Query({ schema: pageQuerySchema }) query: PageQuery) {
    return this.pools.list(query)
  }

  @Get(':id')
  @ApiResponse({ status: 200, standardSchema: poolSchema })
  get(@Param('id', { schema: z.coerce.number().int().min(1).max(65_535) }) id: number) {
    return this.pools.get(id)
  }
}
