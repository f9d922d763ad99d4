import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ConfigError } from '@granary/operation'
import {
  DEFAULT_FACET_DATASETS,
  DEFAULT_MAX_UPLOAD_BYTES,
  DEFAULT_PASSKEY_BACKUPS,
  DEFAULT_STORAGE_QUOTA_BYTES,
  DEFAULT_STORAGE_RESERVE_BYTES,
  DEFAULT_UNCONTRIBUTED_HOURS,
  DEFAULT_UPLOAD_HOURS,
  type Deployment,
  MAX_BATCH,
  parseDeployment,
} from '@granary/protocol'
import { outgoingAllowSchema, trustProxySchema } from '@granary/protocol/node'
import { z } from 'zod'
import { type LocationEntry, readLocations } from './storage/locations/location.entry.js'

const flag = z.enum(['0', '1']).transform((text) => text === '1')
const whole = (least: number, most = Number.MAX_SAFE_INTEGER) => z.coerce.number().int().min(least).max(most)
const httpUrl = z.url({ protocol: /^https?$/ })
const path = z.string().min(1)
const beside = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

/** Every variable the API reads, with its default. `.env.example` lists the same; a test compares them. */
export const variables = z.object({
  NODE_ENV: z.enum(['development', 'production']).default('development'),
  HOST: z.string().default('127.0.0.1'),
  PORT: whole(0, 65_535).default(4280),
  PUBLIC_URL: httpUrl.optional(),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  QUERY_PLANS: whole(0, 100_000).default(256),
  RPC_URL: httpUrl,
  RPC_URLS: z
    .string()
    .default('')
    .transform((text) => text.split(',').map((part) => part.trim()))
    .transform((parts) => parts.filter((part) => part !== ''))
    .pipe(z.array(httpUrl)),
  RPC_TIMEOUT_MS: whole(100, 120_000).default(10_000),
  PUBLIC_RPC_URL: httpUrl.optional(),
  DEPLOYMENT: path,
  BLOCKSTORE: z.enum(['embedded', 'kubo']).optional(),
  BLOCKSTORE_DIR: path.default('.granary/ipfs'),
  KUBO_URL: httpUrl.optional(),
  STORAGE_LOCATIONS: z.string().default(''),
  STORAGE_CHECK_INTERVAL_MS: whole(10, 3_600_000).default(10_000),
  STORAGE_CHECK_FILES: whole(1, 100_000).default(50),
  STORAGE_CHECK_BLOCKS: whole(1, 1_000).default(8),
  STORAGE_CHECK_PERIOD_SECONDS: whole(1, 31_536_000).default(604_800),
  STORAGE_RETRY_SECONDS: whole(1, 86_400).default(300),
  STORAGE_LOCATION_TIMEOUT_MS: whole(10, 600_000).default(15_000),
  STORAGE_LOCATION_ATTEMPTS: whole(1, 10).default(3),
  MAX_UPLOAD_BYTES: whole(1).default(DEFAULT_MAX_UPLOAD_BYTES),
  UPLOAD_QUOTA_BYTES: whole(1).default(4 * DEFAULT_MAX_UPLOAD_BYTES),
  STORAGE_QUOTA_BYTES: whole(1).default(DEFAULT_STORAGE_QUOTA_BYTES),
  STORAGE_RESERVE_BYTES: whole(0).default(DEFAULT_STORAGE_RESERVE_BYTES),
  UNCONTRIBUTED_HOURS: whole(1, 8_760).default(DEFAULT_UNCONTRIBUTED_HOURS),
  UPLOAD_HOURS: whole(1, 8_760).default(DEFAULT_UPLOAD_HOURS),
  RELAYER_PRIVATE_KEY: z
    .string()
    .regex(/^0x[0-9a-fA-F]{64}$/, '0x and 64 hex digits')
    .optional(),
  RELAYER_KEY_FILE: path.optional(),
  CONFIRMATIONS: whole(0, 10_000).optional(),
  RELAY_BATCH_SIZE: whole(1, MAX_BATCH).default(MAX_BATCH),
  RELAY_ACCOUNT_GAS_PER_DAY: whole(0).default(500_000_000),
  RELAY_GAS_PER_DAY: whole(0).default(100_000_000_000),
  RELAY_INTERVAL_MS: whole(10, 600_000).default(500),
  RELAY_BATCH_WAIT_MS: whole(0, 60_000).default(200),
  RELAY_IN_FLIGHT: whole(1, 16).default(4),
  RELAY_REPRICE_SECONDS: whole(1, 86_400).default(60),
  RELAY_MAX_GWEI: z.coerce.number().positive().default(500),
  PROPOSAL_GAS_LIMIT: whole(100_000, 30_000_000).default(3_000_000),
  FEED_INTERVAL_MS: whole(10, 600_000).default(500),
  FEED_RANGE_BLOCKS: whole(1, 100_000).default(2_000),
  FEED_VERIFIED_BLOCKS: whole(0).default(100_000),
  FEED_KEPT_BLOCKS: whole(1, 1_000_000).default(20_000),
  AUDIT_INTERVAL_MS: whole(100, 86_400_000).default(60_000),
  CHAIN_PATIENCE_SECONDS: whole(0, 3_600).default(15),
  LEASE_SECONDS: whole(1, 300).default(5),
  SESSION_HOURS: whole(1, 720).default(12),
  RATE_LIMIT_PER_MINUTE: whole(1).default(1200),
  ACCOUNT_RATE_LIMIT_PER_MINUTE: whole(1).default(1200),
  SIGN_IN_RATE_LIMIT_PER_MINUTE: whole(1).default(60),
  GATEWAY_RATE_LIMIT_PER_MINUTE: whole(1).default(12_000),
  RATE_LIMIT_KEYS: whole(1, 10_000_000).default(20_000),
  TRUST_PROXY: trustProxySchema.default(false),
  CONNECTIONS_PER_ADDRESS: whole(1).default(512),
  MAX_BODY_BYTES: whole(1_024, 67_108_864).default(1_048_576),
  MAX_JSON_DEPTH: whole(8, 1_000).default(16),
  MAX_HEADER_BYTES: whole(4_096, 1_048_576).default(16_384),
  MAX_URL_BYTES: whole(1_024, 1_048_576).default(4_096),
  MAX_QUERY_PARAMETERS: whole(8, 10_000).default(32),
  HEADERS_TIMEOUT_MS: whole(100, 600_000).default(30_000),
  BODY_TIMEOUT_MS: whole(100, 600_000).default(30_000),
  IDLE_TIMEOUT_MS: whole(1_000, 86_400_000).default(600_000),
  OUTGOING_ALLOW: outgoingAllowSchema.optional(),
  DOCUMENTS_MISSED: whole(0, 10_000_000).default(10_000),
  PASSKEY_BACKUPS: whole(0, 100).default(DEFAULT_PASSKEY_BACKUPS),
  FACET_DATASETS: whole(1, 10_000_000).default(DEFAULT_FACET_DATASETS),
  HEAP_GROWTH_PERCENT: whole(0, 1_000).default(50),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  WEB_DIR: path.default(beside('../../web/dist')),
  MIGRATIONS_DIR: path.default(beside('../../../prisma/migrations')),
  DEVELOPMENT: flag.default(false),
  API_MIGRATE: flag.default(true),
  READY_FEED_SECONDS: whole(1, 86_400).default(60),
  SHUTDOWN_DELAY_SECONDS: whole(0, 300).default(0),
  SHUTDOWN_SECONDS: whole(1, 3_600).default(30),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional(),
})
type Variables = z.infer<typeof variables>

