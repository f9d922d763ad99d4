import { createRequire } from 'node:module'
import { CliError } from '../output.js'

const ARCHITECTURES: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', arm64: 'arm64' }

/**
 * The path of anvil's own binary for this platform. Not `.bin/anvil`, which is a wrapper: killed, it leaves the node
 * alive.
 * @throws CliError ANVIL_MISSING
 */
export function anvilBinary(): string {
  const { platform, arch } = process
  const name = `@foundry-rs/anvil-${platform}-${ARCHITECTURES[arch] ?? arch}`
  try {
    return createRequire(import.meta.url).resolve(
      `${name}/bin/${platform === 'win32' ? 'anvil.exe' : 'anvil'}`,
    )
  } catch {
    throw new CliError(
      'ANVIL_MISSING',
      `${name} is not installed: run npm ci, or use an EVM node of your own`,
    )
  }
}
