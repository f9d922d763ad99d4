import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { CliError } from './output.js'

/** An empty variable counts as one that is not set. */
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema)

const schema = z.object({
  GRANARY_API: optional(z.url({ protocol: /^https?$/ }).default('http://localhost:4280')),
  GRANARY_PRIVATE_KEY: optional(
    z
      .string()
      .regex(/^0x[0-9a-fA-F]{64}$/, 'must be 0x and 64 hex digits')
      .optional(),
  ),
  GRANARY_RPC: optional(z.url({ protocol: /^https?$/ }).optional()),
  GRANARY_HOME: optional(z.string().default(join(homedir(), '.config', 'granary'))),
})

/** What the command reads from its environment. */
export interface Environment {
  /** base URL of the API, without a trailing slash */
  api: string
  /** the wallet that signs, 0x hex; most commands need one */
  privateKey: string | undefined
  /** a chain endpoint to use in place of the one that the API names */
  rpc: string | undefined
  /** folder of the command's own secrets and spool */
  home: string
}

/**
 * The only reader of `process.env` in this program. Reports all faults together, never a value (one of them is a key).
 * @throws CliError ENVIRONMENT_INVALID
 */
export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  const read = schema.safeParse(env)
  if (!read.success) {
    const faults = read.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`)
    throw new CliError('ENVIRONMENT_INVALID', faults.join('; '))
  }
  const { GRANARY_API, GRANARY_PRIVATE_KEY, GRANARY_RPC, GRANARY_HOME } = read.data
  return {
    api: GRANARY_API.replace(/\/+$/, ''),
    privateKey: GRANARY_PRIVATE_KEY,
    rpc: GRANARY_RPC,
    home: GRANARY_HOME,
  }
}
