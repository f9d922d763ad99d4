import { CHAIN, MESSAGE, type RouteDescription } from './route.description.js'
import { GOVERNANCE_ROUTES } from './routes.governance.js'
import { UPLOAD_ROUTES } from './routes.uploads.js'

const DOCUMENT = ['DOCUMENT_INVALID', 'DOCUMENT_TOO_LARGE', 'DOCUMENT_MISMATCH'] as const
/** Every route of the API by method and path, in the order of the documentation. */
export const ROUTES: Record<string, RouteDescription> = {
  'POST /v1/auth/nonce': {
    summary: 'Begin to sign in',
    description: 'Answers the complete EIP-4361 text. Sign it as it stands (personal_sign).',
    errors: ['SIWE_DOMAIN_MISMATCH'],
  },
  'POST /v1/auth/session': {
    summary: 'Sign in with the signed text',
    description:
      'Answers a token for `Authorization: Bearer …` and sets the cookie `granary_session` to the same. A session allows ' +
      'uploading and reading one’s own things; it never replaces a typed signature. Contract wallets sign in, too ' +
      '(ERC-1271), also before they are deployed (ERC-6492).',
    errors: [
      'NONCE_UNKNOWN',
      'SIWE_MALFORMED',
      'SIWE_DOMAIN_MISMATCH',
      'SIWE_CHAIN_MISMATCH',
      'SIWE_EXPIRED',
      'SIGNATURE_INVALID',
      'FORBIDDEN',
      ...CHAIN,
    ],
  },
  'GET /v1/auth/session': { summary: 'Whose session this is', signed: true, errors: [] },
  'DELETE /v1/auth/session': { summary: 'Sign out', signed: true, errors: [] },
  'GET /v1/network': {
    summary: 'Chain, contracts, committee and gateways, for display',
    description: 'A careful client takes contract addresses from its own deployment file and compares.',
    errors: [...CHAIN],
  },
  'GET /v1/custodians': {
    summary: 'How the committee’s members answer this server',
    description:
      'Asked of the custodians themselves, every five seconds at most. Whether a release works they decide, not this.',
    errors: ['COMMITTEE_MISSING', ...CHAIN],
  },
  'GET /v1/statistics': {
    summary: 'What happened on this network, by day',
    description:
      '`from` and `to` are days in UTC, both included; without them the last ninety days. At most 732 at once.',
    errors: [],
  },
  'GET /v1/pools': { summary: 'All pools', errors: ['CURSOR_INVALID'] },
  'GET /v1/pools/{id}': { summary: 'One pool', errors: ['POOL_UNKNOWN'] },
  ...UPLOAD_ROUTES,
  'POST /v1/datasets': {
    summary: 'Contribute an uploaded sealed file',
    description: 'Relays the signed `Contribution`; ask /v1/relays/{id} for its fate.',
    signed: true,
    errors: [
      ...MESSAGE,
      ...DOCUMENT,
      'CONTENT_UNKNOWN',
      'CONTENT_ERASED',
      'CONTENT_UNAVAILABLE',
      'CONTENT_ALTERED',
      'CONTENT_NOT_OF_DATASET',
      'HEADER_INVALID',
      'HEADER_TOO_LARGE',
      'STANZA_MISSING',
      'STANZA_REPEATED',
      'STANZA_INVALID',
      'COMMITTEE_UNKNOWN',
      'COMMITTEE_MISSING',
      'POOL_UNKNOWN',
      'POOL_IS_CLOSED',
      'PURPOSES_UNDEFINED',
      'FLAGS_UNDEFINED',
      'CONSENT_EXPIRED',
      'DATASET_EXISTS',
      'DATASET_WITHDRAWN',
    ],
  },
  'GET /v1/datasets': {
    summary: 'The catalogue, newest first unless said otherwise',
    description:
      '`purposes` lists names, separated by commas: only datasets whose consent allows all of them now. `q` are words, or their beginnings, of title and description. A cursor goes on in the order that it was given for.',
    errors: ['CURSOR_INVALID', 'PURPOSE_UNKNOWN'],
  },
  'GET /v1/datasets/facets': {
    summary: 'How many datasets each further choice in the catalogue would leave',
    description: 'Takes what the catalogue is narrowed by. Counts end at `limit`.',
    errors: ['PURPOSE_UNKNOWN'],
  },
  'GET /v1/datasets/{id}': { summary: 'One dataset', errors: ['DATASET_UNKNOWN'] },
  'PUT /v1/datasets/{id}/metadata': {
    summary: 'Bring the metadata document of an own dataset',
    description: 'For a dataset that was contributed through another installation: its digest is on chain.',
    signed: true,
    errors: [...DOCUMENT, 'DATASET_UNKNOWN', 'NOT_OWNER'],
  },
  'GET /v1/datasets/{id}/history': {
    summary: 'Everything that ever happened to a dataset, newest first',
    errors: ['DATASET_UNKNOWN', 'CURSOR_INVALID'],
  },
  'GET /v1/datasets/{id}/content': {
    summary: 'The sealed file',
    description: 'An age file. Takes one range of bytes; its ETag is the CID.',
    errors: [
      'DATASET_UNKNOWN',
      'CONTENT_UNAVAILABLE',
      'CONTENT_ALTERED',
      'CONTENT_ERASED',
      'RANGE_NOT_SATISFIABLE',
    ],
  },
  'GET /v1/datasets/{id}/storage': {
    summary: 'Where the sealed file lies, and what became of it there',
    description:
      'Files are checked on a schedule by reading blocks at random. `copies` counts the places where it was found last; ' +
      'the history has changes, repairs and erasures, newest first.',
    errors: ['DATASET_UNKNOWN'],
  },
  'POST /v1/datasets/{id}/erasure': {
    summary: 'Erase the sealed file of a withdrawn dataset, for good',
    description:
      'Its owner alone may ask, once the withdrawal is on chain. The operator deletes it in every place that it controls; ' +
      '/v1/datasets/{id}/storage shows when. Copies elsewhere, and what a trainer already has, cannot be recalled. The ' +
      'file is `kept` while somebody else’s dataset has the same content.',
    signed: true,
    errors: ['DATASET_UNKNOWN', 'NOT_OWNER', 'DATASET_NOT_WITHDRAWN'],
  },
  'GET /v1/datasets/{id}/consents': {
    summary: 'The messages by which its owner consented, as they were signed',
    description:
      'Oldest first; consent receipts are made of them. `signed` is null where a message cannot be found any more.',
    errors: ['DATASET_UNKNOWN', 'CURSOR_INVALID', 'CHAIN_UNAVAILABLE'],
  },
  'POST /v1/datasets/{id}/consent': {
    summary: 'Change consent',
    description: 'Relays the owner’s signed `ConsentUpdate`.',
    signed: true,
    errors: [
      ...MESSAGE,
      'DATASET_UNKNOWN',
      'DATASET_WITHDRAWN',
      'NOT_OWNER',
      'PURPOSES_UNDEFINED',
      'CONSENT_EXPIRED',
      'CONSENT_OUTDATED',
      'CONSENT_FROM_FUTURE',
    ],
  },
  'POST /v1/datasets/{id}/withdrawal': {
    summary: 'Withdraw consent, for good',
    description: 'Relays the owner’s signed `Withdrawal`; it stops every future release.',
    signed: true,
    errors: [...MESSAGE, 'DATASET_UNKNOWN', 'NOT_OWNER'],
  },
  'POST /v1/trainers': {
    summary: 'Apply as a trainer',
    description:
      'Relays the signed `TrainerApplication`; `profile` is what the DAO reads before it approves.',
    signed: true,
    errors: [...MESSAGE, ...DOCUMENT],
  },
  'GET /v1/trainers': { summary: 'All who applied', errors: ['CURSOR_INVALID'] },
  'GET /v1/trainers/{address}': { summary: 'One trainer’s standing', errors: ['TRAINER_UNKNOWN'] },
  'GET /v1/trainers/{address}/record': {
    summary: 'What a trainer has asked for, used and paid so far, and since when it is approved',
    errors: [],
  },
  'POST /v1/access-requests/manifests': {
    summary: 'Propose the datasets of a request',
    description: 'Binds nobody. Check it, then sign its root in an `AccessRequest`.',
    signed: true,
    errors: [
      'TRAINER_NOT_APPROVED',
      'TRAINER_IS_SUSPENDED',
      'POOL_UNKNOWN',
      'POOL_IS_CLOSED',
      'PURPOSE_NOT_SINGLE',
      'PURPOSES_UNDEFINED',
      'MANIFEST_EMPTY',
      'MANIFEST_TOO_LARGE',
      'DATASET_UNKNOWN',
      'DATASET_OTHER_POOL',
      'DATASET_NOT_ELIGIBLE',
      'CONSENT_PURPOSE_MISSING',
      'CONSENT_EXPIRED',
      'CONSENT_WITHDRAWN',
      'CHAIN_UNAVAILABLE',
    ],
  },
  'POST /v1/access-requests': {
    summary: 'Request access and pay into escrow',
    description:
      'Relays the signed `AccessRequest` with an ERC-2612 permit for price x count (or null where the allowance is ' +
      'there). Its id is the message’s EIP-712 struct hash.',
    signed: true,
    errors: [
      ...MESSAGE,
      'TRAINER_NOT_APPROVED',
      'TRAINER_IS_SUSPENDED',
      'POOL_UNKNOWN',
      'POOL_IS_CLOSED',
      'PURPOSE_NOT_SINGLE',
      'PURPOSES_UNDEFINED',
      'COUNT_ZERO',
      'PRICE_ABOVE_MAXIMUM',
      'ESCROW_TOO_LARGE',
      'RECIPIENT_LOW_ORDER',
      'REQUEST_EXISTS',
      'REQUEST_EXPIRED',
      'MANIFEST_MISMATCH',
      'MANIFEST_TOO_LARGE',
      'ALLOWANCE_TOO_LOW',
      'BALANCE_TOO_LOW',
    ],
  },
  'GET /v1/access-requests': { summary: 'All access requests, newest first', errors: ['CURSOR_INVALID'] },
  'GET /v1/access-requests/{id}': { summary: 'One access request', errors: ['REQUEST_UNKNOWN'] },
  'GET /v1/access-requests/{id}/manifest': {
    summary: 'The exact datasets of a request',
    errors: ['REQUEST_UNKNOWN', 'CONTENT_UNAVAILABLE', 'MANIFEST_MISMATCH'],
  },
  'GET /v1/access-requests/{id}/approvals': {
    summary: 'Owners’ answers in ask mode',
    errors: ['REQUEST_UNKNOWN', 'CURSOR_INVALID', 'CONTENT_UNAVAILABLE'],
  },
  'POST /v1/access-requests/{id}/approvals': {
    summary: 'Answer a request for one’s dataset in ask mode',
    description: 'Relays the owner’s signed `Approval`; a no is final.',
    signed: true,
    errors: [
      ...MESSAGE,
      'REQUEST_UNKNOWN',
      'REQUEST_EXPIRED',
      'REQUEST_IS_FINAL',
      'REQUEST_IS_REFUNDED',
      'DATASET_UNKNOWN',
      'DATASET_NOT_IN_MANIFEST',
      'CONTENT_UNAVAILABLE',
      'NOT_OWNER',
      'APPROVAL_FINAL',
    ],
  },
  'POST /v1/access-requests/{id}/refund': {
    summary: 'Return what was not spent to the trainer',
    description: 'Possible from `refundableAt` on; until then REQUEST_NOT_REFUNDABLE names the time.',
    signed: true,
    errors: [
      'REQUEST_UNKNOWN',
      'REQUEST_NOT_REFUNDABLE',
      'REQUEST_IS_REFUNDED',
      'RELAY_UNAVAILABLE',
      'RELAY_ACCOUNT_LIMIT',
      'RELAY_TOTAL_LIMIT',
      ...CHAIN,
    ],
  },
  'GET /v1/approvals': {
    summary: 'An owner’s inbox: requests that ask for a yes',
    errors: ['CURSOR_INVALID'],
  },
  'GET /v1/approvals/history': {
    summary: 'Every answer that an owner gave, newest first',
    errors: ['CURSOR_INVALID'],
  },
  'GET /v1/access-requests/{id}/releases': {
    summary: 'Settled uses of a request',
    errors: ['REQUEST_UNKNOWN', 'CURSOR_INVALID'],
  },
  'POST /v1/access-requests/{id}/releases/receipts': {
    summary: 'Pass a release order on to all custodians',
    description: 'First step of a release. Custodians can be asked directly, too: /v1/network names them.',
    signed: true,
    errors: ['MESSAGE_INVALID', 'COMMITTEE_MISSING', ...CHAIN],
  },
  'POST /v1/access-requests/{id}/releases/shares': {
    summary: 'Pass receipts on to all custodians, for their shares',
    description: 'Second step of a release. Shares come sealed to the recipient that is on chain.',
    signed: true,
    errors: ['MESSAGE_INVALID', 'COMMITTEE_MISSING', ...CHAIN],
  },
  'POST /v1/owner-releases': {
    summary: 'Pass an owner’s release on to all custodians',
    description:
      'For an owner who has lost the recovery file. Answers come sealed to the recipient that was signed.',
    signed: true,
    errors: ['MESSAGE_INVALID', 'COMMITTEE_MISSING', ...CHAIN],
  },
  'GET /v1/owners/{address}/datasets': {
    summary: 'What an account owns: searched, filtered, in order',
    description:
      '`search` is a part of the title or description, or an id. `total` counts all pages. Public, as the catalogue is.',
    errors: ['CURSOR_INVALID'],
  },
  'GET /v1/owners/{address}/uses': {
    summary: 'Who used an account’s datasets, for what, and what each use earned',
    description:
      'Newest settlement first; `dataset` names one of them. A release is listed once it is settled: before that only ' +
      'trainer and custodians know of it.',
    errors: ['CURSOR_INVALID'],
  },
  'GET /v1/owners/{address}/earnings': {
    summary: 'What an account’s datasets earned, over time',
    description: 'By day, month or year, as the settlements were taken, with what the account claimed.',
    errors: [],
  },
  'GET /v1/rewards/{address}': {
    summary: 'What an account has earned, with its proof',
    description:
      'By the last settlement in effect, against which the contract checks claims. `pending` lists what is earned and ' +
      'not in effect yet.',
    errors: ['SETTLEMENT_DOCUMENT_UNAVAILABLE', ...CHAIN],
  },
  'POST /v1/rewards/{address}/claims': {
    summary: 'Have an account’s rewards paid out to it',
    description: 'What is `claimable`; NOTHING_TO_CLAIM names the time from which pending rewards are.',
    signed: true,
    errors: [
      'NOTHING_TO_CLAIM',
      'SETTLEMENT_DOCUMENT_UNAVAILABLE',
      'RELAY_UNAVAILABLE',
      'RELAY_ACCOUNT_LIMIT',
      'RELAY_TOTAL_LIMIT',
      ...CHAIN,
    ],
  },
  'GET /v1/settlements': {
    summary: 'Settlements, newest first',
    description:
      'Until `effectiveFrom` the guardian may void a settlement and all after it: then its number is taken again by ' +
      'another one, with a `sequence` of its own, and both are listed.',
    errors: ['CURSOR_INVALID'],
  },
  'GET /v1/settlements/{number}': {
    summary: 'One settlement',
    description: 'The one of this number that stands; if none does, the last one that was voided.',
    errors: ['SETTLEMENT_UNKNOWN'],
  },
  ...GOVERNANCE_ROUTES,
  'GET /v1/passkey-backups': {
    summary: 'Copies of one’s recovery keys under passkeys',
    description: 'Ciphertext, for its owner only. What opens it is a passkey, which this server never has.',
    signed: true,
    errors: [],
  },
  'POST /v1/passkey-backups': {
    summary: 'Keep a copy of a passkey file',
    description:
      'In place of an older one of the same passkey. Only for accounts that have a dataset; a few each, of at most 16 KiB. ' +
      'It is a copy: keep the file, too.',
    signed: true,
    errors: ['ADDRESS_MISMATCH', 'PASSKEY_BACKUP_NEEDS_DATASET', 'PASSKEY_BACKUPS_TOO_MANY'],
  },
  'DELETE /v1/passkey-backups/{id}': {
    summary: 'Delete a copy of a passkey file',
    description: 'Neither the passkey nor files that were saved are touched.',
    signed: true,
    errors: ['PASSKEY_BACKUP_UNKNOWN'],
  },
  'GET /v1/relays/{id}': {
    summary: 'The fate of a relayed message',
    description: 'Ask until `status` is `confirmed` or `refused`.',
    errors: ['RELAY_UNKNOWN'],
  },
  'GET /ipfs/{cid}': {
    summary: 'A block or a CAR (IPFS trustless gateway)',
    description:
      'One raw block with `format=raw`; with `format=car` the blocks of a file, depth first, or those that prove a part of it (`dag-scope`, `entity-bytes`). Or by `Accept`. Only what this server has itself; the asker checks the hashes.',
    errors: [
      'CID_INVALID',
      'BLOCK_UNKNOWN',
      'CONTENT_ERASED',
      'FORMAT_MISSING',
      'NOT_ACCEPTABLE',
      'ENTITY_BYTES_OUTSIDE',
      'RANGE_NOT_SATISFIABLE',
      'CONTENT_NOT_CACHED',
      'STORAGE_UNAVAILABLE',
    ],
  },
  'GET /healthz': { summary: 'The process answers', errors: [] },
  'GET /readyz': {
    summary: 'Everything that the API needs is there; `failing` names what is not',
    errors: [
      ...CHAIN,
      'CHAIN_MISMATCH',
      'CONTRACTS_MISSING',
      'STORAGE_UNAVAILABLE',
      'MIGRATIONS_MISSING',
      'DATABASE_TOO_NEW',
      'FEED_BEHIND',
      'SERVICE_UNAVAILABLE',
      'SHUTTING_DOWN',
    ],
  },
  'GET /metrics': { summary: 'Measurements in Prometheus’ format', errors: [] },
}
