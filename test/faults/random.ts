import { createHash } from 'node:crypto'

/** Numbers that follow from a seed, so that a run can be repeated. Not for secrets. */
export interface Random {
  /** from 0 to below 1 */
  next(): number
  /** a whole number from `least` to `most`, both included */
  whole(least: number, most: number): number
  chance(probability: number): boolean
  pick<T>(list: readonly T[]): T
  bytes(length: number): Uint8Array
  /** another source, which does not depend on how much this one was used */
  child(name: string): Random
}

/** The numbers of a seed, which may be any text. */
export function randomOf(seed: string): Random {
  const key = createHash('sha256').update(seed).digest()
  const state = Uint32Array.from({ length: 4 }, (_, i) => key.readUInt32LE(4 * i))
  /** sfc32, by Chris Doty-Humphrey */
  const word = () => {
    const [a, b, c, d] = state as unknown as [number, number, number, number]
    const sum = (a + b + d) >>> 0
    state[0] = b ^ (b >>> 9)
    state[1] = c + (c << 3)
    state[2] = ((c << 21) | (c >>> 11)) + sum
    state[3] = d + 1
    return sum
  }
  const next = () => word() / 4_294_967_296
  const whole = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
  return {
    next,
    whole,
    chance: (probability) => next() < probability,
    pick: (list) => list[whole(0, list.length - 1)]!,
    bytes: (length) => {
      const words = Uint32Array.from({ length: Math.ceil(length / 4) }, word)
      return new Uint8Array(words.buffer, 0, length)
    },
    child: (name) => randomOf(`${seed}/${name}`),
  }
}
