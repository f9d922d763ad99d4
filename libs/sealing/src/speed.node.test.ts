import { createCipheriv } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { fileKeyFromIdentity, generateIdentity, identityToRecipient, open, seal } from './index.js'
import { CHUNK_BYTES } from './payload.js'

const SIZE = 32 * 1024 * 1024
const PIECE = new Uint8Array(1024 * 1024).fill(7)
const ROUNDS = 12

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

/** The platform's cipher on the same chunks, with nothing around it. */
async function bareCipher(): Promise<void> {
  const key = new Uint8Array(32)
  for (let done = 0; done < SIZE; done += CHUNK_BYTES) {
    const cipher = createCipheriv('chacha20-poly1305', key, new Uint8Array(12), { authTagLength: 16 })
    cipher.update(PIECE.subarray(0, CHUNK_BYTES))
    cipher.final()
    cipher.getAuthTag()
  }
}

async function milliseconds(job: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await job()
  return performance.now() - started
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
  // A ratio, and the best of several rounds, since other programs share the machine.
  it('sealing and opening natively run at half the speed of the bare cipher or better', async () => {
    const identity = generateIdentity()
    const recipients = [await identityToRecipient(identity)]
    const sealing = async (take?: (piece: Uint8Array) => void) =>
      read(source().pipeThrough((await seal({ recipients, cipher: 'native' })).stream), take)
    const sealed: Uint8Array[] = []
    await sealing((piece) => sealed.push(piece))
    const fileKey = (_: unknown, bytes: Uint8Array) => fileKeyFromIdentity(bytes, [identity])
    const opening = () => {
      let next = 0
      const file = new ReadableStream<Uint8Array>({
        pull(controller) {
          const value = sealed[next++]
          if (value === undefined) controller.close()
          else controller.enqueue(value)
        },
      })
      return read(open({ source: file, fileKey, cipher: 'native' }))
    }
    const best = {
      bare: Number.POSITIVE_INFINITY,
      seal: Number.POSITIVE_INFINITY,
      open: Number.POSITIVE_INFINITY,
    }
    const slowest = () => Math.max(best.seal, best.open) / best.bare
    for (let round = 0; round < ROUNDS && (round < 3 || slowest() > 2); round++) {
      best.bare = Math.min(best.bare, await milliseconds(bareCipher))
      best.seal = Math.min(best.seal, await milliseconds(() => sealing()))
      best.open = Math.min(best.open, await milliseconds(opening))
    }
    expect(slowest()).toBeLessThan(2)
  }, 60_000)
})
