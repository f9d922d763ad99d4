import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

export interface Sha256 {
  update(chunk: Uint8Array): void
  hex(): string
}

/** SHA-256 over a stream: the platform's own in Node, `@noble/hashes` where only one-shot hashing is native. */
export async function createSha256(): Promise<Sha256> {
  const node = (
    globalThis as { process?: { getBuiltinModule?: (id: string) => unknown } }
  ).process?.getBuiltinModule?.('node:crypto') as typeof import('node:crypto') | undefined
  if (node) {
    const hash = node.createHash('sha256')
    return { update: (chunk) => void hash.update(chunk), hex: () => hash.digest('hex') }
  }
  const hash = sha256.create()
  return { update: (chunk) => void hash.update(chunk), hex: () => bytesToHex(hash.digest()) }
}
