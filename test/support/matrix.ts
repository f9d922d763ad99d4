import { ERRORS, type ErrorCode } from '@granary/protocol'

// Who may do what, by route. The table is what the API is held to; authorisation.spec.ts asks all of it.

export const ROLES = ['nobody', 'alice', 'anna', 'trent', 'tess', 'council'] as const
/** Alice owns the datasets, Anna is another contributor, Trent trains, Tess is a trainer who is suspended. */
export type Role = (typeof ROLES)[number]

/**
 * A line a route: the code of the refusal or the status of what was done. `-` is UNAUTHENTICATED, `..` the same as the
 * column before. A word in brackets tells two requests to one route apart; "of Alice" means that she signed what is sent.
 */
const TABLE = `
route                                                        | nobody         | alice                       | anna             | trent                | tess              | council
POST   /v1/auth/nonce                                        | 200            | ..                          | ..               | ..                   | ..                | ..
POST   /v1/auth/session (no text of ours)                    | SIWE_MALFORMED | ..                          | ..               | ..                   | ..                | ..
POST   /v1/auth/session (what somebody else signed)          | SIGNATURE_INVALID | ..                       | ..               | ..                   | ..                | ..
GET    /v1/auth/session                                      | -              | 200                         | ..               | ..                   | ..                | ..
DELETE /v1/auth/session                                      | -              | 204                         | ..               | ..                   | ..                | ..
GET    /v1/network                                           | 200            | ..                          | ..               | ..                   | ..                | ..
GET    /v1/custodians                                        | 200            | ..                          | ..               | ..                   | ..                | ..
GET    /v1/statistics                                        | 200            | ..                          | ..               | ..                   | ..                | ..
GET    /v1/pools                                             | 200            | ..                          | ..               | ..                   | ..                | ..
GET    /v1/pools/{id}                                        | 200            | ..                          | ..               | ..                   | ..                | ..
OPTIONS /v1/uploads                                          | 204            | ..                          | ..               | ..                   | ..                | ..
OPTIONS /v1/uploads/{id}                                     | 204            | ..                          | ..               | ..                   | ..                | ..
POST   /v1/uploads                                           | -              | 201                         | ..               | ..                   | ..                | ..
HEAD   /v1/uploads/{id} (of Alice)                           | -              | 200                         | UPLOAD_UNKNOWN   | ..                   | ..                | ..
PATCH  /v1/uploads/{id} (of Alice)                           | -              | 204                         | UPLOAD_UNKNOWN   | ..                   | ..                | ..
DELETE /v1/uploads/{id} (of Alice)                           | -              | 204                         | UPLOAD_UNKNOWN   | ..                   | ..                | ..
POST   /v1/datasets (of Alice)                               | -              | 202                         | ADDRESS_MISMATCH | ..                   | ..                | ..
POST   /v1/datasets (her content, signed by oneself)         | -              | DATASET_EXISTS              | STANZA_INVALID   | ..                   | ..                | ..
GET    /v1/datasets                                          | 200            | ..                          | ..               | ..                   | ..                | ..
GET    /v1/datasets/facets                                   | 200            | ..                          | ..               | ..                   | ..                | ..
GET    /v1/datasets/{id}                                     | 200            | ..                          | ..               | ..                   | ..                | ..
GET    /v1/datasets/{id}/history                             | 200            | ..                          | ..               | ..                   | ..                | ..
GET    /v1/datasets/{id}/consents                            | 200            | ..                          | ..               | ..                   | ..                | ..
GET    /v1/datasets/{id}/content                             | 200            | ..                          | ..               | ..                   | ..                | ..
PUT    /v1/datasets/{id}/metadata (of Alice)                 | -              | 200                         | NOT_OWNER        | ..                   | ..                | ..
GET    /v1/datasets/{id}/storage                             | 200            | ..                          | ..               | ..                   | ..                | ..
POST   /v1/datasets/{id}/erasure                             | -              | DATASET_NOT_WITHDRAWN       | NOT_OWNER        | ..                   | ..                | ..
POST   /v1/datasets/{id}/consent (of Alice)                  | -              | 202                         | NOT_OWNER        | ..                   | ..                | ..
POST   /v1/datasets/{id}/consent (signed by oneself)         | -              | 202                         | NOT_OWNER        | ..                   | ..                | ..
POST   /v1/datasets/{id}/withdrawal (of Alice)               | -              | 202                         | ADDRESS_MISMATCH | ..                   | ..                | ..
POST   /v1/datasets/{id}/withdrawal (signed by oneself)      | -              | 202                         | MESSAGE_INVALID  | ..                   | ..                | ..
POST   /v1/trainers (of Alice)                               | -              | 202                         | ADDRESS_MISMATCH | ..                   | ..                | ..
GET    /v1/trainers                                          | 200            | ..                          | ..               | ..                   | ..                | ..
GET    /v1/trainers/{address}                                | 200            | ..                          | ..               | ..                   | ..                | ..
GET    /v1/trainers/{address}/record                         | 200            | ..                          | ..               | ..                   | ..                | ..
POST   /v1/access-requests/manifests                         | -              | TRAINER_NOT_APPROVED        | ..               | 200                  | TRAINER_IS_SUSPENDED | TRAINER_NOT_APPROVED
POST   /v1/access-requests (of Trent)                        | -              | ADDRESS_MISMATCH            | ..               | 202                  | ADDRESS_MISMATCH  | ..
POST   /v1/access-requests (signed by oneself)               | -              | TRAINER_NOT_APPROVED        | ..               | 202                  | TRAINER_IS_SUSPENDED | TRAINER_NOT_APPROVED
GET    /v1/access-requests                                   | 200            | ..                          | ..               | ..                   | ..                | ..
GET    /v1/access-requests/{id}                              | 200            | ..                          | ..               | ..                   | ..                | ..
GET    /v1/access-requests/{id}/manifest                     | 200            | ..                          | ..               | ..                   | ..                | ..
GET    /v1/access-requests/{id}/approvals                    | 200            | ..                          | ..               | ..                   | ..                | ..
POST   /v1/access-requests/{id}/approvals (of Alice)         | -              | 202                         | NOT_OWNER        | ..                   | ..                | ..
POST   /v1/access-requests/{id}/approvals (signed by oneself)| -              | 202                         | NOT_OWNER        | ..                   | ..                | ..
POST   /v1/access-requests/{id}/refund                       | -              | REQUEST_NOT_REFUNDABLE      | ..               | ..                   | ..                | ..
GET    /v1/approvals                                         | 200            | ..                          | ..               | ..                   | ..                | ..
GET    /v1/approvals/history                                 | 200            | ..                          | ..               | ..                   | ..                | ..
GET    /v1/access-requests/{id}/releases                     | 200            | ..                          | ..               | ..                   | ..                | ..
POST   /v1/access-requests/{id}/releases/receipts            | -              | 200                         | ..               | ..                   | ..                | ..
POST   /v1/access-requests/{id}/releases/shares              | -              | 200                         | ..               | ..                   | ..                | ..
POST   /v1/owner-releases                                    | -              | 200                         | ..               | ..                   | ..                | ..
GET    /v1/owners/{address}/datasets                         | 200            | ..                          | ..               | ..                   | ..                | ..
GET    /v1/owners/{address}/uses                             | 200            | ..                          | ..               | ..                   | ..                | ..
GET    /v1/owners/{address}/earnings                         | 200            | ..                          | ..               | ..                   | ..                | ..
GET    /v1/rewards/{address}                                 | 200            | ..                          | ..               | ..                   | ..                | ..
POST   /v1/rewards/{address}/claims                          | -              | NOTHING_TO_CLAIM            | ..               | ..                   | ..                | ..
GET    /v1/settlements                                       | 200            | ..                          | ..               | ..                   | ..                | ..
GET    /v1/settlements/{number}                              | SETTLEMENT_UNKNOWN | ..                      | ..               | ..                   | ..                | ..
POST   /v1/proposals (of Alice)                              | -              | GOVERNOR_INSUFFICIENT_PROPOSER_VOTES | ADDRESS_MISMATCH | ..          | ..                | ..
GET    /v1/proposals                                         | 200            | ..                          | ..               | ..                   | ..                | ..
GET    /v1/proposals/{id}                                    | GOVERNOR_NONEXISTENT_PROPOSAL | ..           | ..               | ..                   | ..                | ..
GET    /v1/proposals/{id}/votes                              | GOVERNOR_NONEXISTENT_PROPOSAL | ..           | ..               | ..                   | ..                | ..
POST   /v1/proposals/{id}/votes (of Alice)                   | -              | GOVERNOR_NONEXISTENT_PROPOSAL | ADDRESS_MISMATCH | ..                   | ..                | ..
POST   /v1/proposals/{id}/queue                              | -              | GOVERNOR_NONEXISTENT_PROPOSAL | ..             | ..                   | ..                | ..
POST   /v1/proposals/{id}/execute                            | -              | GOVERNOR_NONEXISTENT_PROPOSAL | ..             | ..                   | ..                | ..
POST   /v1/members (of Alice)                                | -              | NOTHING_TO_MINT             | ADDRESS_MISMATCH | ..                   | ..                | ..
GET    /v1/members/{address}                                 | 200            | ..                          | ..               | ..                   | ..                | ..
POST   /v1/members/{address}/delegations (of Alice)          | -              | 202                         | ADDRESS_MISMATCH | ..                   | ..                | ..
GET    /v1/members/{address}/delegators                      | 200            | ..                          | ..               | ..                   | ..                | ..
GET    /v1/treasury                                          | 200            | ..                          | ..               | ..                   | ..                | ..
GET    /v1/treasury/movements                                | 200            | ..                          | ..               | ..                   | ..                | ..
GET    /v1/passkey-backups                                   | -              | 200                         | ..               | ..                   | ..                | ..
POST   /v1/passkey-backups (of Alice)                        | -              | 201                         | ADDRESS_MISMATCH | ..                   | ..                | ..
POST   /v1/passkey-backups (of oneself)                      | -              | 201                         | PASSKEY_BACKUP_NEEDS_DATASET | ..                   | ..                | ..
DELETE /v1/passkey-backups/{id} (of Alice)                   | -              | 204                         | PASSKEY_BACKUP_UNKNOWN | ..                   | ..                | ..
GET    /v1/relays/{id} (of Alice)                            | 200            | ..                          | ..               | ..                   | ..                | ..
GET    /ipfs/{cid}                                           | 200            | ..                          | ..               | ..                   | ..                | ..
GET    /healthz                                              | 200            | ..                          | ..               | ..                   | ..                | ..
GET    /readyz                                               | 200            | ..                          | ..               | ..                   | ..                | ..
GET    /metrics                                              | 200            | ..                          | ..               | ..                   | ..                | ..
GET    /docs                                                 | 200            | ..                          | ..               | ..                   | ..                | ..
GET    /docs/                                                | 200            | ..                          | ..               | ..                   | ..                | ..
GET    /docs-yaml                                            | 200            | ..                          | ..               | ..                   | ..                | ..
GET    /docs-json                                            | 200            | ..                          | ..               | ..                   | ..                | ..
`

