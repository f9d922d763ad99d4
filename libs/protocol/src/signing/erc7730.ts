import type { ContractName, Deployment } from '../deployment.js'
import { MESSAGES, type MessageName } from '../messages/catalogue.js'
import { DELEGATION_TYPES } from '../messages/delegation.js'
import { messageTypes } from '../messages/hash.js'
import { permitTypedData } from '../messages/permit.js'
import { DEFINED_BITS, type PurposeName, purposesToBits } from '../purposes.js'
import { type FactFormat, type FieldWords, type MessageWords, type SignedName, wordsOf } from './words.js'

// ERC-7730 (version 1): by these descriptors hardware and software wallets say in words what they are asked to sign. They
// are made of the same list as the page's reviews, and of the messages themselves.

type Named = SignedName
type Target = ContractName | 'token'
/** A descriptor as JSON. */
export type ClearSigning = Record<string, unknown>

/** What a descriptor is filled in with: where the contracts are, and what the token's EIP-712 domain is called. */
export interface ClearSigningPlace {
  deployment: Pick<Deployment, 'chainId' | Target>
  tokenName: string
}

/** Where nothing is deployed yet: what ships with the contracts. */
export const NOWHERE: ClearSigningPlace = {
  deployment: Object.fromEntries([
    ['chainId', 1],
    ...[
      'token',
      'datasetRegistry',
      'trainerRegistry',
      'custodianCommittee',
      'accessRequests',
      'rewardPool',
      'grainToken',
      'governor',
      'timelock',
    ].map((name) => [name, `0x${'0'.repeat(40)}`]),
  ] as const) as unknown as ClearSigningPlace['deployment'],
  tokenName: 'Token',
}

const SCHEMA =
  'https://raw.githubusercontent.com/LedgerHQ/clear-signing-erc7730-registry/master/specs/erc7730-v1.schema.json'
const DOMAIN_FIELDS = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
]

/** One descriptor a contract that reads signed messages, by file name: `eip712-<contract>.json`. */
export function clearSigning(place: ClearSigningPlace): Record<string, ClearSigning> {
  const all: [Target, Named][] = [
    ...(Object.keys(MESSAGES) as MessageName[]).map((name): [Target, Named] => [
      MESSAGES[name].contract,
      name,
    ]),
    ['token', 'Permit'],
    ['grainToken', 'Delegation'],
  ]
  const contracts = [...new Set(all.map(([contract]) => contract))]
  return Object.fromEntries(
    contracts.map((contract) => [
      `eip712-${contract}.json`,
      descriptor(
        contract,
        all.filter(([at]) => at === contract).map(([, name]) => name),
        place,
      ),
    ]),
  )
}

function descriptor(
  contract: Target,
  names: Named[],
  { deployment, tokenName }: ClearSigningPlace,
): ClearSigning {
  const { chainId } = deployment
  const formats = names.flatMap((name) => Object.values(wordsOf(name).fields).map(({ format }) => format))
  return {
    $schema: SCHEMA,
    context: {
      eip712: {
        domain: { name: contract === 'token' ? tokenName : 'Granary', version: '1' },
        deployments: [{ chainId, address: deployment[contract] }],
        schemas: names.map((name) => ({
          primaryType: name,
          types: { EIP712Domain: DOMAIN_FIELDS, ...typesOf(name) },
        })),
      },
    },
    metadata: {
      owner: 'Granary',
      constants: { token: deployment.token },
      enums: enumsFor(formats),
    },
    display: { formats: Object.fromEntries(names.map((name) => [name, formatOf(name, contract)])) },
  }
}

function formatOf(name: Named, contract: Target) {
  const { intent, fields }: MessageWords = wordsOf(name)
  const types = typesOf(name)[name] as { name: string; type: string }[]
  const shown = types.flatMap(({ name: field, type }) =>
    fieldsOf(field, type, fields[field] as FieldWords, contract),
  )
  return {
    intent,
    fields: shown.map(({ field }) => field),
    required: shown.filter(({ detail }) => !detail).map(({ field }) => field.path),
  }
}