/** What the environment says, checked and in its final form. `relayerKey` is a secret. */
export type Config = Omit<
  Variables,
  | 'RELAYER_PRIVATE_KEY'
  | 'RELAYER_KEY_FILE'
  | 'DEPLOYMENT'
  | 'BLOCKSTORE'
  | 'CONFIRMATIONS'
  | 'OUTGOING_ALLOW'
  | 'STORAGE_LOCATIONS'
> & {
  locations: LocationEntry[]
  BLOCKSTORE: 'embedded' | 'kubo'
  CONFIRMATIONS: number
  OUTGOING_ALLOW: string[]
  deployment: Deployment
  relayerKey: string
  /** The schema of the database that holds the tables; no variable: only a reindex builds them in another. */
  schema?: string
}

/**
 * The configuration from `env` (empty text counts as not set). The only place that reads the environment and the files
 * it names. Does not connect to anything.
 *
 * @throws ConfigError with every fault found
 */
export function loadConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = variables.safeParse(given)
  const faults = parsed.success ? [] : parsed.error.issues.map(faultText)
  const production = given.NODE_ENV === 'production'
  if (production && !given.BLOCKSTORE) faults.push('BLOCKSTORE: production wants it named: embedded or kubo')
  if (production && !given.CONFIRMATIONS) faults.push('CONFIRMATIONS: production wants a number')
  if (production && !given.PUBLIC_URL)
    faults.push('PUBLIC_URL: production wants it: signing in is bound to it')
  if (production && given.DEVELOPMENT === '1') faults.push('DEVELOPMENT: not in production')
  if (given.BLOCKSTORE === 'kubo' && !given.KUBO_URL) faults.push('KUBO_URL: missing though BLOCKSTORE=kubo')
  const relayerKey = attempt(faults, 'RELAYER_KEY_FILE', () => readRelayerKey(given))
  const deployment = attempt(faults, 'DEPLOYMENT', () =>
    given.DEPLOYMENT ? parseDeployment(readFileSync(resolve(given.DEPLOYMENT), 'utf8')) : undefined,
  )
  const locations = attempt(faults, 'STORAGE_LOCATIONS', () => readLocations(given.STORAGE_LOCATIONS ?? ''))
  if (!parsed.success || !relayerKey || !deployment || !locations || faults.length > 0)
    throw new ConfigError(faults)
  const {
    RELAYER_PRIVATE_KEY: _k,
    RELAYER_KEY_FILE: _f,
    DEPLOYMENT: _d,
    STORAGE_LOCATIONS: _l,
    ...rest
  } = parsed.data
  return {
    ...rest,
    BLOCKSTORE: rest.BLOCKSTORE ?? 'embedded',
    CONFIRMATIONS: rest.CONFIRMATIONS ?? 0,
    OUTGOING_ALLOW: rest.OUTGOING_ALLOW ?? (production ? [] : ['loopback', 'private']),
    BLOCKSTORE_DIR: resolve(rest.BLOCKSTORE_DIR),
    deployment,
    relayerKey,
    locations,
  }
}

