import { type DestinationStream, type Logger, pino } from 'pino'
import { currentRequest } from './request.js'

export interface LogOptions {
  /** Which program it is: `api`, `custodian`, `cli`. */
  service: string
  level: string
  /** Where the lines go; default stdout. */
  to?: DestinationStream
}

/** What could hold a secret and is never written, should an object that has it ever be logged. */
const SECRETS = [
  'authorization',
  'cookie',
  'token',
  'signature',
  'privateKey',
  'passphrase',
  'secret',
  'headers.authorization',
  'headers.cookie',
]

/** JSON lines: time, level, service, the id of the request that is worked on, and what is logged. */
export function createLogger({ service, level, to }: LogOptions): Logger {
  const options = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`]), censor: '[secret]' },
    mixin: () => {
      const request = currentRequest()
      return request ? { id: request.id } : {}
    },
  }
  return to ? pino(options, to) : pino(options)
}
