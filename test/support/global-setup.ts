import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
// Jest loads this file by require, where `.js` is not mapped to its source: hence `.ts` here alone.
import { type RunningNetwork, startNetwork } from './network.ts'

declare global {
  /** the network of this run, for global-teardown.ts */
  var granaryTestNetwork: RunningNetwork | undefined
}

/** Starts the one network that specs share, unless none of them does, and tells the workers where it is. */
export default async function setup(): Promise<void> {
  if (process.env.GRANARY_TEST_OWN_NETWORKS) return
  const network = await startNetwork()
  globalThis.granaryTestNetwork = network
  const file = join(mkdtempSync(join(tmpdir(), 'granary-world-')), 'world.json')
  writeFileSync(file, JSON.stringify(network.facts), { mode: 0o600 })
  process.env.GRANARY_TEST_WORLD = file
}
