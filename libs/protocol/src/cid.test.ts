import { createCipheriv, createHash } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { codeOf, rejectionOf, vectors } from '../testing/vectors.js'
import { cidToContent, computeCid, contentToCid, createCidStream, importFile } from './cid.js'
import type { Hex } from './hex.js'

interface Vectors {
  files: { size: number; cid: string; content: Hex; rawRoot: boolean; levels: number }[]
  kubo: { seed: string; size: number; cid: string }[]
}
const known = vectors<Vectors>('cid')
const MIB = 2 ** 20
const small = known.files.filter(({ size }) => size < 16 * MIB)

/** The vectors' test file: byte number i is (i + (i >> 20)) mod 251. */
function* patternFile(size: number): Generator<Uint8Array> {
  const pattern = Uint8Array.from({ length: MIB + 251 }, (_, i) => i % 251)
  for (let start = 0; start < size; start += MIB) {
    const offset = (start + start / MIB) % 251
    yield pattern.subarray(offset, offset + Math.min(MIB, size - start))
  }
}

/** Kubo's test file: the ChaCha20 key stream under the SHA-256 of the seed. */
function* keyStream(seed: string, size: number): Generator<Uint8Array> {
  const cipher = createCipheriv('chacha20', createHash('sha256').update(seed).digest(), Buffer.alloc(16))
  const zeros = Buffer.alloc(MIB)
  for (let left = size; left > 0; left -= MIB) yield cipher.update(zeros.subarray(0, Math.min(MIB, left)))
}

function joined(size: number): Uint8Array {
  return Buffer.concat([...patternFile(size)])
}

describe('a content address', () => {
  it.each(known.files)(
    'of $size bytes ($levels levels of links) is that of the vectors',
    async (file) => {
      const { size, cid, content, rawRoot } = file
      expect(await computeCid(patternFile(size))).toEqual({ cid, content, rawRoot, size })
      expect(contentToCid(content, rawRoot)).toBe(cid)
      expect(cidToContent(cid)).toEqual({ content, rawRoot })
    },
    180_000,
  )

  it.each(known.kubo)(
    'of $size bytes of $seed is that of Kubo',
    async ({ seed, size, cid }) => {
      expect((await computeCid(keyStream(seed, size))).cid).toBe(cid)
    },
    180_000,
  )

  it('is in the vectors at every edge, with two levels of links among them', () => {
    expect(known.files.map(({ size }) => size)).toEqual(
      expect.arrayContaining([0, 1, MIB - 1, MIB, MIB + 1, 1024 * MIB, 1024 * MIB + 1]),
    )
    expect(known.files.at(-1)!.levels).toBe(2)
  })

  it('does not depend on how the bytes arrive', async () => {
    const file = small.at(-1)!
    const bytes = joined(file.size)
    const cuts = fc.array(fc.nat({ max: bytes.length }), { maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(cuts, async (places) => {
        const edges = [0, ...places.sort((a, b) => a - b), bytes.length]
        const parts = edges.slice(1).map((end, i) => bytes.subarray(edges[i], end))
        expect((await computeCid(parts)).cid).toBe(file.cid)
      }),
      { numRuns: 12 },
    )
  })

  it('changes with every byte', async () => {
    const bytes = joined(MIB + 1)
    bytes[MIB] = bytes[MIB]! ^ 1
    expect((await computeCid([bytes])).cid).not.toBe(small.find(({ size }) => size === MIB + 1)!.cid)
  })
})

describe('an import', () => {
  it('hands over blocks that have their addresses, leaves before what links them', async () => {
    const blocks = new Map<string, Uint8Array>()
    const file = small.at(-1)!
    const root = await importFile(patternFile(file.size), {
      put: (cid, bytes) => void blocks.set(cid, Uint8Array.from(bytes)),
    })
    expect(root.cid).toBe(file.cid)
    expect([...blocks.keys()].at(-1)).toBe(file.cid)
    expect(blocks.size).toBe(5)
    for (const [cid, bytes] of blocks) {
      expect(cidToContent(cid).content).toBe(`0x${createHash('sha256').update(bytes).digest('hex')}`)
      expect(cidToContent(cid).rawRoot).toBe(cid !== file.cid)
    }
  })

  it('takes no more from its source than it can hand over', async () => {
    let release = () => {}
    const opened = new Promise<void>((resolve) => {
      release = resolve
    })
    let taken = 0
    const source = function* () {
      for (const chunk of patternFile(100 * MIB)) {
        taken++
        yield chunk
      }
    }
    const done = importFile(source(), { put: () => opened })
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(taken).toBeGreaterThan(0)
    expect(taken).toBeLessThan(16)
    release()
    expect((await done).size).toBe(100 * MIB)
  })

  it('fails when source or sink fail', async () => {
    const broken = Object.assign(new Error('disk full'), { code: 'ENOSPC' })
    const put = () => Promise.reject(broken)
    expect(await rejectionOf(importFile(patternFile(3 * MIB), { put }))).toBe('ENOSPC')
    // biome-ignore lint/correctness/useYield: it fails before it yields
    const source = (async function* (): AsyncGenerator<Uint8Array> {
      throw broken
    })()
    expect(await rejectionOf(computeCid(source))).toBe('ENOSPC')
  })
})

describe('a CID stream', () => {
  it.each(small)('of $size bytes gives the same address', async ({ size, cid, content, rawRoot }) => {
    const { writer, result } = createCidStream()
    for (const chunk of patternFile(size)) {
      for (let i = 0; i < chunk.length; i += 65_536) await writer.write(chunk.subarray(i, i + 65_536))
    }
    await writer.close()
    expect(await result).toEqual({ cid, content, rawRoot, size })
  })

  it('rejects after it was aborted', async () => {
    const { writer, result } = createCidStream()
    await writer.write(new Uint8Array(10))
    await writer.abort()
    expect(await rejectionOf(result)).toBe('ABORTED')
  })
})

describe('a CID', () => {
  it.each([
    ['of version 0', 'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKWWnW'.slice(0, 46)],
    ['in another base', 'zb2rhe5P4gXftAwvA4eXQ5HJwsER2owDyS9sKaQRRVQPn93bA'],
    ['of another codec', 'bafyreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy'],
    ['in upper case', 'BAFKREIHDWDCEFGH4DQKJV67UZCMW7OJEE6XEDZDETOJUZJEVTENXQUVYKU'],
    ['of nothing', ''],
    ['with a path', 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku/x'],
  ])('%s is refused', (_what, cid) => expect(codeOf(() => cidToContent(cid))).toBe('CID_INVALID'))
})
