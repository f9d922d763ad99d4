import type { Hex } from '@granary/protocol'
import { contentStream } from './content.js'
import type { Context } from './context.js'

/**
 * What a sink keeps of a sealed file while it is downloaded, so that a fetch that stops goes on there. It is ciphertext,
 * and nothing of it is believed: whoever goes on reads it again from its first byte, with everything checked.
 */
export interface SealedPart {
  /** Bytes that are there. */
  readonly size: number
  /** Those bytes, from the first. */
  read(): AsyncIterable<Uint8Array>
  append(chunk: Uint8Array): Promise<void>
  /** Forgets the bytes; more may be appended. */
  clear(): Promise<void>
  /** Leaves the bytes for a later fetch. */
  keep(): Promise<void>
  remove(): Promise<void>
}

/** The sealed file of a dataset from its first byte: what is there of it, then the rest from the API. Not verified. */
export function sealedStream(
  context: Context,
  dataset: Hex,
  part: SealedPart | undefined,
  signal?: AbortSignal,
): ReadableStream<Uint8Array> {
  if (!part) return contentStream(context, dataset, { signal })
  return fromIterable(continued(context, dataset, part, signal))
}

async function* continued(context: Context, dataset: Hex, part: SealedPart, signal?: AbortSignal) {
  const from = part.size
  if (from > 0) yield* part.read()
  const reader = contentStream(context, dataset, { signal, from }).getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      await part.append(value)
      yield value
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}

function fromIterable(source: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await source.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel: async () => {
        await source.return(undefined)
      },
    },
    { highWaterMark: 0 },
  )
}
