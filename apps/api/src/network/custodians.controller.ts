import { custodiansSchema } from '@granary/protocol'
import { Controller, Get } from '@nestjs/common'
import { ApiResponse, ApiTags } from '@nestjs/swagger'
import { CustodiansService } from './custodians.service.js'

@ApiTags('network')
@Controller('v1/custodians')
export class CustodiansController {
  constructor(private readonly custodians: CustodiansService) {}

  @Get()
  @ApiResponse({ status: 200, standardSchema: custodiansSchema })
  get() {
    return this.custodians.get()
  }
}
