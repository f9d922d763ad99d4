import { contentToCid } from '../cid.js'
import { type MessageJson, messageToJson, structHash } from '../messages/index.js'
import type { ConsentEvent, ConsentEvidence } from './evidence.js'
import { type ConsentHistory, type ConsentTerms, consentHistory, termsOf } from './history.js'
import { CONTEXT, PURPOSE_WORDS, WORDS } from './words.js'

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
/** The JSON-LD of a receipt. */
export type ConsentReceipt = { [name: string]: Json }

const PROFILE = 'https://w3id.org/dpv/schema/dpv-27560'
/** Later than what JSON's readers take for a time: said as this. */
const LAST_TIME = Date.UTC(9999, 11, 31) / 1000

/**
 * The consent receipt (ISO/IEC TS 27560:2023 in the profile of W3C DPV, JSON-LD) that follows from signed messages and
 * from nothing else: the same evidence always gives the same receipt. The evidence stands in it whole, so that anybody can
 * work it out again; see `verifyConsentReceipt`.
 *
 * @throws GranaryError CONSENT_RECEIPT_INVALID, PURPOSES_UNDEFINED
 */
export function deriveConsentReceipt(evidence: ConsentEvidence): ConsentReceipt {
  const history = consentHistory(evidence)
  const { contracts, events } = evidence
  const last = events.at(-1) as ConsentEvent
  const id = `${networkIri(evidence)}:receipt:${digestOf(last)}`
  return {
    '@context': CONTEXT as unknown as Json,
    '@id': id,
    '@type': 'dpv:ConsentReceipt',
    'dct:conformsTo': `${PROFILE}#receipt`,
    'dct:created': last.time,
    'dct:language': 'en',
    'dct:publisher': { '@id': account(contracts.chainId, contracts.timelock) },
    'dpv:hasIdentifier': id,
    'dpv:hasRecordOfActivity': recordOf(evidence, history),
    'granary:evidence': evidenceJson(evidence),
  }
}

function recordOf(evidence: ConsentEvidence, history: ConsentHistory): Json {
  const { contracts, events, terms: termsDigest } = evidence
  const { dataset, owner, terms } = history
  const { chainId, datasetRegistry, accessRequests, trainerRegistry, timelock } = contracts
  return {
    '@id': `${networkIri(evidence)}:dataset:${dataset}`,
    '@type': 'dpv:ConsentRecord',
    'dct:conformsTo': `${PROFILE}#record`,
    'dct:created': (events[0] as ConsentEvent).time,
    'dpv:hasIdentifier': dataset,
    'dpv:hasDataSubject': {
      '@id': account(chainId, owner),
      '@type': 'dpv:DataSubject',
      'dpv:hasIdentifier': owner,
    },
    'dpv:hasDataController': {
      '@id': account(chainId, timelock),
      '@type': 'dpv:DataController',
      'dpv:hasName': WORDS.controller,
      'dpv:hasIdentifier': [
        account(chainId, datasetRegistry),
        account(chainId, accessRequests),
        account(chainId, trainerRegistry),
        account(chainId, timelock),
      ],
    },
    'dpv:hasLegalBasis': 'dpv:ExplicitlyExpressedConsent',
    'dpv:hasProcess': {
      '@type': 'dpv:Process',
      'dpv:hasPurpose': purposesOf(terms.purposes, true),
      'dpv:hasPersonalData': personalData(evidence, history),
      'dpv:hasDataSource': 'dpv:DataSubjectDataSource',
      'dpv:hasProcessing': ['dpv:Store', 'dpv:Share', 'dpv:Use'],
      'dpv:hasRecipient': {
        '@id': `${account(chainId, trainerRegistry)}#trainers`,
        '@type': 'dpv:ThirdParty',
        'dct:description': terms.ask ? WORDS.recipientsAsk : WORDS.recipients,
      },
      'dpv:hasStorageCondition': [
        { '@type': 'dpv:StorageLocation', 'dpv:hasLocation': 'dpv:DecentralisedLocations' },
        {
          '@type': 'dpv:StorageDuration',
          'dpv:hasDuration': { '@type': 'dpv:UntilEventDuration', 'rdf:value': WORDS.stored },
        },
      ],
    },
    'dpv:hasProhibition': {
      '@type': 'dpv:Prohibition',
      'dpv:hasPurpose': purposesOf(terms.purposes, false),
    },
    'dpv:hasNotice': {
      '@id': `ipfs://${contentToCid(termsDigest, true)}`,
      '@type': 'dpv:ConsentNotice',
      'dct:isPartOf': `${networkIri(evidence)}:pool:${history.pool}`,
    },
    'dpv:hasConsentControl': {
      '@type': ['dpv:WithdrawConsent', 'dpv:ProvideConsent'],
      'dpv:isExercisedAt': account(chainId, datasetRegistry),
      'dct:description': WORDS.withdraw,
    },
    'dpv:hasRight': {
      '@type': 'dpv:DataSubjectRight',
      'dct:title': WORDS.right,
      'dpv:isExercisedAt': account(chainId, datasetRegistry),
    },
    'dpv:hasConsentStatus': events.map((event) => statusOf(evidence, history, event)),
  }
}

