// Sealing happens here, away from the page: it reads the file, writes the sealed one to the spool, and knows its CID.
import { type SealingTarget, sealSource } from '@granary/sdk'
import { spoolFile, storageCode } from './spool.js'

export interface SealOrder {
  file: File
  recipient: string
  target: SealingTarget
  /** Name of the sealed file. */
  spool: string
}

export type SealReport =
  | { type: 'progress'; done: number }
  | { type: 'sealed'; cid: string; content: `0x${string}`; rawRoot: boolean; size: number }
  | { type: 'failed'; code: string; message: string }

const report = (message: SealReport) => self.postMessage(message)

self.onmessage = async ({ data }: MessageEvent<SealOrder>) => {
  let told = 0
  try {
    const sealed = await sealSource({
      source: data.file,
      recipient: data.recipient,
      target: data.target,
      spool: spoolFile(data.spool),
      onProgress: (done, total) => {
        const now = performance.now()
        if (now - told < 80 && done < total) return
        told = now
        report({ type: 'progress', done })
      },
    })
    const { cid, content, rawRoot, size } = sealed
    report({ type: 'sealed', cid, content, rawRoot, size })
  } catch (error) {
    report({ type: 'failed', ...trouble(error) })
  }
}

function trouble(error: unknown): { code: string; message: string } {
  const { code, message } = error as { code?: unknown; message?: string }
  return {
    code: storageCode(error) ?? (typeof code === 'string' ? code : 'SEALING_FAILED'),
    message: message ?? String(error),
  }
}
