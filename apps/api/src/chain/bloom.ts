import { getBytes, keccak256 } from 'ethers'

// Ethereum's blooms: 2048 bits in a block's header, three of them set for each address and topic of its logs. What is
// not in the bloom is not in the block; what is may be there. Bits are counted from the end, as the yellow paper does.

const BITS = 2_048
/** With more bits set than this it says "perhaps" of nearly everything. */
const FULL = BITS / 4

export type Bloom = Uint8Array

/** The three bits of an address or topic (hex). */
export function bitsOf(value: string): [number, number, number] {
  const hash = getBytes(keccak256(value))
  const bit = (place: number) => (((hash[place] as number) << 8) | (hash[place + 1] as number)) & (BITS - 1)
  return [bit(0), bit(2), bit(4)]
}

export function mayContain(bloom: Bloom, bits: readonly number[]): boolean {
  return bits.every((bit) => (byteOf(bloom, bit) >> (bit & 7)) & 1)
}

/** Some chains leave blooms empty, and those of busy blocks are too full to tell anything. */
export function isTelling(bloom: Bloom): boolean {
  let set = 0
  for (const byte of bloom) for (let rest = byte; rest > 0; rest &= rest - 1) set += 1
  return set > 0 && set <= FULL
}

/** The bloom of some logs. */
export function bloomOf(logs: readonly { address: string; topics: readonly string[] }[]): Bloom {
  const bloom = new Uint8Array(BITS / 8)
  for (const { address, topics } of logs)
    for (const value of [address, ...topics])
      for (const bit of bitsOf(value)) bloom[bloom.length - 1 - (bit >> 3)]! |= 1 << (bit & 7)
  return bloom
}

/** Whether every bit of `part` is set in `whole`. */
export function covers(whole: Bloom, part: Bloom): boolean {
  return part.every((byte, place) => (byte & ~(whole[place] as number)) === 0)
}

const byteOf = (bloom: Bloom, bit: number) => bloom[bloom.length - 1 - (bit >> 3)] as number
