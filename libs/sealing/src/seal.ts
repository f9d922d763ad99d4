import { randomBytes } from '@noble/hashes/utils.js'
import { Stanza as AgeStanza, Encrypter } from 'age-encryption'
import type { CipherName } from './cipher.js'
import { encapsulate } from './committee/encapsulate.js'
import { committeeLabel, type LabelFacts } from './committee/label.js'
import { SealingError } from './errors.js'
import { MAX_HEADER_BYTES, readHeader } from './header.js'
import { recipientToBytes } from './identity.js'
import {
  AHEAD_BYTES,
  PAYLOAD_NONCE_BYTES,
  PayloadSealer,
  payloadCipher,
  sealedPayloadSize,
} from './payload.js'

export interface SealOptions {
  /** Who can open the file on their own: X25519 recipients, `age1…`. A contribution names its contributor's. */
  recipients: string[]
  /** The committee that can open it together, and what that is bound to. */
  committee?: LabelFacts
  /** By default the fastest that the platform has. */
  cipher?: CipherName
}

export interface Sealing {
  /** The file's header, which is also the first thing that `stream` emits. */
  header: Uint8Array
  /** Takes the plaintext, gives the sealed file. */
  stream: TransformStream<Uint8Array, Uint8Array>
}

/**
 * Starts one sealed file: a fresh key, a header, and a stream from plaintext to age v1 file. The stream keeps no more
 * than a write and 2 MiB in work whatever the file's size; it hides neither the plaintext's size nor that the file is Granary's. It serves one plaintext: an interrupted sealing is begun anew.
 *
 * @throws RECIPIENT_INVALID, ARGUMENT_INVALID, HEADER_TOO_LARGE, CIPHER_UNAVAILABLE
 */
export async function seal({ recipients, committee, cipher }: SealOptions): Promise<Sealing> {
  if (recipients.length === 0 && committee === undefined)
    throw new SealingError('ARGUMENT_INVALID', 'recipients: expected at least one, or a committee')
  const { fileKey, header } = await newHeader(recipients, committee)
  const nonce = randomBytes(PAYLOAD_NONCE_BYTES)
  const sealer = new PayloadSealer(await payloadCipher(fileKey, nonce, cipher))
  fileKey.fill(0)
  const work: { bytes: number; emitted: Promise<void> }[] = []
  let bytes = 0
  let last = Promise.resolve()
  const stream = new TransformStream<Uint8Array, Uint8Array>({
    start(controller) {
      controller.enqueue(header.slice())
      controller.enqueue(nonce)
    },
    async transform(input, controller) {
      const emitted = Promise.all([sealer.update(input), last]).then(([sealed]) => {
        if (sealed.length > 0) controller.enqueue(sealed)
      })
      emitted.catch(() => {}) // thrown where it is awaited: by a later write or at the end
      last = emitted
      work.push({ bytes: input.length, emitted })
      for (bytes += input.length; bytes > AHEAD_BYTES; ) {
        const oldest = work.shift()!
        bytes -= oldest.bytes
        await oldest.emitted
      }
    },
    async flush(controller) {
      const end = sealer.finish()
      end.catch(() => {})
      await last
      controller.enqueue(await end)
    },
  })
  return { header, stream }
}

/** Bytes of the sealed file for a header of `headerLength` and a plaintext of `plaintextSize` bytes. */
export function sealedSize(headerLength: number, plaintextSize: number): number {
  return headerLength + PAYLOAD_NONCE_BYTES + sealedPayloadSize(plaintextSize)
}

/**
 * A header by `age-encryption`, and the file key that it drew. The library writes whole files: we let it seal nothing,
 * keep the header, and put our own payload with its own nonce behind it.
 */
async function newHeader(recipients: string[], committee?: LabelFacts) {
  const encrypter = new Encrypter()
  for (const recipient of recipients) {
    recipientToBytes(recipient)
    encrypter.addRecipient(recipient)
  }
  if (committee !== undefined) {
    const label = committeeLabel(committee)
    encrypter.addRecipient({
      wrapFileKey(key) {
        const { args, body } = encapsulate(key, { groupKey: committee.groupKey, label })
        return [new AgeStanza(args, body)]
      },
    })
  }
  let fileKey = new Uint8Array()
  encrypter.addRecipient({
    wrapFileKey(key) {
      fileKey = key.slice()
      return []
    },
  })
  const file = await encrypter.encrypt(new Uint8Array())
  const length = headerLength(file)
  return { fileKey, header: file.slice(0, length) }
}

function headerLength(file: Uint8Array): number {
  try {
    return readHeader(file).length
  } catch (cause) {
    throw new SealingError('HEADER_TOO_LARGE', `too many recipients for ${MAX_HEADER_BYTES} bytes`, { cause })
  }
}
