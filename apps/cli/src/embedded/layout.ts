import { chmodSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { makeFolder } from '@granary/protocol/node'

/** How many custodians the embedded network has, and how many of them open a file together. */
export const CUSTODIANS = 3
export const THRESHOLD = 2

/** Where everything is in the network's data directory. All paths are absolute. */
export interface Layout {
  dir: string
  lock: string
  networkFile: string
  deployment: string
  chain: string
  database: string
  blocks: string
  custodian(index: number): string
  log(name: string): string
}

/** Names the paths below `dir`; touches nothing. */
export function layoutOf(dir: string): Layout {
  const root = resolve(dir)
  return {
    dir: root,
    lock: join(root, 'lock'),
    networkFile: join(root, 'network.json'),
    deployment: join(root, 'deployment.json'),
    chain: join(root, 'chain'),
    database: join(root, 'database'),
    blocks: join(root, 'ipfs'),
    custodian: (index) => join(root, 'custodians', String(index)),
    log: (name) => join(root, 'logs', `${name}.log`),
  }
}

/** Makes the folders, readable by this user only: custodians keep their secrets below. */
export async function makeFolders(layout: Layout): Promise<void> {
  await makeFolder(layout.dir)
  if (readdirSync(layout.dir).length === 0) chmodSync(layout.dir, 0o700) // it may have been there before, empty
  const custodians = Array.from({ length: CUSTODIANS }, (_, index) => layout.custodian(index + 1))
  const logs = join(layout.dir, 'logs')
  for (const folder of [layout.chain, layout.blocks, logs, ...custodians]) await makeFolder(folder)
}
