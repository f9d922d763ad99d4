import 'reflect-metadata'
import { toGranaryError } from '@granary/protocol'
import { createOutgoing } from '@granary/protocol/node'
import { BlocksRepository } from '../blocks/blocks.repository.js'
import { BlocksService } from '../blocks/blocks.service.js'
import { ChainAudit } from '../chain/audit.js'
import { Chain } from '../chain/chain.js'
import { CommitteeService } from '../chain/committee.service.js'
import { FeedRepository } from '../chain/feed.repository.js'
import { FeedService } from '../chain/feed.service.js'
import { LogReader } from '../chain/log.reader.js'
import { type Config, loadReindexConfig } from '../config.js'
import { Database } from '../database/database.js'
import { LeaseRepository } from '../database/lease.repository.js'
import { migrateDatabase } from '../database/schema-state.js'
import { DatasetsRepository } from '../datasets/datasets.repository.js'
import { DocumentsRepository } from '../documents/documents.repository.js'
import { DocumentsService } from '../documents/documents.service.js'
import { RewardsRepository } from '../rewards/rewards.repository.js'
import { SettlementSource } from '../rewards/settlement.source.js'
import { SettlementsService } from '../rewards/settlements.service.js'
import { ErasureNotes } from '../storage/erasure/erasure.notes.js'
import { ErasureRepository } from '../storage/erasure/erasure.repository.js'
import { openBlobStore } from '../storage/open.js'
import { ReindexRepository, WORKSHOP } from './reindex.repository.js'
import type { ReindexProgress, ReindexResult } from './reindex.result.js'
import { ReindexService } from './reindex.service.js'

// The program behind `granary reindex`: reads the API's environment, tells its parent how far it is, and ends with one
// message, a result or an error. Without a parent that listens it prints that message.

async function reindex(config: Config, words: readonly string[]): Promise<ReindexResult> {
  const check = words.includes('--check')
  if (!check) await migrateDatabase(config.DATABASE_URL, config.MIGRATIONS_DIR)
  const blobs = await openBlobStore(config)
  const live = new Database(config)
  const built = new Database({ ...config, schema: WORKSHOP })
  const chain = new Chain(config)
  try {
    const leases = new LeaseRepository(config, live)
    const builtLeases = new LeaseRepository(config, built)
    const builtFeed = new FeedRepository(config, built, builtLeases)
    const reader = new LogReader(config, chain)
    const audit = new ChainAudit(config, chain, reader, builtFeed)
    const feed = new FeedService(config, chain, builtLeases, builtFeed, reader, audit)
    // Which blocks are in use is told to the tables in use: it is true at once, whatever becomes of the rest.
    const blocks = new BlocksService(blobs, new BlocksRepository(live))
    const source = new SettlementSource(
      blobs,
      blocks,
      new CommitteeService(chain),
      createOutgoing(config.OUTGOING_ALLOW),
    )
    const service = new ReindexService({
      repository: new ReindexRepository(live, built),
      feed,
      builtFeed,
      liveFeed: new FeedRepository(config, live, leases),
      leases,
      documents: new DocumentsService(config, blobs, blocks, new DocumentsRepository(built)),
      datasets: new DatasetsRepository(built),
      settlements: new SettlementsService(new RewardsRepository(built), source, feed),
      blobs,
      erasures: new ErasureNotes(config, blobs, new ErasureRepository(live)),
    })
    return await service.run({ check, fresh: words.includes('--fresh'), onProgress: tell })
  } finally {
    chain.onModuleDestroy()
    await Promise.all([live.onModuleDestroy(), built.onModuleDestroy(), blobs.close()])
  }
}

function tell(progress: ReindexProgress): void {
  process.send?.({ type: 'progress', ...progress })
}

async function end(message: object, code: number): Promise<never> {
  if (process.send) await new Promise((resolve) => process.send?.(message, resolve))
  else process.stdout.write(`${JSON.stringify(message, null, 2)}\n`)
  process.exit(code)
}

process.once('disconnect', () => process.exit(1))
try {
  await end(
    { type: 'result', result: await reindex(loadReindexConfig(process.env), process.argv.slice(2)) },
    0,
  )
} catch (error) {
  const { code, message } = toGranaryError(error)
  const cause = code === 'INTERNAL' ? (error as Error).message : message
  await end({ type: 'error', error: { code, message: cause } }, 1)
}
