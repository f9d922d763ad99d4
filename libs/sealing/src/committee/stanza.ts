import { concatBytes } from '@noble/hashes/utils.js'
import { decodeBase64, encodeBase64 } from '../bytes.js'
import { SealingError } from '../errors.js'
import type { Header, Stanza } from '../header.js'
import { decodePoint, decodeScalar } from './group.js'
import { VERSION } from './label.js'

/**
 * The committee's stanza of a sealed file, `-> granary/v1 <committee id> <R>` and a body of 128 bytes whatever the
 * size of the committee: a file key under threshold encryption, with a public proof that it is well formed.
 */
export interface CommitteeStanza {
  /** First 16 bytes of SHA-256(Y), hex. */
  readonly committeeId: string
  /** r·G, 32 bytes. */
  readonly R: Uint8Array
  /** The file key under the key that r·Y gives, 32 bytes. */
  readonly c: Uint8Array
  /** r·H, 32 bytes. */
  readonly Rprime: Uint8Array
  /** The proof's challenge and response, 32 bytes each. */
  readonly e: Uint8Array
  readonly f: Uint8Array
}

const BODY_BYTES = 128
const invalid = (why: string) => new SealingError('STANZA_INVALID', `committee stanza: ${why}`)

/** @throws STANZA_MISSING, STANZA_REPEATED unless there is exactly one; STANZA_INVALID when it is malformed */
export function findCommitteeStanza(header: Header): CommitteeStanza {
  const [first, ...more] = header.stanzas.filter((stanza) => stanza.args[0] === VERSION)
  if (first === undefined) throw new SealingError('STANZA_MISSING', 'the file is not sealed to a committee')
  if (more.length > 0) throw new SealingError('STANZA_REPEATED', 'the file has several committee stanzas')
  return parseCommitteeStanza(first)
}

/** Checks every encoding, but no proof: see `verifyCommitteeStanza`. @throws STANZA_INVALID */
export function parseCommitteeStanza({ args, body }: Stanza): CommitteeStanza {
  const [version, committeeId, point] = args
  if (version !== VERSION || committeeId === undefined || point === undefined || args.length !== 3)
    throw invalid('wrong arguments')
  if (!/^[0-9a-f]{32}$/.test(committeeId)) throw invalid('bad committee id')
  const R = decodeBase64(point)
  if (R?.length !== 32) throw invalid('R is not 32 bytes of unpadded base64')
  if (body.length !== BODY_BYTES) throw invalid('body is not 128 bytes')
  const field = (index: number) => body.slice(32 * index, 32 * index + 32)
  const stanza = { committeeId, R, c: field(0), Rprime: field(1), e: field(2), f: field(3) }
  decodeStanza(stanza)
  return stanza
}

/** The points and scalars of a stanza. @throws STANZA_INVALID */
export function decodeStanza({ R, Rprime, e, f }: CommitteeStanza) {
  return {
    R: decodePoint(R, 'R', 'STANZA_INVALID'),
    Rprime: decodePoint(Rprime, "R'", 'STANZA_INVALID'),
    e: decodeScalar(e, 'e', 'STANZA_INVALID'),
    f: decodeScalar(f, 'f', 'STANZA_INVALID'),
  }
}

/** The stanza as it stands in a header. */
export function encodeCommitteeStanza({ committeeId, R, c, Rprime, e, f }: CommitteeStanza): Stanza {
  return { args: [VERSION, committeeId, encodeBase64(R)], body: concatBytes(c, Rprime, e, f) }
}
