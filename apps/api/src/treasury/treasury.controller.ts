import {
  type PageQuery,
  pageQuerySchema,
  treasuryMovementsPageSchema,
  treasurySchema,
} from '@granary/protocol'
import { Controller, Get, Query } from '@nestjs/common'
import { ApiResponse, ApiTags } from '@nestjs/swagger'
import { TreasuryService } from './treasury.service.js'

@ApiTags('governance')
@Controller('v1/treasury')
export class TreasuryController {
  constructor(private readonly treasury: TreasuryService) {}

  @Get()
  @ApiResponse({ status: 200, standardSchema: treasurySchema })
  get() {
    return this.treasury.get()
  }

  @Get('movements')
  @ApiResponse({ status: 200, standardSchema: treasuryMovementsPageSchema })
  movements(@Query({ schema: pageQuerySchema }) query: PageQuery) {
    return this.treasury.movements(query)
  }
}
