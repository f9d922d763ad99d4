import { DEVELOPMENT_ACCOUNTS } from '@granary/protocol'
import { inheritedEnvironment } from '../environment.js'
import { CUSTODIANS, type Layout } from './layout.js'
import type { Ports } from './network-file.js'
import { builtProgram, builtWeb, ownProgram } from './programs.js'
import type { RealServices } from './real-services.js'
import type { Service } from './supervisor.js'

/** More than the programs' own limit for what is under way (SHUTDOWN_SECONDS): they end by themselves. */
const STOP_MS = 45_000

/** As in the images (Dockerfile): threads that come and go use what others have freed. */
const ALLOCATOR = { MALLOC_ARENA_MAX: '2' }
/** As in a custodian's image: what was freed goes back to the system. */
const TRIMMED = { MALLOC_TRIM_THRESHOLD_: '131072' }

const loopback = (port: number) => `http://127.0.0.1:${port}`

/** Where the parts find each other. */
export const rpcUrl = ({ rpc }: Ports) => loopback(rpc)
export const apiUrl = ({ api }: Ports) => `http://localhost:${api}`
export const databaseUrl = ({ database }: Ports, services: RealServices) =>
  services.database ?? `postgresql://postgres@127.0.0.1:${database}/postgres?sslmode=disable`
export const endpoints = ({ custodians }: Ports) => custodians.map(loopback)

interface NodeProgram {
  name: string
  title: string
  script: string
  args: string[]
  env: Record<string, string>
  log: string
}

/** A Node program that says when it is ready over IPC, and is started again when it crashes. */
function nodeService({ name, title, script, args, env, log }: NodeProgram): Service {
  return {
    program: {
      name,
      title,
      command: process.execPath,
      // The folder says in a list of processes whose it is; a program that needs none ignores it.
      args: [script, ...args],
      env: { ...inheritedEnvironment(), ...ALLOCATOR, ...env },
      log,
      ipc: true,
      stopSignal: 'SIGTERM',
      stopTimeoutMs: STOP_MS,
    },
    ready: (child) => child.ready,
    startTimeoutMs: 90_000,
    restart: true,
  }
}

/** The embedded database; undefined when a real one is used. */
export function databaseService(layout: Layout, ports: Ports, services: RealServices): Service | undefined {
  if (services.database) return undefined
  return nodeService({
    name: 'database',
    title: 'the database',
    script: ownProgram('database'),
    args: [layout.database, String(ports.database)],
    env: {},
    log: layout.log('database'),
  })
}

/** The custodians, by index from 1. They look for something to settle every five seconds. */
export function custodianServices(layout: Layout, ports: Ports): Service[] {
  return Array.from({ length: CUSTODIANS }, (_, position) => {
    const index = position + 1
    const port = ports.custodians[position]!
    return nodeService({
      name: `custodian${index}`,
      title: `custodian ${index}`,
      script: builtProgram('custodian'),
      args: [layout.custodian(index)],
      env: {
        ...TRIMMED,
        // Everybody here has the same address.
        RATE_LIMIT_PER_MINUTE: '100000',
        GRANARY_CUSTODIAN_DIR: layout.custodian(index),
        HOST: '127.0.0.1',
        PORT: String(port),
        ENDPOINT: loopback(port),
        RPC_URLS: rpcUrl(ports),
        CONFIRMATIONS: '0',
        DEPLOYMENT: layout.deployment,
        GATEWAYS: loopback(ports.api),
        SETTLE_INTERVAL_SECONDS: '5',
        SETTLE_DELAY_SECONDS: '3',
        SETTLE_AFTER_SECONDS: '15',
        FINAL_AFTER_SECONDS: '5',
        OUTGOING_ALLOW: 'loopback',
      },
      log: layout.log(`custodian${index}`),
    })
  })
}

export function apiService(layout: Layout, ports: Ports, services: RealServices): Service {
  const operator = DEVELOPMENT_ACCOUNTS().find(({ role }) => role === 'operator')!
  return nodeService({
    name: 'api',
    title: 'the API',
    script: builtProgram('api'),
    args: [layout.dir],
    env: {
      HOST: '127.0.0.1',
      PORT: String(ports.api),
      PUBLIC_URL: apiUrl(ports),
      DATABASE_URL: databaseUrl(ports, services),
      RPC_URL: rpcUrl(ports),
      PUBLIC_RPC_URL: rpcUrl(ports),
      DEPLOYMENT: layout.deployment,
      ...(services.kubo
        ? { BLOCKSTORE: 'kubo', KUBO_URL: services.kubo }
        : { BLOCKSTORE: 'embedded', BLOCKSTORE_DIR: layout.blocks }),
      RELAYER_PRIVATE_KEY: operator.privateKey,
      CONFIRMATIONS: '0',
      CHAIN_PATIENCE_SECONDS: '3', // one node: what it lacks after a crash is gone
      DEVELOPMENT: '1',
      // Everybody here has the same address.
      RATE_LIMIT_PER_MINUTE: '100000',
      ACCOUNT_RATE_LIMIT_PER_MINUTE: '100000',
      SIGN_IN_RATE_LIMIT_PER_MINUTE: '100000',
      GATEWAY_RATE_LIMIT_PER_MINUTE: '1000000',
      OUTGOING_ALLOW: 'loopback',
      WEB_DIR: builtWeb(),
    },
    log: layout.log('api'),
  })
}
