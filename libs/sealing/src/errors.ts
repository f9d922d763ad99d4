/** Every way in which sealing or opening can fail. `libs/protocol` lists the same codes in its catalogue. */
export type SealingErrorCode =
  | 'ARGUMENT_INVALID'
  | 'CIPHER_UNAVAILABLE'
  | 'HEADER_ALTERED'
  | 'HEADER_INVALID'
  | 'HEADER_TOO_LARGE'
  | 'IDENTITY_INVALID'
  | 'IDENTITY_MISMATCH'
  | 'OPEN_FAILED'
  | 'PASSKEY_CANCELLED'
  | 'PASSKEY_FILE_INVALID'
  | 'PASSKEY_OTHER_SITE'
  | 'PASSKEY_UNAVAILABLE'
  | 'PASSKEY_WITHOUT_PRF'
  | 'PASSKEY_WRONG'
  | 'PAYLOAD_ALTERED'
  | 'PAYLOAD_TRUNCATED'
  | 'RANGE_INVALID'
  | 'RECIPIENT_INVALID'
  | 'SHARES_TOO_FEW'
  | 'SHARE_INVALID'
  | 'SHARING_INVALID'
  | 'STANZA_INVALID'
  | 'STANZA_MISSING'
  | 'STANZA_REPEATED'

/** A failure of this library. Programs match `code`; `message` is for people and never holds a secret. */
export class SealingError extends Error {
  readonly code: SealingErrorCode

  constructor(code: SealingErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SealingError'
    this.code = code
  }
}

/** Throws `ARGUMENT_INVALID` unless `value` is a `Uint8Array` (of `length` bytes, when that is given). */
export function requireBytes(name: string, value: Uint8Array, length?: number): void {
  if (!(value instanceof Uint8Array))
    throw new SealingError('ARGUMENT_INVALID', `${name}: expected a Uint8Array`)
  if (length !== undefined && value.length !== length)
    throw new SealingError('ARGUMENT_INVALID', `${name}: expected ${length} bytes, got ${value.length}`)
}