/**
 * The API's configuration for a reindex. It sends nothing and serves nobody: neither the relayer's key nor the public URL
 * is its business, so it runs without them, and with a key of its own that no account has.
 *
 * @throws ConfigError
 */
export function loadReindexConfig(env: Record<string, string | undefined>): Config {
  const { RELAYER_PRIVATE_KEY: _k, RELAYER_KEY_FILE: _f, PUBLIC_URL: _u, ...rest } = env
  const relayerKey = `0x${randomBytes(32).toString('hex')}`
  return loadConfig({ ...rest, RELAYER_PRIVATE_KEY: relayerKey, PUBLIC_URL: 'http://localhost' })
}

/** What applying migrations needs, and nothing else. @throws ConfigError */
export function loadMigrationConfig(env: Record<string, string | undefined>) {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = variables.pick({ DATABASE_URL: true, MIGRATIONS_DIR: true }).safeParse(given)
  if (parsed.success) return parsed.data
  throw new ConfigError(parsed.error.issues.map(faultText))
}

/** Never with the value: it may be a secret. */
function faultText({ path, message }: z.core.$ZodIssue): string {
  const missing = /received undefined$/.test(message)
  return `${path.join('.')}: ${missing ? 'missing; set it as .env.example shows' : message}`
}

function readRelayerKey(given: Record<string, string | undefined>): string | undefined {
  if (given.RELAYER_PRIVATE_KEY && given.RELAYER_KEY_FILE) throw new Error('name this or RELAYER_PRIVATE_KEY')
  if (given.RELAYER_PRIVATE_KEY) return given.RELAYER_PRIVATE_KEY
  if (!given.RELAYER_KEY_FILE) throw new Error('missing, and so is RELAYER_PRIVATE_KEY')
  const key = readFileSync(resolve(given.RELAYER_KEY_FILE), 'utf8').trim()
  if (!/^0x[0-9a-fA-F]{64}$/.test(key)) throw new Error('its content is not 0x and 64 hex digits')
  return key
}

function attempt<T>(faults: string[], name: string, read: () => T | undefined): T | undefined {
  try {
    return read()
  } catch (error) {
    faults.push(`${name}: ${(error as Error).message}`)
    return undefined
  }
}
