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

/** `hold`: read no further until `go-on`; the key stays in use for this one file only. */
export type SealCommand = { type: 'seal'; order: SealOrder } | { type: 'hold' } | { type: 'go-on' }

export type SealReport =
  | { type: 'progress'; done: number }
  | { type: 'sealed'; cid: string; content: `0x${string}`; rawRoot: boolean; size: number }
  | { type: 'failed'; code: string; message: string }

const report = (message: SealReport) => self.postMessage(message)

let held: Promise<void> | null = null
let release = () => {}

self.onmessage = ({ data }: MessageEvent<SealCommand>) => {
  if (data.type === 'seal') {
    release()
    held = null
    void seal(data.order)
  } else if (data.type === 'hold') {
    held ??= new Promise((resolve) => {
      release = resolve
    })
  } else {
    release()
    held = null
  }
}

/** The file's bytes as long as nobody holds them up. */
function stream(file: File): ReadableStream<Uint8Array> {
  const gate = new TransformStream<Uint8Array, Uint8Array>({
    async transform(chunk, controller) {
      await held
      controller.enqueue(chunk)
    },
  })
  return file.stream().pipeThrough(gate)
}

async function seal(data: SealOrder): Promise<void> {
  let told = 0
  try {
    const sealed = await sealSource({
      source: {
        name: data.file.name,
        type: data.file.type,
        size: data.file.size,
        stream: () => stream(data.file),
      },
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
