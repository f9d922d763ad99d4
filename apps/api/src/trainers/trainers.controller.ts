import {
  addressSchema,
  type Hex,
  relayedSchema,
  trainerBodySchema,
  trainerRecordSchema,
  trainerSchema,
  trainersPageSchema,
  trainersQuerySchema,
} from '@granary/protocol'
import { Body, Controller, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common'
import { ApiResponse, ApiTags } from '@nestjs/swagger'
import type { z } from 'zod'
import type { Session } from '../auth/auth.service.js'
import { CurrentSession, SignedIn } from '../auth/signed-in.guard.js'
import { TrainersService } from './trainers.service.js'

@ApiTags('trainers')
@Controller('v1/trainers')
export class TrainersController {
  constructor(private readonly trainers: TrainersService) {}

  @Post()
  @HttpCode(202)
  @UseGuards(SignedIn)
  @ApiResponse({ status: 202, standardSchema: relayedSchema })
  apply(
    @CurrentSession() session: Session,
    @Body({ schema: trainerBodySchema }) body: z.output<typeof trainerBodySchema>,
  ) {
    return this.trainers.apply(session, body)
  }

  @Get()
  @ApiResponse({ status: 200, standardSchema: trainersPageSchema })
  list(@Query({ schema: trainersQuerySchema }) query: z.output<typeof trainersQuerySchema>) {
    return this.trainers.list(query)
  }

  @Get(':address')
  @ApiResponse({ status: 200, standardSchema: trainerSchema })
  get(@Param('address', { schema: addressSchema }) address: string) {
    return this.trainers.get(address)
  }

  @Get(':address/record')
  @ApiResponse({ status: 200, standardSchema: trainerRecordSchema })
  record(@Param('address', { schema: addressSchema }) address: Hex) {
    return this.trainers.record(address)
  }
}
