export type { Exported, ExportOptions } from './archive/export.js'
export type { ArchiveEntry, ArchivePart } from './archive/part.js'
export { type ArchiveContents, type OpenArchive, type ReadOptions, readArchive } from './archive/read.js'
export type { Restored, RestoreOptions } from './archive/restore.js'
export type { Auth, Session } from './auth.js'
export { checkSignInText } from './auth.js'
export type { Chain, ChainRequest, Done } from './chain.js'
export { createClient, type Granary } from './client.js'
export type { ConfirmedConsent, ConsentReceipts } from './consent-receipts.js'
export type { ClientOptions, ContractWallet } from './context.js'
export type { Contributed, ContributeOptions, Progress, RegisterOptions, Terms } from './contribute.js'
export type { Council } from './council.js'
export type { ChangeOptions, Consent, DatasetFilter, Datasets } from './datasets.js'
export type { Failure } from './faults.js'
export type {
  Fetched,
  FetchedFile,
  FetchOptions,
  Finished,
  OpeningOptions,
  Sink,
  SinkTarget,
} from './fetch.js'
export type { Draft, Governance, Wanted } from './governance.js'
export type { Inbox, Review } from './inbox.js'
export { isLoopback } from './loopback.js'
export type { Committee, CommitteeMember, NetworkFacts } from './network.js'
export type { Overview } from './overview.js'
export type { OpenOwnOptions } from './own.js'
export type { OwnedFilter, Owners } from './owners.js'
export type { SealedPart } from './part.js'
export type { PasskeyBackups } from './passkey-backups.js'
export { PAUSE } from './pause.js'
export type { Pools } from './pools.js'
export type { Relayed, WaitOptions } from './relay.js'
export type { CustodianStep, Release, Released, ReleaseOptions } from './release.js'
export { checkProposal, type Opened, type OpenOptions, type Requests, type Wish } from './requests.js'
export type { Rewards, VerifiedBalance } from './rewards.js'
export type { ToldUse, UseVerifier, VerifiedUse } from './rewards.verify.js'
export { type SealingTarget, type SealOptions, type Source, sealSource } from './seal.js'
export type { Settlements, Voided } from './settlements.js'
export { memorySpool, type Sealed, SPOOL_DAYS, type Spool, type UploadSource } from './spool.js'
export type { Trainers } from './trainers.js'
export type { UploadOptions } from './upload.js'
