/** A whole number as protobuf and CAR write lengths: seven bits a byte, the lowest first. Up to 2^53 - 1. */
export function varint(value: number): number[] {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest]
    bytes.push((rest % 128) + 128)
  }
}

export const varintSize = (value: number) => varint(value).length
