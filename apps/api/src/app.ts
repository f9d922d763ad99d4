import { followed } from '@granary/operation'
import { createOutgoing } from '@granary/protocol/node'
import { type DynamicModule, Module } from '@nestjs/common'
import { AccessRequestsController } from './access-requests/access-requests.controller.js'
import { AccessRequestsRepository } from './access-requests/access-requests.repository.js'
import { AccessRequestsService } from './access-requests/access-requests.service.js'
import { ApprovalsController } from './access-requests/approvals.controller.js'
import { InboxService } from './access-requests/inbox.service.js'
import { ManifestsService } from './access-requests/manifests.service.js'
import { BLOB_STORE, CONFIG, LOCATIONS, OUTGOING } from './app.tokens.js'
import { AuthController } from './auth/auth.controller.js'
import { AuthRepository } from './auth/auth.repository.js'
import { AuthService } from './auth/auth.service.js'
import { SignedIn } from './auth/signed-in.guard.js'
import { BlocksRepository } from './blocks/blocks.repository.js'
import { BlocksService } from './blocks/blocks.service.js'
import { ChainAudit } from './chain/audit.js'
import { Chain } from './chain/chain.js'
import { CommitteeService } from './chain/committee.service.js'
import { FeedRepository } from './chain/feed.repository.js'
import { FeedService } from './chain/feed.service.js'
import { LogReader } from './chain/log.reader.js'
import { Signatures } from './chain/signatures.js'
import type { Config } from './config.js'
import { ConsentsController } from './consents/consents.controller.js'
import { ConsentsRepository } from './consents/consents.repository.js'
import { ConsentsService } from './consents/consents.service.js'
import { SignedConsentsService } from './consents/signed-consents.service.js'
import { Database } from './database/database.js'
import { LeaseRepository } from './database/lease.repository.js'
import { LockRepository } from './database/lock.repository.js'
import { LockService } from './database/lock.service.js'
import { ContentService } from './datasets/content.service.js'
import { DatasetsController } from './datasets/datasets.controller.js'
import { DatasetsRepository } from './datasets/datasets.repository.js'
import { DatasetsService } from './datasets/datasets.service.js'
import { FacetsRepository } from './datasets/facets.repository.js'
import { FacetsService } from './datasets/facets.service.js'
import { SealedFileService } from './datasets/sealed-file.service.js'
import { DocumentsRepository } from './documents/documents.repository.js'
import { DocumentsService } from './documents/documents.service.js'
import { GatewayController } from './gateway/gateway.controller.js'
import { GatewayService } from './gateway/gateway.service.js'
import { DelegationsService } from './governance/delegations.service.js'
import { GovernanceRepository } from './governance/governance.repository.js'
import { MembersController } from './governance/members.controller.js'
import { MembersService } from './governance/members.service.js'
import { ProposalsController } from './governance/proposals.controller.js'
import { ProposalsService } from './governance/proposals.service.js'
import { VotesService } from './governance/votes.service.js'
import { PublicUrl } from './http/public-url.js'
import { RateLimits } from './http/rate-limit.js'
import { CustodiansController } from './network/custodians.controller.js'
import { CustodiansService } from './network/custodians.service.js'
import { NetworkController } from './network/network.controller.js'
import { NetworkService } from './network/network.service.js'
import { MetricsService } from './operations/metrics.service.js'
import { OperationsController } from './operations/operations.controller.js'
import { OperationsRepository } from './operations/operations.repository.js'
import { ReadinessService } from './operations/readiness.service.js'
import { OwnersController } from './owners/owners.controller.js'
import { OwnersRepository } from './owners/owners.repository.js'
import { OwnersService } from './owners/owners.service.js'
import { PasskeyBackupsController } from './passkey-backups/passkey-backups.controller.js'
import { PasskeyBackupsRepository } from './passkey-backups/passkey-backups.repository.js'
import { PasskeyBackupsService } from './passkey-backups/passkey-backups.service.js'
import { PoolsController } from './pools/pools.controller.js'
import { PoolsRepository } from './pools/pools.repository.js'
import { PoolsService } from './pools/pools.service.js'
import { Preflight } from './relays/preflight.js'
import { RelayBudget } from './relays/relay.budget.js'
import { RelayNonces } from './relays/relay.nonces.js'
import { RelayOutcomes } from './relays/relay.outcome.js'
import { RelayRepository } from './relays/relay.repository.js'
import { RelayTraces } from './relays/relay.traces.js'
import { RelayerService } from './relays/relayer.service.js'
import { RelaysController } from './relays/relays.controller.js'
import { RelaysService } from './relays/relays.service.js'
import { SubmissionRepository } from './relays/submission.repository.js'
import { OwnerReleasesController } from './releases/owner-releases.controller.js'
import { ReleasesController } from './releases/releases.controller.js'
import { ReleasesService } from './releases/releases.service.js'
import { RewardsController } from './rewards/rewards.controller.js'
import { RewardsRepository } from './rewards/rewards.repository.js'
import { RewardsService } from './rewards/rewards.service.js'
import { SettlementSource } from './rewards/settlement.source.js'
import { SettlementsController } from './rewards/settlements.controller.js'
import { SettlementsService } from './rewards/settlements.service.js'
import { StatisticsController } from './statistics/statistics.controller.js'
import { StatisticsRepository } from './statistics/statistics.repository.js'
import { StatisticsService } from './statistics/statistics.service.js'
import type { BlobStore } from './storage/blob-store.port.js'
import { Eraser } from './storage/erasure/eraser.js'
import { ErasureNotes } from './storage/erasure/erasure.notes.js'
import { ErasureRepository } from './storage/erasure/erasure.repository.js'
import { Copier } from './storage/keeper/copier.js'
import { Inspector } from './storage/keeper/inspector.js'
import { KeeperService } from './storage/keeper/keeper.service.js'
import { KeepingRepository } from './storage/keeper/keeping.repository.js'
import { Mender } from './storage/keeper/mender.js'
import type { Locations } from './storage/locations/locations.js'
import { StorageController } from './storage/storage.controller.js'
import { StorageService } from './storage/storage.service.js'
import { TrainersController } from './trainers/trainers.controller.js'
import { TrainersRepository } from './trainers/trainers.repository.js'
import { TrainersService } from './trainers/trainers.service.js'
import { TreasuryController } from './treasury/treasury.controller.js'
import { TreasuryRepository } from './treasury/treasury.repository.js'
import { TreasuryService } from './treasury/treasury.service.js'
import { ContributionsReader } from './uploads/contributions.reader.js'
import { TusHandler } from './uploads/tus.handler.js'
import { UploadRepository } from './uploads/upload.repository.js'
import { UploadsService } from './uploads/uploads.service.js'
import { UploadsSweeper } from './uploads/uploads.sweeper.js'

