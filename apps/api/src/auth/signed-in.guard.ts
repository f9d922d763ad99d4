import { type CanActivate, createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { RateLimits } from '../http/rate-limit.js'
import { AuthService, type Session } from './auth.service.js'

type Signed = FastifyRequest & { session?: Session }

/** Lets through who is signed in and has not asked too often. */
@Injectable()
export class SignedIn implements CanActivate {
  constructor(
    private readonly auth: AuthService,
    private readonly limits: RateLimits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp()
    const request = http.getRequest<Signed>()
    request.session = await this.auth.require(request.headers, request.method)
    await this.limits.countAccount(request, http.getResponse<FastifyReply>(), request.session.address)
    return true
  }
}

/** The session of a route guarded by SignedIn. */
export const CurrentSession = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<Signed>().session,
)
