import { describe, expect, it } from '@jest/globals'
import {
  type CipherName,
  fileKeyFromIdentity,
  generateIdentity,
  identityToRecipient,
  open,
  seal,
} from './index.js'

const SIZE = 32 * 1024 * 1024
const PIECE = new Uint8Array(1024 * 1024).fill(7)
const ROUNDS = 8

function source(): ReadableStream<Uint8Array> {
  let given = 0
  return new ReadableStream({
    pull(controller) {
      if (given >= SIZE) return controller.close()
      controller.enqueue(PIECE)
      given += PIECE.length
    },
  })
}

/** Processor time, which other programs on the machine disturb less than the clock. */
async function processorTime(job: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await job()
  const { user, system } = process.cpuUsage(before)
  return user + system
}

async function read(stream: ReadableStream<Uint8Array>, take?: (piece: Uint8Array) => void): Promise<void> {
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    take?.(value)
  }
}

describe('speed', () => {
  // A ratio, in processor time and of the best of several rounds: other programs share the machine. It guards against
  // losing the native path or copying too much; `npm run bench` gives figures, and the ratio to the bare cipher.
  it('sealing and opening natively take a third of the time of noble or less', async () => {
    const identity = generateIdentity()
    const recipients = [await identityToRecipient(identity)]
    const sealing = async (cipher: CipherName, take?: (piece: Uint8Array) => void) =>
      read(source().pipeThrough((await seal({ recipients, cipher })).stream), take)
    const sealed: Uint8Array[] = []
    await sealing('native', (piece) => sealed.push(piece))
    const fileKey = (_: unknown, bytes: Uint8Array) => fileKeyFromIdentity(bytes, [identity])
    const opening = (cipher: CipherName) => {
      let next = 0
      const file = new ReadableStream<Uint8Array>({
        pull(controller) {
          const value = sealed[next++]
          if (value === undefined) controller.close()
          else controller.enqueue(value)
        },
      })
      return read(open({ source: file, fileKey, cipher }))
    }
    for (const job of [sealing, opening]) {
      let [native, noble] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
      for (let round = 0; round < ROUNDS && (round < 2 || native * 3 > noble); round++) {
        native = Math.min(native, await processorTime(() => job('native')))
        noble = Math.min(noble, await processorTime(() => job('noble')))
      }
      expect(native * 3).toBeLessThan(noble)
    }
  }, 60_000)
})
