import { addressSchema, type Hex, relayedSchema, rewardsSchema } from '@granary/protocol'
import { Controller, Get, HttpCode, Param, Post, UseGuards } from '@nestjs/common'
import { ApiResponse, ApiTags } from '@nestjs/swagger'
import type { Session } from '../auth/auth.service.js'
import { CurrentSession, SignedIn } from '../auth/signed-in.guard.js'
import { RewardsService } from './rewards.service.js'

@ApiTags('rewards')
@Controller('v1/rewards')
export class RewardsController {
  constructor(private readonly rewards: RewardsService) {}

  @Get(':address')
  @ApiResponse({ status: 200, standardSchema: rewardsSchema })
  get(@Param('address', { schema: addressSchema }) address: Hex) {
    return this.rewards.get(address)
  }

  @Post(':address/claims')
  @HttpCode(202)
  @UseGuards(SignedIn)
  @ApiResponse({ status: 202, standardSchema: relayedSchema })
  claim(@CurrentSession() session: Session, @Param('address', { schema: addressSchema }) address: Hex) {
    return this.rewards.claim(session, address)
  }
}
