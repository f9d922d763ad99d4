// The only reader of process.env in this program.
import { readFileSync } from 'node:fs'
import { ConfigError } from '@granary/operation'
import { parseDeployment } from '@granary/protocol'
import { outgoingAllowSchema, trustProxySchema } from '@granary/protocol/node'
import { WORK_FACTORS } from '@granary/sealing'
import { z } from 'zod'

const url = z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/+$/, ''))

const list = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
  )
  .pipe(z.array(url).min(1))

const whole = (least: number) => z.coerce.number().int().min(least)

const fields = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  /** Folder of everything this custodian keeps; made with mode 0700. */
  GRANARY_CUSTODIAN_DIR: z.string().min(1),
  /** File with the passphrase under which secrets are encrypted at rest; a newline at its end does not count. */
  SECRETS_PASSPHRASE_FILE: z.string().min(1).optional(),
  /** The same by an open file descriptor, which is read to its end and closed. */
  SECRETS_PASSPHRASE_FD: whole(0).optional(),
  /** Base-2 logarithm of scrypt's cost when secrets are encrypted: what guessing the passphrase costs. */
  SECRETS_WORK_FACTOR: whole(WORK_FACTORS.least).max(WORK_FACTORS.most).default(WORK_FACTORS.default),
  /** The custodian's own endpoints of the chain, comma separated. */
  RPC_URLS: list,
  /** How many of them must answer alike before a permitting fact is believed. */
  RPC_QUORUM: whole(1).default(1),
  /** Blocks on top of a block before it is believed, or the chain's own `finalized`. Never guessed in production. */
  CONFIRMATIONS: z.union([z.literal('finalized'), whole(0)]).optional(),
  /** Path of the deployment file. */
  DEPLOYMENT: z.string().min(1),
  /** IPFS gateways that serve single blocks, comma separated, tried in this order. */
  GATEWAYS: list,
  /** Where other members may be beside public addresses: loopback, private, none, or networks. Production: none. */
  OUTGOING_ALLOW: outgoingAllowSchema.optional(),
  HOST: z.string().min(1).default('127.0.0.1'),
  /** 0 = a free one, chosen once and kept in the folder. */
  PORT: whole(0).max(65_535).default(0),
  /** The URL under which others reach this custodian, as it is put on chain. Default http://HOST:PORT. */
  ENDPOINT: url.optional(),
  /** Seconds between two looks for something to settle, to pull from peers, to follow the committee. */
  SETTLE_INTERVAL_SECONDS: z.coerce.number().min(0.1).default(60),
  /** Age in seconds of a quorum before it is settled, so that many are settled at once. */
  SETTLE_DELAY_SECONDS: whole(0).default(300),
  /** Seconds after which the next member proposes instead of the one whose turn it is. */
  SETTLE_AFTER_SECONDS: whole(1).default(600),
  /** Seconds for which a held quorum may be missing from others' settlements before they are refused. */
  SETTLE_OMISSION_SECONDS: whole(1).default(3600),
  /** Seconds after its expiry at which a request is marked final. */
  FINAL_AFTER_SECONDS: whole(0).default(900),
  /** Age in seconds up to which a receipt counts towards a share. */
  RECEIPT_MAX_AGE_SECONDS: whole(1).max(600).default(600),
  /** Orders, and quorums, that are remembered so long at most: asking again adds nothing to the ledger. */
  RECEIPTS_KEPT: whole(0).max(10_000_000).default(2_000),
  /** Contents whose headers are remembered. */
  FIRST_LEAVES_KEPT: whole(0).max(1_000_000).default(1_024),
  /** Requests a minute of one address (IPv6 by its first 64 bits); the API passes on those of all trainers. */
  RATE_LIMIT_PER_MINUTE: whole(1).default(6_000),
  /** Addresses that are counted at once; for a new one the one seen longest ago is forgotten. */
  RATE_LIMIT_KEYS: whole(1).max(10_000_000).default(20_000),
  /** Whose X-Forwarded-For is believed: 0 = nobody's; a number of proxies; or addresses and networks. */
  TRUST_PROXY: trustProxySchema.default(false),
  /** Open connections of one address; not counted behind a proxy that is trusted. */
  CONNECTIONS_PER_ADDRESS: whole(1).default(256),
  /** Bytes of a body, how deep it is nested, bytes of all headers and of the URL, parameters of a query. */
  MAX_BODY_BYTES: whole(1_048_576).max(67_108_864).default(8_388_608),
  MAX_JSON_DEPTH: whole(16).max(1_000).default(32),
  MAX_HEADER_BYTES: whole(4_096).max(1_048_576).default(16_384),
  MAX_URL_BYTES: whole(1_024).max(1_048_576).default(4_096),
  MAX_QUERY_PARAMETERS: whole(8).max(10_000).default(32),
  /** Milliseconds that headers and a body may take, and a connection on which nothing moves. */
  HEADERS_TIMEOUT_MS: whole(100).max(600_000).default(30_000),
  BODY_TIMEOUT_MS: whole(100).max(600_000).default(30_000),
  IDLE_TIMEOUT_MS: whole(1_000).max(86_400_000).default(600_000),
  /** After SIGTERM: seconds of going on while /readyz already answers 503. */
  SHUTDOWN_DELAY_SECONDS: whole(0).max(300).default(0),
  /** Then seconds at most for what is under way. */
  SHUTDOWN_SECONDS: whole(1).max(3_600).default(30),
  /** Base URL of an OpenTelemetry collector (OTLP over HTTP); without it no traces are recorded. */
  OTEL_EXPORTER_OTLP_ENDPOINT: url.optional(),
  /** The heap is collected once it has grown by so much over what was alive in it; 0 = as V8 likes. */
  HEAP_GROWTH_PERCENT: whole(0).max(1_000).default(25),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
})

