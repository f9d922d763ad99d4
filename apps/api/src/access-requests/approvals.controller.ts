import { answersPageSchema, answersQuerySchema, inboxPageSchema, inboxQuerySchema } from '@granary/protocol'
import { Controller, Get, Query } from '@nestjs/common'
import { ApiResponse, ApiTags } from '@nestjs/swagger'
import type { z } from 'zod'
import { InboxService } from './inbox.service.js'

@ApiTags('access-requests')
@Controller('v1/approvals')
export class ApprovalsController {
  constructor(private readonly inbox: InboxService) {}

  @Get()
  @ApiResponse({ status: 200, standardSchema: inboxPageSchema })
  list(@Query({ schema: inboxQuerySchema }) query: z.output<typeof inboxQuerySchema>) {
    return this.inbox.list(query)
  }

  @Get('history')
  @ApiResponse({ status: 200, standardSchema: answersPageSchema })
  history(@Query({ schema: answersQuerySchema }) query: z.output<typeof answersQuerySchema>) {
    return this.inbox.history(query)
  }
}
