import { type CanActivate, createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common'
import type { FastifyRequest } from 'fastify'
import { AuthService, type Session } from './auth.service.js'

type Signed = FastifyRequest & { session?: Session }

/** Lets through who is signed in. */
@Injectable()
export class SignedIn implements CanActivate {
  constructor(private readonly auth: AuthService) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Signed>()
    request.session = await this.auth.require(request.headers, request.method)
    return true
  }
}

/** The session of a route guarded by SignedIn. */
export const CurrentSession = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<Signed>().session,
)