function personalData({ metadata }: ConsentEvidence, history: ConsentHistory): Json {
  const about = metadata && {
    'dct:title': metadata.title,
    'dct:description': metadata.description,
    'dct:format': metadata.mediaType,
    'dct:extent': metadata.size,
    'dct:license': metadata.license,
    ...(metadata.schema === undefined ? {} : { 'dct:conformsTo': metadata.schema }),
  }
  return {
    '@id': `ipfs://${history.cid}`,
    '@type': 'dpv:PersonalData',
    'dct:identifier': history.dataset,
    'granary:metadata': `ipfs://${contentToCid(history.metadataDigest, true)}`,
    ...(about ?? {}),
  }
}

/** What is permitted, or what of all that could be is not. */
function purposesOf(bits: number, permitted: boolean): Json {
  return PURPOSE_WORDS.filter(({ bit }) => (Math.floor(bits / 2 ** bit) % 2 === 1) === permitted).map(
    ({ name, label, broader, related }) => ({
      '@id': `urn:granary:purpose:${name}`,
      '@type': 'dpv:Purpose',
      'skos:prefLabel': label,
      'skos:broader': broader,
      'skos:related': related,
    }),
  )
}

function statusOf(evidence: ConsentEvidence, history: ConsentHistory, event: ConsentEvent): Json {
  const { chainId } = evidence.contracts
  const terms = termsOf(event)
  return {
    '@type': terms === null ? 'dpv:ConsentWithdrawn' : ['dpv:ConsentGiven', 'dpv:ExpressedConsent'],
    'dpv:isIndicatedBy': account(chainId, history.owner),
    'dpv:isIndicatedAtTime': event.time,
    'dpv:hasIndicationMethod': WORDS.method,
    'dct:source': `urn:granary:eip155:${chainId}:transaction:${event.transaction}`,
    'granary:message': `urn:granary:message:${event.type}:${digestOf(event)}`,
    ...(terms === null ? {} : consentOf(terms)),
  }
}

function consentOf({ purposes, expires, ask }: ConsentTerms) {
  return {
    'dpv:hasPurpose': PURPOSE_WORDS.filter(({ bit }) => Math.floor(purposes / 2 ** bit) % 2 === 1).map(
      ({ name }) => `urn:granary:purpose:${name}`,
    ),
    'dpv:hasDuration':
      expires === 0
        ? { '@type': 'dpv:UntilEventDuration', 'rdf:value': WORDS.untilWithdrawn }
        : { '@type': 'dpv:UntilTimeDuration', 'rdf:value': timeOf(expires) },
    'granary:askEachTime': ask,
  }
}

/** The evidence as JSON: what `consentEvidenceSchema` reads. */
export function evidenceJson({ events, ...rest }: ConsentEvidence): Json {
  const messages = events.map((event) => ({
    ...event,
    message: messageToJson(event.type, event.message as never) as MessageJson<'Withdrawal'>,
  }))
  return { ...rest, events: messages } as unknown as Json
}

const digestOf = ({ type, message }: ConsentEvent) => structHash(type, message as never)
const timeOf = (seconds: number) =>
  new Date(Math.min(seconds, LAST_TIME) * 1000).toISOString().replace('.000Z', 'Z')

/** An account as a decentralised identifier (did:pkh, CAIP-10). */
const account = (chainId: number, address: string) => `did:pkh:eip155:${chainId}:${address}`

const networkIri = ({ contracts: { chainId, datasetRegistry } }: ConsentEvidence) =>
  `urn:granary:eip155:${chainId}:${datasetRegistry}`
