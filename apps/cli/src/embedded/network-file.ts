import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { CliError } from '../output.js'
import { replaceJson } from './files.js'
import type { Layout } from './layout.js'

const portSchema = z.int().min(1).max(65_535)
const portsSchema = z.object({
  api: portSchema,
  rpc: portSchema,
  database: portSchema,
  custodians: z.array(portSchema),
})

/** Where the network's programs listen, all on 127.0.0.1. Custodians by index from 1, at position index - 1. */
export type Ports = z.infer<typeof portsSchema>

const servicesSchema = z.object({ database: z.string().optional(), kubo: z.string().optional() })

const networkSchema = z.object({
  version: z.literal(1),
  chainId: z.int(),
  apiUrl: z.string(),
  rpcUrl: z.string(),
  databaseUrl: z.string(),
  ports: portsSchema,
  /** those that are not embedded, by their URLs */
  services: servicesSchema.default({}),
  custodians: z.array(z.object({ endpoint: z.string(), dir: z.string() })),
  deployment: z.string(),
  /** processes that run now, by name; empty when the network is stopped */
  pids: z.record(z.string(), z.int()),
})

/** `DIR/network.json`: what other programs may read to find the network, and what is kept from start to start. */
export type NetworkFile = z.infer<typeof networkSchema>

/** @throws CliError NETWORK_FILE_INVALID; returns undefined where no network was started yet */
export function readNetworkFile(layout: Layout): NetworkFile | undefined {
  if (!existsSync(layout.networkFile)) return undefined
  try {
    return networkSchema.parse(JSON.parse(readFileSync(layout.networkFile, 'utf8')))
  } catch {
    throw new CliError(
      'NETWORK_FILE_INVALID',
      `${layout.networkFile} is not one that this version wrote: choose another directory with --data`,
    )
  }
}

export function writeNetworkFile(layout: Layout, network: NetworkFile): void {
  replaceJson(layout.networkFile, network)
}
