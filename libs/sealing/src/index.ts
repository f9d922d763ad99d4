/** `@granary/sealing`: the sealed file, from identity and header to payload. Runs in Node and in browsers. */
export { type CipherName, cipherInUse } from './cipher.js'
export * from './committee/index.js'
export { SealingError, type SealingErrorCode } from './errors.js'
export { type Header, MAX_HEADER_BYTES, readHeader, type Stanza } from './header.js'
export { fileKeyFromIdentity, verifyHeaderMac, wrapHeader } from './header.keys.js'
export {
  bytesToRecipient,
  generateIdentity,
  identityToRecipient,
  parseIdentityFile,
  recipientToBytes,
  recoveryFile,
} from './identity.js'
export { openMessage, sealMessage } from './message.js'
export {
  type FileKeySource,
  type OpenOptions,
  type OpenRangeOptions,
  open,
  openRange,
  type RangeReader,
} from './open.js'
export {
  makePasskey,
  openWithPasskey,
  type PasskeyCredential,
  readPasskeyCredential,
  sealWithPasskey,
} from './passkey.js'
export { openWithPassphrase, sealWithPassphrase, WORK_FACTORS } from './passphrase.js'
export { type Sealing, type SealOptions, seal, sealedSize } from './seal.js'
