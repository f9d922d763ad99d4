import {
  type PasskeyFile,
  passkeyBackupSchema,
  passkeyBackupsSchema,
  passkeyFileSchema,
} from '@granary/protocol'
import { Body, Controller, Delete, Get, HttpCode, Param, Post, UseGuards } from '@nestjs/common'
import { ApiResponse, ApiTags } from '@nestjs/swagger'
import { z } from 'zod'
import type { Session } from '../auth/auth.service.js'
import { CurrentSession, SignedIn } from '../auth/signed-in.guard.js'
import { PasskeyBackupsService } from './passkey-backups.service.js'

@ApiTags('auth')
@Controller('v1/passkey-backups')
@UseGuards(SignedIn)
export class PasskeyBackupsController {
  constructor(private readonly backups: PasskeyBackupsService) {}

  @Get()
  @ApiResponse({ status: 200, standardSchema: passkeyBackupsSchema })
  list(@CurrentSession() session: Session) {
    return this.backups.list(session)
  }

  @Post()
  @ApiResponse({ status: 201, standardSchema: passkeyBackupSchema })
  keep(@CurrentSession() session: Session, @Body({ schema: passkeyFileSchema }) file: PasskeyFile) {
    return this.backups.keep(session, file)
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiResponse({ status: 204, description: 'The copy is deleted.' })
  remove(@CurrentSession() session: Session, @Param('id', { schema: z.uuid() }) id: string) {
    return this.backups.remove(session, id)
  }
}
