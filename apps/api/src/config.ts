import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  DEFAULT_MAX_UPLOAD_BYTES,
  DEFAULT_UPLOAD_HOURS,
  type Deployment,
  MAX_BATCH,
  parseDeployment,
} from '@granary/protocol'
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
  RPC_URL: httpUrl,
  PUBLIC_RPC_URL: httpUrl.optional(),
  DEPLOYMENT: path,
  BLOCKSTORE: z.enum(['embedded', 'kubo']).optional(),
  BLOCKSTORE_DIR: path.default('.granary/ipfs'),
  KUBO_URL: httpUrl.optional(),
  STORAGE_LOCATIONS: z.string().default(''),
  STORAGE_CHECK_INTERVAL_MS: whole(10, 3_600_000).default(15_000),
  STORAGE_CHECK_FILES: whole(1, 100_000).default(50),
  STORAGE_CHECK_BLOCKS: whole(1, 1_000).default(8),
  STORAGE_CHECK_PERIOD_SECONDS: whole(1, 31_536_000).default(604_800),
  STORAGE_RETRY_SECONDS: whole(1, 86_400).default(300),
  STORAGE_LOCATION_TIMEOUT_MS: whole(10, 600_000).default(15_000),
  STORAGE_LOCATION_ATTEMPTS: whole(1, 10).default(3),
  UPLOAD_DIR: path.default('.granary/uploads'),
  MAX_UPLOAD_BYTES: whole(1).default(DEFAULT_MAX_UPLOAD_BYTES),
  UPLOAD_QUOTA_BYTES: whole(1).default(4 * DEFAULT_MAX_UPLOAD_BYTES),
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
  PROPOSAL_GAS_LIMIT: whole(100_000, 30_000_000).default(3_000_000),
  FEED_INTERVAL_MS: whole(10, 600_000).default(500),
  SESSION_HOURS: whole(1, 720).default(12),
  RATE_LIMIT_PER_MINUTE: whole(1).default(1200),
  TRUST_PROXY: flag.default(false),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  WEB_DIR: path.default(beside('../../web/dist')),
  MIGRATIONS_DIR: path.default(beside('../../../prisma/migrations')),
  DEVELOPMENT: flag.default(false),
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
  | 'STORAGE_LOCATIONS'
> & {
  locations: LocationEntry[]
  BLOCKSTORE: 'embedded' | 'kubo'
  CONFIRMATIONS: number
  deployment: Deployment
  relayerKey: string
}

/** All faults of the environment at once, a line each. */
export class ConfigError extends Error {
  constructor(readonly faults: string[]) {
    super(`the configuration is not usable:\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
  }
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
  const faults = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
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
    BLOCKSTORE_DIR: resolve(rest.BLOCKSTORE_DIR),
    UPLOAD_DIR: resolve(rest.UPLOAD_DIR),
    deployment,
    relayerKey,
    locations,
  }
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
