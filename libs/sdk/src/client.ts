import type { Hex } from '@granary/protocol'
import { type Exported, type ExportOptions, exportAccount } from './archive/export.js'
import type { ArchiveContents, OpenArchive, ReadOptions } from './archive/read.js'
import { type Restored, type RestoreOptions, restoreArchive } from './archive/restore.js'
import { verifyOnChain } from './archive/verify.js'
import type { Auth } from './auth.js'
import type { Chain } from './chain.js'
import { type ConsentReceipts, createConsentReceipts } from './consent-receipts.js'
import { type ClientOptions, createContext } from './context.js'
import {
  type Contributed,
  type ContributeOptions,
  contribute,
  type RegisterOptions,
  register,
} from './contribute.js'
import { type Council, createCouncil } from './council.js'
import { createDatasets, type Datasets } from './datasets.js'
import { type Fetched, type FetchOptions, fetchReleased, fetchRequest, type OpeningOptions } from './fetch.js'
import { createGovernance, type Governance } from './governance.js'
import { createInbox, type Inbox } from './inbox.js'
import type { NetworkFacts } from './network.js'
import { createOverview, type Overview } from './overview.js'
import { createOwners, type Owners } from './owners.js'
import { createPasskeyBackups, type PasskeyBackups } from './passkey-backups.js'
import { createPools, type Pools } from './pools.js'
import { type Relayed, type WaitOptions, waitForRelay } from './relay.js'
import { type Release, type ReleaseOptions, release } from './release.js'
import { createRequests, type Requests } from './requests.js'
import { createRewards, type Rewards } from './rewards.js'
import { type SealingTarget, sealingTarget } from './seal.js'
import { settle } from './settle.js'
import { createSettlements, type Settlements } from './settlements.js'
import { createTrainers, type Trainers } from './trainers.js'
import { type UploadOptions, uploadSealed } from './upload.js'

/** A client of one Granary network. Nothing happens until a method is called. */
export interface Granary {
  auth: Auth
  /** Checked facts: contracts, committee. */
  network(): Promise<NetworkFacts>
  /** The chain itself; needs an RPC endpoint. */
  chain(): Promise<Chain>
  pools: Pools
  datasets: Datasets
  consentReceipts: ConsentReceipts
  passkeyBackups: PasskeyBackups
  owners: Owners
  trainers: Trainers
  requests: Requests
  inbox: Inbox
  rewards: Rewards
  settlements: Settlements
  council: Council
  governance: Governance
  /** The network as a whole: statistics, custodians, treasury. */
  overview: Overview
  /** Seals, uploads and registers one file. */
  contribute(options: ContributeOptions): Promise<Contributed>
  /** Its steps by themselves; `sealSource` takes the target as plain data. */
  sealingTarget(): Promise<SealingTarget>
  upload(options: UploadOptions): ReturnType<typeof uploadSealed>
  register(options: RegisterOptions): ReturnType<typeof register>
  /** Keys only. */
  release(request: Hex, options: ReleaseOptions): Promise<Release>
  /** Keys and files. */
  fetch(request: Hex, options: FetchOptions): Promise<Fetched>
  /** Files of keys that `release` gave, to this client or another one of the same person: its answer is plain data. */
  fetchReleased(release: Release, options: OpeningOptions): Promise<Fetched>
  /** Everything that the account owns, as one archive. */
  export(options: ExportOptions): Promise<Exported>
  /** Brings an archive's files and documents to this client's API. */
  restore(open: OpenArchive, options: RestoreOptions): Promise<Restored>
  /** Checks all of an archive, and against the chain. `readArchive` alone does the former without any network. */
  verifyArchive(open: OpenArchive, options?: ReadOptions): Promise<ArchiveContents>
  /** Asks the custodians to settle now. */
  settle(): ReturnType<typeof settle>
  relay: { wait(id: string, options?: WaitOptions): Promise<Relayed> }
}

export function createClient(options: ClientOptions): Granary {
  const context = createContext(options)
  return {
    auth: context.auth,
    network: () => context.network(),
    chain: () => context.chain(),
    pools: createPools(context),
    datasets: createDatasets(context),
    consentReceipts: createConsentReceipts(context),
    passkeyBackups: createPasskeyBackups(context),
    owners: createOwners(context),
    trainers: createTrainers(context),
    requests: createRequests(context),
    inbox: createInbox(context),
    rewards: createRewards(context),
    settlements: createSettlements(context),
    council: createCouncil(context),
    governance: createGovernance(context),
    overview: createOverview(context),
    contribute: (given) => contribute(context.operation(), given),
    sealingTarget: async () => sealingTarget(await context.network(), await context.account()),
    upload: (given) => uploadSealed(context.operation(), given),
    register: (given) => register(context.operation(), given),
    release: (request, given) => release(context.operation(), request, given),
    fetch: (request, given) => fetchRequest(context.operation(), request, given),
    fetchReleased: (keys, given) => fetchReleased(context.operation(), keys, given),
    export: (given) => exportAccount(context.operation(), given),
    restore: (open, given) => restoreArchive(context.operation(), open, given),
    verifyArchive: (open, given) => verifyOnChain(context.operation(), open, given),
    settle: () => settle(context.operation()),
    relay: { wait: (id, given) => waitForRelay(context, id, given) },
  }
}
