import { GranaryError } from './errors.js'

/** use: what is done with the data; permission: what else is allowed; restriction: what the use must keep to. */
export type PurposeKind = 'use' | 'permission' | 'restriction'

/**
 * One bit of a consent or request. `dpv` is the nearest term of the W3C Data Privacy Vocabulary (2.3, core or its AI
 * extension), `duo` one of the Data Use Ontology, which words it as a limit: it holds where the bit is absent.
 * `reserved` bits are refused in version 1.
 */
export interface Purpose<Name extends string = string> {
  readonly bit: number
  readonly name: Name
  readonly kind: PurposeKind
  readonly title: string
  readonly description: string
  readonly dpv: string
  readonly duo?: string
  readonly reserved?: true
}

const DPV = 'https://w3id.org/dpv#'
const DPV_AI = 'https://w3id.org/dpv/ai#'
const DUO = 'http://purl.obolibrary.org/obo/DUO_'

const TABLE = [
  {
    bit: 0,
    name: 'pretraining',
    kind: 'use',
    title: 'Train a model from scratch',
    description: 'The data becomes part of what a new model learns from.',
    dpv: `${DPV_AI}ModelTraining`,
  },
  {
    bit: 1,
    name: 'fine-tuning',
    kind: 'use',
    title: 'Improve an existing model',
    description: 'A model that exists already is adapted with the data.',
    dpv: `${DPV_AI}ModelFineTuning`,
  },
  {
    bit: 2,
    name: 'evaluation',
    kind: 'use',
    title: 'Test a model',
    description: 'The data is only used to measure how well a model works.',
    dpv: `${DPV_AI}Benchmarking`,
  },
  {
    bit: 3,
    name: 'retrieval',
    kind: 'use',
    title: 'Let a model look things up',
    description: 'A model reads the data while it runs, to answer questions.',
    dpv: `${DPV_AI}InformationRetrieval`,
  },
  {
    bit: 4,
    name: 'synthetic-data',
    kind: 'use',
    title: 'Make artificial data',
    description: 'New, artificial data is generated after the pattern of this data.',
    dpv: `${DPV}SyntheticData`,
  },
  {
    bit: 16,
    name: 'commercial',
    kind: 'permission',
    title: 'Commercial use',
    description: 'The result may be used to earn money.',
    dpv: `${DPV}CommercialPurpose`,
    duo: `${DUO}0000046`,
  },
  {
    bit: 17,
    name: 'publish-weights',
    kind: 'permission',
    title: 'Publish the model',
    description: 'The weights of a model that learned from the data may be published.',
    dpv: `${DPV}Disseminate`,
  },
  {
    bit: 18,
    name: 'keep-derived',
    kind: 'permission',
    title: 'Keep what was derived',
    description: 'Data derived from this data may be kept after the run.',
    dpv: `${DPV}DerivedData`,
  },
  {
    bit: 24,
    name: 'clean-room',
    kind: 'restriction',
    title: 'Clean room only',
    description: 'The data may only be used in an environment it cannot leave. Not offered yet.',
    dpv: `${DPV}TrustedExecutionEnvironment`,
    reserved: true,
  },
] as const satisfies readonly Purpose[]

export type PurposeName = (typeof TABLE)[number]['name']

/** Every purpose there is, by ascending bit. */
export const PURPOSES: readonly Purpose<PurposeName>[] = TABLE

/** Bits 0 to 15: a request sets exactly one. */
export const USE_BITS = 0x0000_ffff
/** Bits 0 to 23 permit, bits 24 to 31 restrict. */
export const PERMIT_BITS = 0x00ff_ffff
/** What consents and requests of version 1 may set. */
export const DEFINED_BITS = PURPOSES.filter((purpose) => !purpose.reserved).reduce(
  (bits, purpose) => bits + 2 ** purpose.bit,
  0,
)

/**
 * The map of the named purposes; reserved ones too, which the checks below refuse.
 *
 * @throws GranaryError PURPOSE_UNKNOWN
 */
export function purposesToBits(names: readonly string[]): number {
  const bits = names.map((name) => {
    const purpose = PURPOSES.find((candidate) => candidate.name === name)
    if (purpose === undefined) throw new GranaryError('PURPOSE_UNKNOWN', { purpose: name })
    return purpose.bit
  })
  return [...new Set(bits)].reduce((sum, bit) => sum + 2 ** bit, 0)
}

/** The purposes of a map by ascending bit. Bits without a name are left out. */
export function bitsToPurposes(bits: number): PurposeName[] {
  checkMap(bits)
  return PURPOSES.filter((purpose) => has(bits, 2 ** purpose.bit)).map((purpose) => purpose.name)
}

/**
 * A consent may set any defined bit, also none: then nothing is allowed.
 *
 * @throws GranaryError PURPOSES_UNDEFINED, ARGUMENT_INVALID when it is no 32-bit map
 */
export function checkConsentPurposes(bits: number): void {
  checkMap(bits)
  if (subtract(bits, DEFINED_BITS) !== 0) {
    throw new GranaryError('PURPOSES_UNDEFINED', { bits: subtract(bits, DEFINED_BITS) })
  }
}

/**
 * A request sets defined bits only, exactly one use among them.
 *
 * @throws GranaryError PURPOSES_UNDEFINED, PURPOSE_NOT_SINGLE, ARGUMENT_INVALID
 */
export function checkRequestPurposes(bits: number): void {
  checkConsentPurposes(bits)
  const uses = bits % (USE_BITS + 1)
  if (uses === 0 || (uses & (uses - 1)) !== 0) throw new GranaryError('PURPOSE_NOT_SINGLE')
}

/**
 * Whether a consent covers a request: everything the request permits itself is permitted, everything the consent
 * restricts is kept to. Both maps must have passed their checks; expiry and withdrawal are looked at elsewhere.
 */
export function consentAllows(consent: number, request: number): boolean {
  checkMap(consent)
  checkMap(request)
  const permits = (bits: number) => bits % (PERMIT_BITS + 1)
  const restrictions = (bits: number) => bits - permits(bits)
  return (
    subtract(permits(request), permits(consent)) === 0 &&
    subtract(restrictions(consent), restrictions(request)) === 0
  )
}

function checkMap(bits: number): void {
  if (!Number.isInteger(bits) || bits < 0 || bits > 0xffff_ffff) {
    throw new GranaryError('ARGUMENT_INVALID', 'purposes must be a whole number of 32 bits')
  }
}

/** `bits` without those of `other`, as an unsigned number. */
function subtract(bits: number, other: number): number {
  return (bits & ~other) >>> 0
}

function has(bits: number, bit: number): boolean {
  return (bits & bit) >>> 0 !== 0
}