const controllers = [
  AuthController,
  NetworkController,
  OwnersController,
  CustodiansController,
  StatisticsController,
  PoolsController,
  DatasetsController,
  StorageController,
  ConsentsController,
  TrainersController,
  AccessRequestsController,
  ApprovalsController,
  ReleasesController,
  OwnerReleasesController,
  RewardsController,
  SettlementsController,
  ProposalsController,
  MembersController,
  TreasuryController,
  RelaysController,
  PasskeyBackupsController,
  GatewayController,
  OperationsController,
]

const repositories = [
  Database,
  LeaseRepository,
  LockRepository,
  AuthRepository,
  FeedRepository,
  RelayRepository,
  SubmissionRepository,
  DocumentsRepository,
  BlocksRepository,
  UploadRepository,
  OwnersRepository,
  PoolsRepository,
  DatasetsRepository,
  FacetsRepository,
  FacetsService,
  KeepingRepository,
  ErasureRepository,
  ConsentsRepository,
  TrainersRepository,
  AccessRequestsRepository,
  RewardsRepository,
  GovernanceRepository,
  StatisticsRepository,
  TreasuryRepository,
  PasskeyBackupsRepository,
  OperationsRepository,
]

const services = [
  PublicUrl,
  RateLimits,
  AuthService,
  SignedIn,
  Chain,
  CommitteeService,
  Signatures,
  LogReader,
  ChainAudit,
  FeedService,
  Preflight,
  RelayNonces,
  RelayTraces,
  RelayOutcomes,
  RelayerService,
  RelayBudget,
  RelaysService,
  BlocksService,
  DocumentsService,
  LockService,
  ContributionsReader,
  UploadsService,
  UploadsSweeper,
  TusHandler,
  OwnersService,
  PoolsService,
  SealedFileService,
  DatasetsService,
  ContentService,
  Mender,
  Inspector,
  Copier,
  Eraser,
  ErasureNotes,
  KeeperService,
  StorageService,
  ConsentsService,
  SignedConsentsService,
  TrainersService,
  ManifestsService,
  AccessRequestsService,
  InboxService,
  ReleasesService,
  SettlementSource,
  SettlementsService,
  RewardsService,
  GatewayService,
  ProposalsService,
  VotesService,
  MembersService,
  DelegationsService,
  TreasuryService,
  StatisticsService,
  PasskeyBackupsService,
  CustodiansService,
  NetworkService,
  MetricsService,
  ReadinessService,
]

/** The composition root: everything there is, once. */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest wants a module to be a class
export class App {
  static with(config: Config, blobs: BlobStore, locations: Locations): DynamicModule {
    return {
      module: App,
      controllers,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: BLOB_STORE, useValue: blobs },
        { provide: OUTGOING, useValue: followed(createOutgoing(config.OUTGOING_ALLOW)) },
        { provide: LOCATIONS, useValue: locations },
        ...repositories,
        ...services,
      ],
    }
  }
}