export interface Row {
  /** as the OpenAPI document has it, `GET /v1/pools/{id}` */
  route: string
  /** which of several requests to the route */
  variant: string
  expected: Record<Role, string>
}

const cells = (line: string) => line.split('|').map((cell) => cell.trim())

/** An answer in the words of the table. */
export const word = (status: number, code: unknown): string =>
  code === 'UNAUTHENTICATED' ? '-' : typeof code === 'string' ? code : String(status)

/** The status that a word of the table stands for. */
export const statusOf = (told: string): number =>
  /^\d+$/.test(told) ? Number(told) : ERRORS[(told === '-' ? 'UNAUTHENTICATED' : told) as ErrorCode]?.status

export const MATRIX: readonly Row[] = TABLE.trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [name = '', ...columns] = cells(line)
    const [, method = '', path = '', variant = ''] = /^(\w+)\s+(\S+?)(?:\s*\((.*)\))?$/.exec(name) ?? []
    let last = ''
    const told = ROLES.map((role, place) => {
      last = columns[place] === '..' ? last : (columns[place] ?? '')
      return [role, last] as const
    })
    return { route: `${method} ${path}`, variant, expected: Object.fromEntries(told) as Row['expected'] }
  })

/** What a custodian answers to anybody, by route: a status, or the code of the refusal. */
export const CUSTODIAN_ROUTES: readonly (readonly [method: string, path: string, expected: string])[] = [
  ['GET', '/healthz', '200'],
  ['GET', '/v1/identity', '200'],
  ['GET', '/v1/key-generations/1', 'EPOCH_UNKNOWN'],
  ['GET', '/v1/ledger', '200'],
  ['GET', '/v1/settlements/1', 'SETTLEMENT_UNKNOWN'],
  ['POST', '/v1/receipts', 'VALIDATION_FAILED'],
  ['POST', '/v1/shares', 'VALIDATION_FAILED'],
  ['POST', '/v1/owner-releases', 'VALIDATION_FAILED'],
  ['POST', '/v1/settlements/signatures', 'VALIDATION_FAILED'],
  ['POST', '/v1/settlements', '200'],
  ['GET', '/ipfs/x', 'CID_INVALID'],
  ['GET', '/v1/shares', 'NOT_FOUND'],
  ['GET', '/readyz', '200'],
  ['GET', '/metrics', '200'],
  ['OPTIONS', '/v1/receipts', '204'],
]