type Fields = z.output<typeof fields>
type Given = Record<string, string | undefined>

/** What one variable asks of another, of those that are right by themselves. */
function rulesBetween(env: Partial<Fields>, given: Given): string[] {
  const faults: string[] = []
  const { RPC_URLS: urls, RPC_QUORUM: quorum, SECRETS_PASSPHRASE_FD: fd } = env
  if (urls !== undefined && quorum !== undefined) {
    if (quorum > urls.length) faults.push('RPC_QUORUM: cannot exceed the number of RPC_URLS')
    if (2 * quorum <= urls.length) faults.push('RPC_QUORUM: must be a majority of RPC_URLS')
  }
  if (given.SECRETS_PASSPHRASE_FILE !== undefined && given.SECRETS_PASSPHRASE_FD !== undefined)
    faults.push('SECRETS_PASSPHRASE_FD: cannot be given beside SECRETS_PASSPHRASE_FILE')
  if (fd === 1 || fd === 2) faults.push('SECRETS_PASSPHRASE_FD: must be open for reading: 0, or 3 and above')
  if (given.NODE_ENV !== 'production') return faults
  if ((env.SECRETS_WORK_FACTOR ?? WORK_FACTORS.default) < WORK_FACTORS.default)
    faults.push(`SECRETS_WORK_FACTOR: must be at least ${WORK_FACTORS.default} in production`)
  for (const name of ['CONFIRMATIONS', 'ENDPOINT'])
    if (given[name] === undefined) faults.push(`${name}: must be given in production`)
  if (env.PORT === 0) faults.push('PORT: must be given in production')
  return faults
}

/** What is wrong with the file that DEPLOYMENT names. It is read again when the custodian starts. */
function deploymentFaults(path: string | undefined): string[] {
  if (path === undefined) return []
  try {
    parseDeployment(readFileSync(path, 'utf8'))
    return []
  } catch (error) {
    return [`DEPLOYMENT: ${(error as Error).message}`]
  }
}

const toConfig = (env: Fields) => ({
  production: env.NODE_ENV === 'production',
  dir: env.GRANARY_CUSTODIAN_DIR,
  passphraseFile: env.SECRETS_PASSPHRASE_FILE,
  passphraseFd: env.SECRETS_PASSPHRASE_FD,
  workFactor: env.SECRETS_WORK_FACTOR,
  rpcUrls: env.RPC_URLS,
  rpcQuorum: env.RPC_QUORUM,
  confirmations: env.CONFIRMATIONS ?? 0,
  deployment: env.DEPLOYMENT,
  gateways: env.GATEWAYS,
  outgoingAllow: env.OUTGOING_ALLOW ?? (env.NODE_ENV === 'production' ? [] : ['loopback', 'private']),
  host: env.HOST,
  port: env.PORT,
  endpoint: env.ENDPOINT,
  settleIntervalSeconds: env.SETTLE_INTERVAL_SECONDS,
  settleDelaySeconds: env.SETTLE_DELAY_SECONDS,
  settleAfterSeconds: env.SETTLE_AFTER_SECONDS,
  settleOmissionSeconds: env.SETTLE_OMISSION_SECONDS,
  finalAfterSeconds: env.FINAL_AFTER_SECONDS,
  receiptMaxAgeSeconds: env.RECEIPT_MAX_AGE_SECONDS,
  receiptsKept: env.RECEIPTS_KEPT,
  firstLeavesKept: env.FIRST_LEAVES_KEPT,
  rateLimitPerMinute: env.RATE_LIMIT_PER_MINUTE,
  rateLimitKeys: env.RATE_LIMIT_KEYS,
  trustProxy: env.TRUST_PROXY,
  connectionsPerAddress: env.CONNECTIONS_PER_ADDRESS,
  maxBodyBytes: env.MAX_BODY_BYTES,
  maxJsonDepth: env.MAX_JSON_DEPTH,
  maxHeaderBytes: env.MAX_HEADER_BYTES,
  maxUrlBytes: env.MAX_URL_BYTES,
  maxQueryParameters: env.MAX_QUERY_PARAMETERS,
  headersTimeoutMs: env.HEADERS_TIMEOUT_MS,
  bodyTimeoutMs: env.BODY_TIMEOUT_MS,
  idleTimeoutMs: env.IDLE_TIMEOUT_MS,
  shutdownDelaySeconds: env.SHUTDOWN_DELAY_SECONDS,
  shutdownSeconds: env.SHUTDOWN_SECONDS,
  heapGrowthPercent: env.HEAP_GROWTH_PERCENT,
  otlpEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
  logLevel: env.LOG_LEVEL,
})

export type Config = ReturnType<typeof toConfig>

/** The variables that exist, for the test that compares them with the documentation. */
export const VARIABLES = Object.keys(fields.shape)

/**
 * Reads the configuration, and whether the file of DEPLOYMENT is one; an empty variable counts as absent.
 *
 * @throws ConfigError that names every variable at fault
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = fields.safeParse(given)
  const right = Object.entries(fields.shape).flatMap(([name, field]) => {
    const { success, data } = field.safeParse(given[name])
    return success ? [[name, data]] : []
  })
  const faults = [
    ...(parsed.error?.issues ?? []).map(({ path, message }) => {
      const missing = /received undefined$/.test(message)
      return `${path.join('.')}: ${missing ? 'missing; set it as docs/operate.md says' : message}`
    }),
    ...rulesBetween(Object.fromEntries(right), given),
    ...deploymentFaults(given.DEPLOYMENT),
  ]
  if (parsed.success && faults.length === 0) return toConfig(parsed.data)
  throw new ConfigError(faults)
}
