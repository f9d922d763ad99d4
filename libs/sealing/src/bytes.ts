import { base64nopad } from '@scure/base'

/** The ASCII bytes of a constant of the protocol. */
export const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0))

/** Compares without an early exit; false when the lengths differ. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!
  return difference === 0
}

/** Canonical unpadded standard base64, as age and the committee stanza use it. Null when it is not canonical. */
export function decodeBase64(text: string): Uint8Array | null {
  try {
    return base64nopad.decode(text)
  } catch {
    return null
  }
}

export const encodeBase64 = (bytes: Uint8Array): string => base64nopad.encode(bytes)

/**
 * Bytes that the caller overwrites before anybody sees them: Node does not clear them first, which costs a fifth of
 * the time of sealing.
 */
export function uncleared(length: number): Uint8Array {
  const nodeBuffer = globalThis.Buffer?.allocUnsafeSlow?.(length)
  return nodeBuffer === undefined ? new Uint8Array(length) : new Uint8Array(nodeBuffer.buffer, 0, length)
}
