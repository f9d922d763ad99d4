import { contentToCid } from '../cid.js'
import { GranaryError } from '../errors.js'
import { readFlags } from '../flags.js'
import type { Address, Hex } from '../hex.js'
import { datasetId } from '../ids.js'
import { checkConsentPurposes } from '../purposes.js'
import type { ConsentEvent, ConsentEvidence } from './evidence.js'

/** A consent as it stood after an event. `expires` in Unix seconds, 0 = until withdrawn. */
export interface ConsentTerms {
  purposes: number
  expires: number
  ask: boolean
}

/** What the signed messages of one dataset say together. */
export interface ConsentHistory {
  dataset: Hex
  owner: Address
  content: Hex
  cid: string
  pool: number
  metadataDigest: Hex
  /** After the last event; of a withdrawn dataset those before its withdrawal. */
  terms: ConsentTerms
  withdrawn: boolean
}

/**
 * Reads the events of a receipt: one contribution first, changes of this dataset each newer than the one before, at most
 * one withdrawal, last. Says nothing about signatures.
 *
 * @throws GranaryError CONSENT_RECEIPT_INVALID, PURPOSES_UNDEFINED
 */
export function consentHistory({ events }: Pick<ConsentEvidence, 'events'>): ConsentHistory {
  const [first, ...later] = events
  if (first?.type !== 'Contribution') throw invalid('it does not begin with a contribution')
  const { owner, content, pool, metadata, flags } = first.message
  const { ask, rawRoot, withdrawn } = readFlags(flags)
  if (withdrawn) throw invalid('the contribution claims to be withdrawn')
  const dataset = datasetId(owner, content)
  const found: ConsentHistory = {
    dataset,
    owner,
    content,
    cid: contentToCid(content, rawRoot),
    pool,
    metadataDigest: metadata,
    terms: termsOf(first) as ConsentTerms,
    withdrawn: false,
  }
  checkConsentPurposes(found.terms.purposes)
  found.terms.ask = ask
  let [issued, block] = [0, first.block]
  for (const event of later) {
    if (found.withdrawn) throw invalid('something follows the withdrawal')
    if (event.block < block) throw invalid('its events are not in their order')
    block = event.block
    if (event.type === 'Contribution') throw invalid('it has two contributions')
    if (event.type === 'Withdrawal') {
      const { message } = event
      if (message.owner !== owner || message.content !== content)
        throw invalid('the withdrawal is of another dataset')
      found.withdrawn = true
      continue
    }
    if (event.message.dataset !== dataset) throw invalid('a change is of another dataset')
    if (event.message.issued <= issued) throw invalid('a change is not newer than the one before it')
    issued = event.message.issued
    found.terms = termsOf(event) as ConsentTerms
    checkConsentPurposes(found.terms.purposes)
  }
  return found
}

/** What an event says may be done; null of a withdrawal. */
export function termsOf(event: ConsentEvent): ConsentTerms | null {
  if (event.type === 'Withdrawal') return null
  const { purposes, expires } = event.message
  const ask = event.type === 'ConsentUpdate' ? event.message.ask : readFlags(event.message.flags).ask
  return { purposes, expires, ask }
}

const invalid = (reason: string) =>
  new GranaryError('CONSENT_RECEIPT_INVALID', `the receipt is not valid: ${reason}`)
