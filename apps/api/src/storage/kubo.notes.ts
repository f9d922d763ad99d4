import type { KuboRPCClient } from 'ipfs-http-client'
import type { Notes } from './blob-store.port.js'

const FOLDER = '/granary'

/** Notes in Kubo's own files (MFS), which its collection spares and no upload reaches. */
export function kuboNotes(client: KuboRPCClient, timeout: number): Notes {
  const at = (name: string) => `${FOLDER}/${name}`
  const limits = () => ({ signal: AbortSignal.timeout(timeout) })
  return {
    async write(name, text) {
      const how = { create: true, parents: true, truncate: true, cidVersion: 1 as const, rawLeaves: true }
      await client.files.write(at(name), Buffer.from(text), { ...how, ...limits() })
    },
    async read(name) {
      const parts: Uint8Array[] = []
      try {
        for await (const part of client.files.read(at(name), limits())) parts.push(part)
      } catch (error) {
        return absent(error, null)
      }
      return Buffer.concat(parts).toString()
    },
    async list(name) {
      const words: string[] = []
      try {
        for await (const entry of client.files.ls(at(name), limits())) words.push(entry.name)
      } catch (error) {
        return absent(error, [])
      }
      return words
    },
  }
}

function absent<T>(error: unknown, value: T): T {
  if (/does not exist/i.test((error as Error).message)) return value
  throw error
}