/** A field of a message as fields of a descriptor: lists are shown item by item, the members of structs each. */
function fieldsOf(name: string, type: string, words: FieldWords, contract: Target) {
  const field = (path: string, label: string, format: FactFormat) => ({
    detail: words.detail === true,
    field: { path, label, ...formatting(format, contract) },
  })
  if (type === 'Spending[]')
    return [
      field(`${name}.[].request`, `${words.label}: request`, 'digest'),
      field(`${name}.[].amount`, `${words.label}: amount`, 'amount'),
    ]
  const label = words.format === 'until' ? `${words.label} (1970: open)` : words.label
  const format = type === 'address[]' ? 'account' : words.format
  return [field(type.endsWith('[]') ? `${name}.[]` : name, label, format)]
}

function formatting(
  format: FactFormat,
  contract: Target,
): { format: string; params?: Record<string, unknown> } {
  switch (format) {
    case 'account':
      return {
        format: 'addressName',
        params: { types: ['eoa', 'wallet', 'contract'], sources: ['local', 'ens'] },
      }
    case 'amount':
      return {
        format: 'tokenAmount',
        params: contract === 'token' ? { tokenPath: '@.to' } : { token: '$.metadata.constants.token' },
      }
    case 'time':
    case 'until':
      return { format: 'date', params: { encoding: 'timestamp' } }
    case 'answer':
    case 'ask':
    case 'flags':
    case 'purposes':
    case 'support':
      return { format: 'enum', params: { $ref: `$.metadata.enums.${format}` } }
    default:
      return { format: 'raw' }
  }
}

const ENUMS: Partial<Record<FactFormat, () => Record<string, string>>> = {
  answer: () => ({ true: 'Yes', false: 'No, for good' }),
  ask: () => ({ true: 'Yes', false: 'No' }),
  flags: () => ({ 0: 'No', 1: 'Yes', 2: 'No', 3: 'Yes' }),
  support: () => ({ 0: 'Against', 1: 'For', 2: 'Abstain' }),
  purposes: purposesInWords,
}

function enumsFor(formats: readonly FactFormat[]): Record<string, Record<string, string>> {
  const used = (Object.keys(ENUMS) as FactFormat[]).filter((format) => formats.includes(format))
  return Object.fromEntries(used.map((format) => [format, ENUMS[format]!()]))
}

/** As many maps of purposes as a descriptor may put into words: the usual ones. Others are shown as their number. */
const EXTRAS: readonly (readonly [words: string, ...PurposeName[]])[] = [
  [''],
  ['+sell', 'commercial'],
  ['+publish', 'publish-weights'],
  ['+keep', 'keep-derived'],
  ['+sell+publ.', 'commercial', 'publish-weights'],
  ['+everything', 'commercial', 'publish-weights', 'keep-derived'],
]
/** What fits a small screen. */
const USES: readonly (readonly [words: string, PurposeName])[] = [
  ['pretrain', 'pretraining'],
  ['fine-tune', 'fine-tuning'],
  ['evaluate', 'evaluation'],
  ['retrieve', 'retrieval'],
  ['imitate', 'synthetic-data'],
]

function purposesInWords(): Record<string, string> {
  const usual = USES.flatMap(([use, purpose]) =>
    EXTRAS.map(([extra, ...more]) => [purposesToBits([purpose, ...more]), use + extra] as const),
  )
  return { 0: 'nothing', ...Object.fromEntries(usual), [DEFINED_BITS]: 'everything' }
}

function typesOf(name: Named): Record<string, { name: string; type: string }[]> {
  if (name === 'Delegation') return DELEGATION_TYPES
  if (name !== 'Permit') return messageTypes(name) as Record<string, { name: string; type: string }[]>
  const none = { owner: '0x', spender: '0x', token: '0x' } as const
  return permitTypedData({ ...none, chainId: 0, tokenName: '', value: 0n, nonce: 0n, deadline: 0n }).types
}
