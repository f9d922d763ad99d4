// An own dataset is downloaded, checked and opened here, away from the page.
import type { Hex } from '@granary/protocol'
import { createClient, type NetworkFacts, type Released } from '@granary/sdk'
import { paced, serve } from '../../lib/work.worker.js'

export interface OpenWork {
  dataset: string
  facts: NetworkFacts
  by: { identity: string } | { released: Released }
  /** Where it goes as it is opened; null = it is handed back. */
  file: FileSystemFileHandle | null
}

serve<OpenWork, number, Blob | null>(async ({ dataset, facts, by, file }, tell, signal) => {
  const client = createClient({ api: self.location.origin, facts })
  const told = paced<string>((_, done) => tell(done))
  let parts: Blob[] = []
  const sink = {
    async open() {
      const target = await file?.createWritable()
      return {
        // Blobs, not arrays: the browser may move them out of memory.
        writable: new WritableStream<Uint8Array>({
          write: (chunk) =>
            target ? target.write(chunk as BufferSource) : void parts.push(new Blob([chunk as BlobPart])),
        }),
        // Only a stream that is closed changes what is on disk.
        commit: async () => target?.close(),
        async discard() {
          parts = []
          await target?.abort()
        },
      }
    },
  }
  await client.datasets.open(dataset as Hex, {
    ...by,
    sink,
    signal,
    onProgress: ({ done, total }) => told(dataset, done, total),
  })
  // No type of its own: what is in it is saved, never shown.
  return file ? null : new Blob(parts, { type: 'application/octet-stream' })
})
