import { GranaryError } from '@granary/protocol'
import { StandardSchemaValidationPipe } from '@nestjs/common'

const MOST = 20

/** Judges every body, query and parameter that names a schema; all faults are told together, at most twenty. */
export const validation = new StandardSchemaValidationPipe({
  exceptionFactory: (issues) =>
    new GranaryError('VALIDATION_FAILED', {
      errors: issues.slice(0, MOST).map((issue) => ({
        path: (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.'),
        message: issue.message,
      })),
    }),
})
