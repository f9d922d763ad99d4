import type { LoggerService } from '@nestjs/common'
import type { Logger } from 'pino'

/** Nest's log lines through pino: one JSON object a line. */
export class PinoLogger implements LoggerService {
  constructor(private readonly pino: Logger) {}

  log(message: unknown, context?: string): void {
    // Nest tells of every route and module at start; that is for whoever debugs it.
    const level = ['InstanceLoader', 'RouterExplorer', 'RoutesResolver', 'NestFactory'].includes(
      context ?? '',
    )
    this.pino[level ? 'trace' : 'info']({ context }, String(message))
  }

  warn(message: unknown, context?: string): void {
    this.pino.warn({ context }, String(message))
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.pino.error({ context: rest.at(-1) }, String(message))
  }

  debug(message: unknown, context?: string): void {
    this.pino.debug({ context }, String(message))
  }

  verbose(message: unknown, context?: string): void {
    this.pino.trace({ context }, String(message))
  }
}
