import { Interface } from 'ethers'
import { CONTRACT_ABIS } from '../contracts.js'
import type { ContractName, Deployment } from '../deployment.js'
import { MESSAGES, type MessageName } from '../messages/catalogue.js'
import { DELEGATION_TYPES } from '../messages/delegation.js'
import { messageTypes } from '../messages/hash.js'
import { permitTypedData } from '../messages/permit.js'
import { DEFINED_BITS, type PurposeName, purposesToBits } from '../purposes.js'
import { TRANSACTION_WORDS, type TransactionWords } from './transactions.js'
import { type FactFormat, type FieldWords, type SignedName, wordsOf } from './words.js'

// ERC-7730 (version 1): by these descriptors hardware and software wallets say in words what they are asked to sign or to
// send. They are made of the same lists as the page's reviews, of the messages themselves and of the contracts' ABIs.

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

/**
 * By file name: one descriptor a contract that reads signed messages, `eip712-<contract>.json`, and one a contract that
 * Granary has transactions sent to, `calldata-<contract>.json`.
 */
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
  const called = [...new Set(TRANSACTIONS.map(({ contract }) => contract))]
  return Object.fromEntries([
    ...contracts.map((contract) => [
      `eip712-${contract}.json`,
      descriptor(
        contract,
        all.filter(([at]) => at === contract).map(([, name]) => name),
        place,
      ),
    ]),
    ...called.map((contract) => [`calldata-${contract}.json`, callDescriptor(contract, place)]),
  ])
}

const TRANSACTIONS: readonly TransactionWords[] = Object.values(TRANSACTION_WORDS)
/** What to say of a method whose transactions an argument tells apart: a descriptor has one intent for it. */
const EITHER: Readonly<Record<string, string>> = { setSuspended: 'Suspend a trainer, or end it' }

function callDescriptor(contract: Target, { deployment }: ClearSigningPlace): ClearSigning {
  const abi = new Interface(CONTRACT_ABIS[contract] as never)
  const calls = new Map(
    TRANSACTIONS.filter((words) => words.contract === contract).map((words) => [words.method, words]),
  )
  const functions = [...calls].map(([method, words]) => ({ words, called: abi.getFunction(method)! }))
  const formats = functions.flatMap(({ words }) => Object.values(words.fields).map(({ format }) => format))
  return {
    $schema: SCHEMA,
    context: {
      contract: {
        deployments: [{ chainId: deployment.chainId, address: deployment[contract] }],
        abi: functions.map(({ called }) => JSON.parse(called.format('json'))),
      },
    },
    metadata: {
      owner: 'Granary',
      constants: { token: deployment.token },
      enums: enumsFor(formats),
    },
    display: {
      formats: Object.fromEntries(
        functions.map(({ words, called }) => {
          const told = Object.values(words.fields)
          // A path is the argument's own name; what it means here has its place.
          const fields = called.inputs.map(({ name, type }, at) => ({ name, type, words: told[at]! }))
          return [called.format('sighash'), formatOf(EITHER[words.method] ?? words.intent, fields, contract)]
        }),
      ),
    },
  }
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
    display: {
      formats: Object.fromEntries(
        names.map((name) => {
          const { intent, fields } = wordsOf(name)
          const members = typesOf(name)[name]!.map((member) => ({ ...member, words: fields[member.name]! }))
          return [name, formatOf(intent, members, contract)]
        }),
      ),
    },
  }
}

function formatOf(
  intent: string,
  fields: readonly { name: string; type: string; words: FieldWords }[],
  contract: Target,
) {
  const shown = fields.flatMap(({ name, type, words }) => fieldsOf(name, type, words, contract))
  return {
    intent: plain(intent),
    fields: shown.map(({ field }) => field),
    required: shown.filter(({ detail }) => !detail).map(({ field }) => field.path),
  }
}

/** As small screens can show it: they know ASCII alone. */
const plain = (words: string) => words.replaceAll('’', "'")

/** A field of a message as fields of a descriptor: lists are shown item by item, the members of structs each. */
function fieldsOf(name: string, type: string, words: FieldWords, contract: Target) {
  const field = (path: string, label: string, format: FactFormat) => ({
    detail: words.detail === true,
    field: { path, label: plain(label), ...formatting(format, contract) },
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
    case 'yes':
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
  yes: () => ({ true: 'Yes', false: 'No' }),
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
