import type { Description } from '@granary/sdk/describe'
import type { DescribeReport } from './describe.worker.js'

/** Milliseconds after which a look is given up, whatever the worker is at; it stops by itself long before. */
const PATIENCE = 30_000

let worker: Worker | null = null
let last: Promise<unknown> = Promise.resolve()

/** Looks into files one after the other, in one worker. null = not recognised, or given up. Never rejects. */
export function describeFile(file: File, signal: AbortSignal): Promise<Description | null> {
  const mine = last.then(() => (signal.aborted ? null : look(file)))
  last = mine
  return mine
}

function look(file: File): Promise<Description | null> {
  worker ??= new Worker(new URL('./describe.worker.ts', import.meta.url), { type: 'module' })
  const asked = worker
  return new Promise((resolve) => {
    const end = (description: Description | null, isBroken: boolean) => {
      clearTimeout(patience)
      asked.onmessage = null
      asked.onerror = null
      if (isBroken) {
        asked.terminate()
        worker = null
      }
      resolve(description)
    }
    const patience = setTimeout(() => end(null, true), PATIENCE)
    asked.onmessage = ({ data }: MessageEvent<DescribeReport>) => end(data.description, false)
    asked.onerror = () => end(null, true)
    asked.postMessage(file)
  })
}
