import {
  type PageQuery,
  pageQuerySchema,
  settlementNumberSchema,
  takenSettlementSchema,
  takenSettlementsPageSchema,
} from '@granary/protocol'
import { Controller, Get, Param, Query } from '@nestjs/common'
import { ApiResponse, ApiTags } from '@nestjs/swagger'
import { SettlementsService } from './settlements.service.js'

@ApiTags('rewards')
@Controller('v1/settlements')
export class SettlementsController {
  constructor(private readonly settlements: SettlementsService) {}

  @Get()
  @ApiResponse({ status: 200, standardSchema: takenSettlementsPageSchema })
  list(@Query({ schema: pageQuerySchema }) query: PageQuery) {
    return this.settlements.list(query)
  }

  @Get(':number')
  @ApiResponse({ status: 200, standardSchema: takenSettlementSchema })
  get(@Param('number', { schema: settlementNumberSchema }) number: number) {
    return this.settlements.get(number)
  }
}
