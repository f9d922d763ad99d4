import { relaySchema } from '@granary/protocol'
import { Controller, Get, Param } from '@nestjs/common'
import { ApiResponse, ApiTags } from '@nestjs/swagger'
import { z } from 'zod'
import { RelaysService } from './relays.service.js'

@ApiTags('relays')
@Controller('v1/relays')
export class RelaysController {
  constructor(private readonly relays: RelaysService) {}

  @Get(':id')
  @ApiResponse({ status: 200, standardSchema: relaySchema })
  get(@Param('id', { schema: z.uuid() }) id: string) {
    return this.relays.get(id)
  }
}
