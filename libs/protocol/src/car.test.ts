import { randomBytes } from 'node:crypto'
import { CarReader, CarWriter } from '@ipld/car'
import { describe, expect, it } from '@jest/globals'
import { CID } from 'multiformats/cid'
import { carHeader, carOffset, carSize, readCar, writeCar } from './car.js'
import { computeCid, importFile } from './cid.js'
import { CHUNK_BYTES, MAX_LINKS } from './limits.js'

const MIB = 1 << 20
const bytesOf = async (source: AsyncIterable<Uint8Array>) => {
  const parts: Uint8Array[] = []
  for await (const part of source) parts.push(part.slice())
  return Buffer.concat(parts)
}
const carOf = async (bytes: Uint8Array) => {
  const { cid } = await computeCid([bytes])
  const parts: Uint8Array[] = []
  await writeCar(cid, [bytes], async (part) => void parts.push(part.slice()))
  return { cid, car: Buffer.concat(parts) }
}

describe('a CAR of a sealed file', () => {
  const sizes = [0, 1, 127, MIB - 1, MIB, MIB + 1, 3 * MIB + 7, 20 * MIB]

  it.each(sizes)(
    'of %i bytes is as long as was said, is read by others, and gives the file back',
    async (size) => {
      const bytes = randomBytes(size)
      const { cid, car } = await carOf(bytes)
      expect(car.length).toBe(carSize(size))
      const reader = await CarReader.fromBytes(car)
      expect((await reader.getRoots()).map(String)).toEqual([cid])
      expect(await reader.has(CID.parse(cid) as never)).toBe(true)
      const sliced = Array.from({ length: Math.ceil(car.length / 70_001) }, (_, i) =>
        car.subarray(i * 70_001, (i + 1) * 70_001),
      )
      expect((await bytesOf(readCar(cid, sliced))).equals(bytes)).toBe(true)
    },
  )

  it('has the length of two levels of nodes, too', async () => {
    const leaf = new Uint8Array(MIB)
    let total = 0
    const section = (length: number) => length + 36 + (length + 36 < 128 ? 1 : length + 36 < 16_384 ? 2 : 3)
    const { cid, size } = await importFile(
      Array.from({ length: 1026 }, () => leaf),
      {
        put: (_, bytes) => {
          total += section(bytes.length)
        },
      },
    )
    expect(carSize(size)).toBe(total + carHeader(cid).length)
  })

  it('begins as another writer has it', async () => {
    const { cid } = await computeCid([new Uint8Array(3)])
    const { writer, out } = CarWriter.create(CID.parse(cid) as never)
    void writer.close()
    expect(await bytesOf(out)).toEqual(Buffer.from(carHeader(cid)))
  })

  describe('refused', () => {
    const refused = async (change: (car: Buffer) => Uint8Array, name?: string) => {
      const { cid, car } = await carOf(randomBytes(2 * MIB))
      return bytesOf(readCar(name ?? cid, [change(car)])).then(
        () => 'taken',
        ({ code }) => code,
      )
    }
    const flip = (at: number) => (car: Buffer) => {
      car[at]! ^= 1
      return car
    }
    it.each([
      ['with an altered block', flip(1000)],
      ['with another version', flip(58)],
      ['with an altered name of a block', flip(80)],
      ['cut within a block', (car: Buffer) => car.subarray(0, -1)],
      ['cut within its header', (car: Buffer) => car.subarray(0, 20)],
      ['of nothing', () => new Uint8Array()],
      ['with an endless length', (car: Buffer) => Buffer.concat([car, Buffer.alloc(9, 0xff)])],
    ])('%s', async (_, change) => expect(await refused(change)).toBe('CONTENT_ALTERED'))

    it('of another root', async () => {
      const { cid } = await computeCid([new Uint8Array(9)])
      expect(await refused((car) => car, cid)).toBe('CONTENT_ALTERED')
    })
    it('with a block of 2 GiB, before it is read', async () =>
      expect(await refused((car) => Buffer.concat([car, Buffer.from([0xff, 0xff, 0xff, 0xff, 0x07])]))).toBe(
        'BLOCK_TOO_LARGE',
      ))
  })
})

it('tells where a leaf begins, also behind nodes', async () => {
  const leaf = new Uint8Array(CHUNK_BYTES)
  const count = MAX_LINKS + 2
  const { cid } = await computeCid(Array(count).fill(leaf))
  const begins: number[] = []
  const pieces: number[] = []
  let written = 0
  const { size } = await writeCar(cid, Array(count).fill(leaf), async (bytes) => {
    if (bytes.length === CHUNK_BYTES) begins.push(written - pieces.at(-1)!)
    pieces.push(bytes.length)
    written += bytes.length
  })
  expect(written).toBe(carSize(size))
  for (const place of [0, 1, MAX_LINKS - 1, MAX_LINKS, MAX_LINKS + 1])
    expect(carOffset(cid, place * CHUNK_BYTES)).toBe(begins[place])
})
