// Words of version 1. They are part of the format: a receipt is worked out again to the byte when it is checked, so a
// changed word is a new version.

const DPV = 'https://w3id.org/dpv#'
const DPV_AI = 'https://w3id.org/dpv/ai#'

/** The prefixes of every receipt; no context is fetched to read one. */
export const CONTEXT = {
  dct: 'http://purl.org/dc/terms/',
  dpv: DPV,
  'dpv-ai': DPV_AI,
  granary: 'urn:granary:',
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  skos: 'http://www.w3.org/2004/02/skos/core#',
  'granary:evidence': { '@type': '@json' },
} as const

/** What a bit of a consent is called, the purpose of DPV that is wider, and the term of DPV that comes nearest. */
export interface PurposeWords {
  readonly bit: number
  readonly name: string
  readonly label: string
  readonly broader: string
  readonly related: string
}

export const PURPOSE_WORDS: readonly PurposeWords[] = [
  {
    bit: 0,
    name: 'pretraining',
    label: 'Train a model from scratch',
    broader: 'dpv:ResearchAndDevelopment',
    related: 'dpv-ai:ModelTraining',
  },
  {
    bit: 1,
    name: 'fine-tuning',
    label: 'Improve an existing model',
    broader: 'dpv:ResearchAndDevelopment',
    related: 'dpv-ai:ModelFineTuning',
  },
  {
    bit: 2,
    name: 'evaluation',
    label: 'Test a model',
    broader: 'dpv:ResearchAndDevelopment',
    related: 'dpv-ai:Benchmarking',
  },
  {
    bit: 3,
    name: 'retrieval',
    label: 'Let a model look things up',
    broader: 'dpv:ServiceProvision',
    related: 'dpv-ai:InformationRetrieval',
  },
  {
    bit: 4,
    name: 'synthetic-data',
    label: 'Make artificial data',
    broader: 'dpv:ResearchAndDevelopment',
    related: 'dpv:SyntheticData',
  },
  {
    bit: 16,
    name: 'commercial',
    label: 'Commercial use',
    broader: 'dpv:CommercialPurpose',
    related: 'dpv:CommercialPurpose',
  },
  {
    bit: 17,
    name: 'publish-weights',
    label: 'Publish the model',
    broader: 'dpv:Purpose',
    related: 'dpv:Disseminate',
  },
  {
    bit: 18,
    name: 'keep-derived',
    label: 'Keep what was derived',
    broader: 'dpv:Purpose',
    related: 'dpv:DerivedData',
  },
]

export const WORDS = {
  controller: 'Granary DAO',
  recipients: 'Trainers whom the DAO has approved, each for one paid request',
  recipientsAsk:
    'Trainers whom the DAO has approved, each for one paid request and only after a yes of the owner',
  stored: 'Sealed; until its owner has withdrawn it and asked for its erasure',
  untilWithdrawn: 'Until withdrawn',
  method: 'EIP-712 message signed by the wallet of the data subject',
  withdraw:
    'Sign a Withdrawal or a ConsentUpdate for the registry. It ends every future release and cannot take back what a trainer already has.',
  right: 'Right to withdraw consent',
} as const
