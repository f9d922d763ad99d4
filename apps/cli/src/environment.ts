import { homedir } from 'node:os'
import { join } from 'node:path'
import { outgoingAllowSchema } from '@granary/protocol/node'
import { z } from 'zod'
import { CliError } from './output.js'

/** Private keys are numbers from 1 to one less than this. */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const URL_ERROR = 'must be a URL that begins with http:// or https://'

/** An empty variable counts as one that is not set. */
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema)

const inRange = (key: bigint) => key > 0n && key < ORDER

const schema = z.object({
  GRANARY_API: optional(z.url({ protocol: /^https?$/, error: URL_ERROR }).default('http://localhost:4280')),
  GRANARY_PRIVATE_KEY: optional(
    z
      .string()
      .regex(/^0x[0-9a-fA-F]{64}$/, { error: 'must be 0x and 64 hex digits', abort: true })
      .refine((key) => inRange(BigInt(key)), 'is no private key')
      .optional(),
  ),
  GRANARY_RPC: optional(z.url({ protocol: /^https?$/, error: URL_ERROR }).optional()),
  GRANARY_DEPLOYMENT: optional(z.string().optional()),
  GRANARY_HOME: optional(z.string().default(join(homedir(), '.config', 'granary'))),
  GRANARY_LOG_LEVEL: optional(
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('silent'),
  ),
  OUTGOING_ALLOW: optional(outgoingAllowSchema.optional()),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(z.url({ protocol: /^https?$/, error: URL_ERROR }).optional()),
  DATABASE_URL: optional(
    z
      .url({ protocol: /^postgres(ql)?$/, error: 'must be a URL such as postgresql://user@host/name' })
      .optional(),
  ),
})

/** What the command reads from its environment. */
export interface Environment {
  /** base URL of the API, without a trailing slash */
  api: string
  /** the wallet that signs, 0x hex; most commands need one */
  privateKey: string | undefined
  /** a chain endpoint to use in place of the one that the API names */
  rpc: string | undefined
  /** path of the deployment file to trust; may be missing only for a network on this machine */
  deployment: string | undefined
  /** folder of the command's own secrets and spool */
  home: string
  /** what of its calls it tells on stderr, as JSON lines */
  logLevel: string
  /** what API and chain may name beside public addresses; undefined = this machine, where the API is on it */
  outgoingAllow: string[] | undefined
  /** where traces go, if anywhere */
  otlpEndpoint: string | undefined
  /** the API's database, for `granary migrate` alone */
  databaseUrl: string | undefined
}

/**
 * Reads the environment; nothing outside this file looks at `process.env`. Reports all faults together, never a value (one of them is a key).
 * @throws CliError ENVIRONMENT_INVALID
 */
export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  const read = schema.safeParse(env)
  if (!read.success) {
    const faults = read.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`)
    throw new CliError('ENVIRONMENT_INVALID', faults.join('; '))
  }
  const { GRANARY_API, GRANARY_PRIVATE_KEY, GRANARY_RPC, GRANARY_DEPLOYMENT, GRANARY_HOME, ...more } =
    read.data
  return {
    api: GRANARY_API.replace(/\/+$/, ''),
    privateKey: GRANARY_PRIVATE_KEY,
    rpc: GRANARY_RPC,
    deployment: GRANARY_DEPLOYMENT,
    home: GRANARY_HOME,
    logLevel: more.GRANARY_LOG_LEVEL,
    outgoingAllow: more.OUTGOING_ALLOW,
    otlpEndpoint: more.OTEL_EXPORTER_OTLP_ENDPOINT,
    databaseUrl: more.DATABASE_URL,
  }
}

/** The environment of an installation's API, for a program of its own; the key of whoever calls stays here. */
export function installationEnvironment(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const { GRANARY_PRIVATE_KEY: _, ...rest } = env
  return Object.fromEntries(Object.entries(rest).filter((entry): entry is [string, string] => !!entry[1]))
}

const PASSED_ON =
  /^(PATH|HOME|USER|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|LOG_LEVEL|OTEL_[A-Z_]+|SHUTDOWN_(?:DELAY_)?SECONDS|READY_FEED_SECONDS|RELAY_\w+|STORAGE_\w+|NO_COLOR|NODE_EXTRA_CA_CERTS|GRANARY_TEST_\w+)$/

/**
 * What the programs of the embedded network inherit: the system's variables, limits, second storage locations, and the marks of a test run.
 * Nothing else, so that a DATABASE_URL or a private key that happens to be set in somebody's shell does not end up in
 * them.
 */
export function inheritedEnvironment(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] => PASSED_ON.test(entry[0]) && entry[1] !== undefined,
    ),
  )
}
