import { bytes32Schema, erasureSchema, storageSchema } from '@granary/protocol'
import { Controller, Get, HttpCode, Param, Post, UseGuards } from '@nestjs/common'
import { ApiResponse, ApiTags } from '@nestjs/swagger'
import type { Session } from '../auth/auth.service.js'
import { CurrentSession, SignedIn } from '../auth/signed-in.guard.js'
import { StorageService } from './storage.service.js'

@ApiTags('datasets')
@Controller('v1/datasets/:id')
export class StorageController {
  constructor(private readonly storage: StorageService) {}

  @Get('storage')
  @ApiResponse({ status: 200, standardSchema: storageSchema })
  show(@Param('id', { schema: bytes32Schema }) id: string) {
    return this.storage.show(id)
  }

  @Post('erasure')
  @HttpCode(202)
  @UseGuards(SignedIn)
  @ApiResponse({ status: 202, standardSchema: erasureSchema })
  erase(@CurrentSession() session: Session, @Param('id', { schema: bytes32Schema }) id: string) {
    return this.storage.erase(session, id)
  }
}
