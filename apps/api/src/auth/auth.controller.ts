import {
  type NonceBody,
  newSessionSchema,
  nonceBodySchema,
  nonceSchema,
  type SessionBody,
  sessionBodySchema,
  sessionSchema,
} from '@granary/protocol'
import { Body, Controller, Delete, Get, HttpCode, Post, Req, Res, UseGuards } from '@nestjs/common'
import { ApiResponse, ApiTags } from '@nestjs/swagger'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { PublicUrl } from '../http/public-url.js'
import { AuthService, type Session } from './auth.service.js'
import { CurrentSession, SignedIn } from './signed-in.guard.js'
import { COOKIE } from './token.js'

@ApiTags('auth')
@Controller('v1/auth')
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly publicUrl: PublicUrl,
  ) {}

  @Post('nonce')
  @HttpCode(200)
  @ApiResponse({ status: 200, standardSchema: nonceSchema })
  nonce(@Body({ schema: nonceBodySchema }) body: NonceBody) {
    return this.auth.nonce(body)
  }

  @Post('session')
  @ApiResponse({ status: 201, standardSchema: newSessionSchema })
  async signIn(
    @Body({ schema: sessionBodySchema }) body: SessionBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { token, address, expiresAt } = await this.auth.signIn(
      body.message,
      body.signature,
      request.headers,
    )
    reply.header('set-cookie', this.cookie(token, Math.floor((expiresAt.getTime() - Date.now()) / 1000)))
    return { token, address, expiresAt: expiresAt.toISOString() }
  }

  @Get('session')
  @UseGuards(SignedIn)
  @ApiResponse({ status: 200, standardSchema: sessionSchema })
  session(@CurrentSession() session: Session) {
    return { address: session.address, expiresAt: session.expiresAt.toISOString() }
  }

  @Delete('session')
  @HttpCode(204)
  @ApiResponse({ status: 204, description: 'The session has ended.' })
  @UseGuards(SignedIn)
  async signOut(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    await this.auth.signOut(request.headers)
    reply.header('set-cookie', this.cookie('', 0))
  }

  private cookie(token: string, seconds: number): string {
    const secure = this.publicUrl.origin.startsWith('https:') ? '; Secure' : ''
    return `${COOKIE}=${token}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`
  }
}
