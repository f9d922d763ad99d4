import { describe, expect, it } from '@jest/globals'
import { CIPHERS, pattern } from '../testing/support.js'
import {
  fileKeyFromIdentity,
  generateIdentity,
  identityToRecipient,
  open,
  seal,
  sealedSize,
} from './index.js'

const MIB = 1024 * 1024
const SIZE = 200 * MIB
/** Two copies of the file would be 400 MiB. The margin is for garbage not collected yet. */
const BOUND = 120 * MIB

function sourceOf(size: number): ReadableStream<Uint8Array> {
  const piece = pattern(256 * 1024)
  let given = 0
  return new ReadableStream({
    pull(controller) {
      if (given >= size) return controller.close()
      controller.enqueue(piece.slice())
      given += piece.length
    },
  })
}

/** Reads a stream to its end; its length and by how much the process grew at most meanwhile. */
async function drain(stream: ReadableStream<Uint8Array>) {
  const before = process.memoryUsage.rss()
  const reader = stream.getReader()
  let length = 0
  let peak = before
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return { length, growth: peak - before }
    length += value.length
    peak = Math.max(peak, process.memoryUsage.rss())
  }
}

describe('memory', () => {
  for (const cipher of CIPHERS)
    it(`sealing and opening 200 MiB keeps no copy of it, ${cipher}`, async () => {
      const identity = generateIdentity()
      const recipients = [await identityToRecipient(identity)]
      await drain(sourceOf(8 * MIB).pipeThrough((await seal({ recipients, cipher })).stream))

      const { header, stream } = await seal({ recipients, cipher })
      const sealing = await drain(sourceOf(SIZE).pipeThrough(stream))
      expect(sealing.length).toBe(sealedSize(header.length, SIZE))
      expect(sealing.growth).toBeLessThan(BOUND)

      const again = await seal({ recipients, cipher })
      const source = sourceOf(SIZE).pipeThrough(again.stream)
      const fileKey = (_: unknown, bytes: Uint8Array) => fileKeyFromIdentity(bytes, [identity])
      const opening = await drain(open({ source, fileKey, cipher }))
      expect(opening.length).toBe(SIZE)
      expect(opening.growth).toBeLessThan(BOUND)
    }, 120_000)
})
