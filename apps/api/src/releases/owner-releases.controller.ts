import { custodianAnswersSchema, ownerReleaseProxyBodySchema } from '@granary/protocol'
import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common'
import { ApiResponse, ApiTags } from '@nestjs/swagger'
import type { z } from 'zod'
import { SignedIn } from '../auth/signed-in.guard.js'
import { ReleasesService } from './releases.service.js'

@ApiTags('releases')
@Controller('v1/owner-releases')
export class OwnerReleasesController {
  constructor(private readonly releases: ReleasesService) {}

  @Post()
  @HttpCode(200)
  @UseGuards(SignedIn)
  @ApiResponse({ status: 200, standardSchema: custodianAnswersSchema })
  forward(@Body({ schema: ownerReleaseProxyBodySchema }) body: z.output<typeof ownerReleaseProxyBodySchema>) {
    return this.releases.askAll('owner-releases', body)
  }
}
