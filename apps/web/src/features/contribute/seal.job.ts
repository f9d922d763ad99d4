// The worker that seals, kept from file to file: starting one takes longer than sealing a small file.
import type { SealOptions } from '@granary/sdk'
import { ContributeError } from './contribute.error.js'
import type { SealCommand, SealReport } from './seal.worker.js'

type Sealed = Extract<SealReport, { type: 'sealed' }>

let idle: Worker | null = null

/** One file that is being sealed; it can be held up without being thrown away. */
export class SealJob {
  private worker: Worker | null = null
  private held = false

  constructor(
    private readonly spool: string,
    private readonly file: File,
  ) {}

  run({ recipient, target, onProgress, signal }: SealOptions): Promise<Sealed> {
    return new Promise((resolve, reject) => {
      const worker = idle ?? new Worker(new URL('./seal.worker.ts', import.meta.url), { type: 'module' })
      idle = null
      this.worker = worker
      const end = (settle: () => void, reusable: boolean) => {
        signal?.removeEventListener('abort', aborted)
        this.worker = null
        worker.onmessage = null
        worker.onerror = null
        if (reusable && idle === null) idle = worker
        else worker.terminate()
        settle()
      }
      const aborted = () => end(() => reject(signal?.reason), false)
      signal?.addEventListener('abort', aborted, { once: true })
      worker.onmessage = ({ data }: MessageEvent<SealReport>) => {
        if (data.type === 'progress') onProgress?.(data.done, this.file.size)
        else if (data.type === 'sealed') end(() => resolve(data), true)
        else end(() => reject(new ContributeError(data.code, data.message)), false)
      }
      worker.onerror = (event) =>
        end(() => reject(new ContributeError('SEALING_FAILED', event.message)), false)
      const order = { file: this.file, recipient, target, spool: this.spool }
      worker.postMessage({ type: 'seal', order } satisfies SealCommand)
      if (this.held) this.hold()
    })
  }

  /** Reads no further until `goOn`. */
  hold(): void {
    this.held = true
    this.worker?.postMessage({ type: 'hold' } satisfies SealCommand)
  }

  goOn(): void {
    this.held = false
    this.worker?.postMessage({ type: 'go-on' } satisfies SealCommand)
  }
}
