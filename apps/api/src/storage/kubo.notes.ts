import { inTime } from '@granary/protocol/node'
import type { KuboRPCClient } from 'ipfs-http-client'
import type { Notes } from './blob-store.port.js'

const FOLDER = '/granary'

/** Notes in Kubo's own files (MFS), which its collection spares and no upload reaches. */
export function kuboNotes(client: KuboRPCClient, timeout: number): Notes {
  const at = (name: string) => `${FOLDER}/${name}`
  return {
    async write(name, text) {
      const how = { create: true, parents: true, truncate: true, cidVersion: 1 as const, rawLeaves: true }
      await inTime(timeout, (signal) => client.files.write(at(name), Buffer.from(text), { ...how, signal }))
    },
    async read(name) {
      try {
        return await inTime(timeout, async (signal) => {
          const parts: Uint8Array[] = []
          for await (const part of client.files.read(at(name), { signal })) parts.push(part)
          return Buffer.concat(parts).toString()
        })
      } catch (error) {
        return absent(error, null)
      }
    },
    async list(name) {
      try {
        return await inTime(timeout, async (signal) => {
          const words: string[] = []
          for await (const entry of client.files.ls(at(name), { signal })) words.push(entry.name)
          return words
        })
      } catch (error) {
        return absent(error, [])
      }
    },
  }
}

function absent<T>(error: unknown, value: T): T {
  if (/does not exist/i.test((error as Error).message)) return value
  throw error
}
