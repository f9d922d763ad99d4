import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { fileWritable } from './file-writable.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'granary-writable-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('fileWritable', () => {
  it('never overwrites', async () => {
    const { release } = await fileWritable(join(folder, 'x'))
    await release()
    await expect(fileWritable(join(folder, 'x'))).rejects.toMatchObject({ code: 'EEXIST' })
  })
  it('holds its source back: hardly more is asked for than was written', async () => {
    const { writable } = await fileWritable(join(folder, 'x'))
    let given = 0
    let written = 0
    let ahead = 0
    const source = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          if (given === 200) return controller.close()
          given += 1
          ahead = Math.max(ahead, given - written)
          controller.enqueue(new Uint8Array(1000).fill(given))
        },
      },
      { highWaterMark: 0 },
    )
    const { readable, writable: counted } = new TransformStream<Uint8Array, Uint8Array>(
      {
        transform(chunk, controller) {
          written += 1
          controller.enqueue(chunk)
        },
      },
      { highWaterMark: 1 },
      { highWaterMark: 0 },
    )
    await Promise.all([source.pipeTo(counted), readable.pipeTo(writable)])
    expect(ahead).toBeLessThan(5)
    expect((await readFile(join(folder, 'x'))).length).toBe(200_000)
  })
})
