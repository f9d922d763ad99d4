/** Whole bytes as `0x` and hex digits. Ids, hashes and signatures are lower case; addresses are checksummed. */
export type Hex = `0x${string}`

/** An account's address with its checksum (EIP-55). */
export type Address = Hex

/** 32 zero bytes: "nothing" wherever a digest or root is expected. */
export const ZERO_BYTES32: Hex = `0x${'0'.repeat(64)}`

const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Lower-case hex of `bytes`. */
export function bytesToHex(bytes: Uint8Array): Hex {
  // Joined, not added up: V8 would keep the sum as a rope of its parts, ten times its length, for as long as it lives.
  const parts = ['0x']
  for (const byte of bytes) parts.push(DIGITS[byte]!)
  return parts.join('') as Hex
}

/**
 * The bytes of `hex`, in either case.
 *
 * @throws TypeError when it is not `0x` and whole bytes, or has another length than `length`
 */
export function hexToBytes(hex: string, length?: number): Uint8Array {
  if (!/^0x(?:[0-9a-fA-F]{2})*$/.test(hex)) throw new TypeError('hex must be 0x and whole bytes')
  const bytes = new Uint8Array((hex.length - 2) / 2)
  if (length !== undefined && bytes.length !== length) throw new TypeError(`hex must have ${length} bytes`)
  for (let i = 0; i < bytes.length; i++) bytes[i] = 16 * digit(hex, 2 * i + 2) + digit(hex, 2 * i + 3)
  return bytes
}

/** The value of a hex digit by its character code: 0-9 are 48 to 57, A-F 65 to 70, a-f 97 to 102. */
function digit(hex: string, at: number): number {
  const code = hex.charCodeAt(at)
  return code < 58 ? code - 48 : (code | 32) - 87
}
