import { networkSchema } from '@granary/protocol'
import { Controller, Get } from '@nestjs/common'
import { ApiResponse, ApiTags } from '@nestjs/swagger'
import { NetworkService } from './network.service.js'

@ApiTags('network')
@Controller('v1/network')
export class NetworkController {
  constructor(private readonly network: NetworkService) {}

  @Get()
  @ApiResponse({ status: 200, standardSchema: networkSchema })
  get() {
    return this.network.get()
  }
}
