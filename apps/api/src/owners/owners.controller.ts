import {
  addressSchema,
  earningsQuerySchema,
  earningsSchema,
  type Hex,
  ownedPageSchema,
  ownedQuerySchema,
  ownedUsesPageSchema,
  usesQuerySchema,
} from '@granary/protocol'
import { Controller, Get, Param, Query } from '@nestjs/common'
import { ApiResponse, ApiTags } from '@nestjs/swagger'
import type { z } from 'zod'
import { OwnersService } from './owners.service.js'

@ApiTags('datasets')
@Controller('v1/owners')
export class OwnersController {
  constructor(private readonly owners: OwnersService) {}

  @Get(':address/datasets')
  @ApiResponse({ status: 200, standardSchema: ownedPageSchema })
  datasets(
    @Param('address', { schema: addressSchema }) address: Hex,
    @Query({ schema: ownedQuerySchema }) query: z.output<typeof ownedQuerySchema>,
  ) {
    return this.owners.datasets(address, query)
  }

  @Get(':address/uses')
  @ApiResponse({ status: 200, standardSchema: ownedUsesPageSchema })
  uses(
    @Param('address', { schema: addressSchema }) address: Hex,
    @Query({ schema: usesQuerySchema }) query: z.output<typeof usesQuerySchema>,
  ) {
    return this.owners.uses(address, query)
  }

  @Get(':address/earnings')
  @ApiResponse({ status: 200, standardSchema: earningsSchema })
  earnings(
    @Param('address', { schema: addressSchema }) address: Hex,
    @Query({ schema: earningsQuerySchema }) query: z.output<typeof earningsQuerySchema>,
  ) {
    return this.owners.earnings(address, query)
  }
}
