import { canonicalJson } from '../canonical-json.js'
import type { Deployment } from '../deployment.js'
import { documentDigest } from '../document.js'
import { GranaryError } from '../errors.js'
import type { Address, Hex } from '../hex.js'
import { readJson } from '../i-json.js'
import { recoverSigner } from '../messages/index.js'
import { bitsToPurposes, type PurposeName } from '../purposes.js'
import { type ConsentReceipt, deriveConsentReceipt } from './derive.js'
import {
  CONSENT_RECEIPT_VERSION,
  type ConsentEvent,
  type ConsentEvidence,
  consentEvidenceSchema,
  MAX_CONSENT_RECEIPT_BYTES,
} from './evidence.js'
import { consentHistory } from './history.js'

const MAX_DEPTH = 12

/** What a receipt that holds says. */
export interface VerifiedConsent {
  evidence: ConsentEvidence
  chainId: number
  registry: Address
  dataset: Hex
  owner: Address
  cid: string
  pool: number
  title: string | null
  purposes: PurposeName[]
  /** Unix seconds, 0 = until withdrawn. */
  expires: number
  ask: boolean
  withdrawn: boolean
  /** wallet: a contract wallet signed something in it, which the chain alone can confirm. */
  signedBy: 'key' | 'wallet'
}

/** The receipt's bytes, for people to read, too. */
export function consentReceiptBytes(receipt: ConsentReceipt): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(receipt, null, 2)}\n`)
}

/**
 * Checks a receipt without any network: every signature of the owner's own key, the metadata against the digest that was
 * signed, and every field against what the signed messages say, by working the whole receipt out again. What is not signed
 * (block, transaction and time of each message, the addresses beside chain and registry, the pool's terms) it takes as the
 * receipt claims.
 *
 * What a contract wallet signed proves nothing here: `chainFollows` is for whoever asks the chain about it afterwards.
 *
 * @throws GranaryError CONSENT_RECEIPT_TOO_LARGE, CONSENT_RECEIPT_INVALID, VERSION_UNKNOWN, PURPOSES_UNDEFINED,
 *   DOCUMENT_MISMATCH, SIGNATURE_INVALID, CONSENT_RECEIPT_ALTERED, CONSENT_RECEIPT_NEEDS_CHAIN
 */
export async function verifyConsentReceipt(
  bytes: Uint8Array,
  { chainFollows = false }: { chainFollows?: boolean } = {},
): Promise<VerifiedConsent> {
  if (bytes.length > MAX_CONSENT_RECEIPT_BYTES)
    throw new GranaryError('CONSENT_RECEIPT_TOO_LARGE', { most: MAX_CONSENT_RECEIPT_BYTES })
  const said = parse(bytes)
  const evidence = readEvidence(said['granary:evidence'])
  const history = consentHistory(evidence)
  if (evidence.metadata && (await documentDigest(evidence.metadata)).digest !== history.metadataDigest)
    throw new GranaryError('DOCUMENT_MISMATCH')
  for (const event of evidence.events) checkSigner(event, evidence, history.owner)
  requireSame(said, deriveConsentReceipt(evidence))
  const signedBy = evidence.events.some((event) => event.signedBy === 'wallet') ? 'wallet' : 'key'
  if (signedBy === 'wallet' && !chainFollows)
    throw new GranaryError('CONSENT_RECEIPT_NEEDS_CHAIN', { account: history.owner })
  const { chainId, datasetRegistry } = evidence.contracts
  const { dataset, owner, cid, pool, terms, withdrawn } = history
  return {
    evidence,
    chainId,
    registry: datasetRegistry,
    dataset,
    owner,
    cid,
    pool,
    title: evidence.metadata?.title ?? null,
    purposes: bitsToPurposes(terms.purposes),
    expires: terms.expires,
    ask: terms.ask,
    withdrawn,
    signedBy,
  }
}

/** Who signed an event, so far as its signature alone tells: its owner's key, or else a contract wallet's code. */
export function consentSignedBy(
  event: Pick<ConsentEvent, 'type' | 'message' | 'signature'>,
  { contracts }: Pick<ConsentEvidence, 'contracts'>,
  owner: Address,
): ConsentEvent['signedBy'] {
  try {
    // Of a deployment only chain and registry count for these messages.
    const signer = recoverSigner(event.type, event.message as never, event.signature, contracts as Deployment)
    return signer === owner ? 'key' : 'wallet'
  } catch {
    return 'wallet'
  }
}

function parse(bytes: Uint8Array): ConsentReceipt {
  let said: unknown
  try {
    said = readJson(bytes, MAX_DEPTH)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'it is not JSON'
    throw new GranaryError('CONSENT_RECEIPT_INVALID', `the receipt cannot be read: ${reason}`, { cause })
  }
  if (typeof said !== 'object' || said === null || Array.isArray(said))
    throw new GranaryError('CONSENT_RECEIPT_INVALID', 'this is no consent receipt')
  return said as ConsentReceipt
}

function readEvidence(json: unknown): ConsentEvidence {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new GranaryError('CONSENT_RECEIPT_INVALID', 'the receipt holds no signed messages')
  const { version } = json as { version?: unknown }
  if (version !== CONSENT_RECEIPT_VERSION) throw new GranaryError('VERSION_UNKNOWN', { version })
  const parsed = consentEvidenceSchema.safeParse(json)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'it'}: ${issue.message}`)
  throw new GranaryError(
    'CONSENT_RECEIPT_INVALID',
    `the receipt is not valid: ${faults.slice(0, 5).join('; ')}`,
  )
}

/** A message that its owner's key signed may not pass for one that only the chain can confirm, and none the other way. */
function checkSigner(event: ConsentEvent, evidence: ConsentEvidence, owner: Address): void {
  const found = consentSignedBy(event, evidence, owner)
  if (found !== event.signedBy)
    throw new GranaryError('SIGNATURE_INVALID', `the ${event.type} is not signed by ${owner}`)
}

function requireSame(said: ConsentReceipt, derived: ConsentReceipt): void {
  const text = (value: unknown) => new TextDecoder().decode(canonicalJson(value))
  let same = false
  try {
    same = text(said) === text(derived)
  } catch (cause) {
    throw new GranaryError('CONSENT_RECEIPT_INVALID', undefined, { cause })
  }
  if (same) return
  const names = [...new Set([...Object.keys(said), ...Object.keys(derived)])]
  const field = names.find((name) => text(said[name] ?? null) !== text(derived[name] ?? null))
  throw new GranaryError('CONSENT_RECEIPT_ALTERED', { field })
}
