import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import {
  contentToCid,
  documentDigest,
  GranaryError,
  type Hex,
  manifestDocumentSchema,
  metadataDocumentSchema,
  profileDocumentSchema,
  termsDocumentSchema,
} from '@granary/protocol'
import type { z } from 'zod'
import type { FeedRepository } from '../chain/feed.repository.js'
import type { FeedService } from '../chain/feed.service.js'
import type { LeaseName, LeaseRepository } from '../database/lease.repository.js'
import type { DatasetsRepository } from '../datasets/datasets.repository.js'
import type { DocumentsService } from '../documents/documents.service.js'
import type { SettlementsService } from '../rewards/settlements.service.js'
import type { BlobStore } from '../storage/blob-store.port.js'
import type { ErasureNotes } from '../storage/erasure/erasure.notes.js'
import type { ReindexRepository, Wanted, WantedContent } from './reindex.repository.js'
import type { Absent, ReindexProgress, ReindexResult } from './reindex.result.js'

const VERSION = 'granary/reindex/v1'
const TURN = 'reindex'
const FEED = 'feed'
const TRIES = 6
const LEASE_WAIT_MS = 8_000
const LEASE_BEAT_MS = 1_000
/** Twice as long as an API waits before it tries again to read a settlement's document. */
const READ_WAIT_MS = 10_000
const CONTENTS_AT_ONCE = 8
const DOCUMENTS_AT_ONCE = 100

const SCHEMAS: { [K in keyof Wanted]: z.ZodType } = {
  terms: termsDocumentSchema,
  metadata: metadataDocumentSchema,
  profile: profileDocumentSchema,
  manifest: manifestDocumentSchema,
}

/** `feed`, `documents`, `datasets` and `settlements` work on the tables that are built; `leases` and `liveFeed` on those in use. */
export interface ReindexParts {
  repository: ReindexRepository
  feed: FeedService
  builtFeed: FeedRepository
  liveFeed: FeedRepository
  leases: LeaseRepository
  documents: DocumentsService
  datasets: DatasetsRepository
  settlements: SettlementsService
  blobs: BlobStore
  erasures: ErasureNotes
}

export interface ReindexOptions {
  /** Compares only. */
  check: boolean
  /** Throws away what an unfinished run left. */
  fresh: boolean
  onProgress(progress: ReindexProgress): void
}

/**
 * Builds every table that comes from chain and IPFS again, beside those in use and by the API's own feed, and then puts
 * right what differs, in one transaction. The API may run meanwhile: it reads on, and is held only while tables are
 * compared. What a killed run had built the next one goes on with.
 */
export class ReindexService {
  constructor(private readonly parts: ReindexParts) {}

  /** @throws GranaryError REINDEX_RUNNING, NETWORK_MISMATCH, MIGRATIONS_MISSING, CHAIN_UNAVAILABLE, STORAGE_UNAVAILABLE */
  async run(options: ReindexOptions): Promise<ReindexResult> {
    const { repository, leases, liveFeed, feed } = this.parts
    if (!(await repository.isMigrated())) throw new GranaryError('MIGRATIONS_MISSING')
    const live = await liveFeed.checkpoint()
    if (live && live.deployment !== feed.fingerprint) throw new GranaryError('NETWORK_MISMATCH')
    for (const until = Date.now() + LEASE_WAIT_MS; !(await leases.hold(TURN)); await wait(LEASE_BEAT_MS))
      if (Date.now() > until) throw new GranaryError('REINDEX_RUNNING')
    return this.holding(TURN, () => this.build(options))
  }

  private async build(options: ReindexOptions): Promise<ReindexResult> {
    const { repository, leases, feed } = this.parts
    const { check, onProgress } = options
    const resumed = await this.begin(options)
    const missing: Absent = { documents: [], contents: [], settlements: [] }
    await this.readChain(options)
    await this.readSettlements(onProgress)
    const restoredDocuments = await this.readDocuments(missing, onProgress)
    const recalledErasures = check ? 0 : await this.parts.erasures.recall()
    const erased = await this.readContents(missing, onProgress)

    // From here on the tables in use stand still: what came meanwhile is read, and both are of the same block.
    await leases.take(FEED)
    return this.holding(FEED, async () => {
      await this.readChain(options)
      await this.readSettlements(onProgress)
      missing.settlements = await repository.unreadSettlements()
      const kept = missing.settlements.map(({ sequence }) => sequence)
      if (check) await this.letRead()
      onProgress({ phase: 'comparing', done: 0, total: 1 })
      const tables = await repository.compare(kept)
      const differing = Object.values(tables).reduce((sum, t) => sum + t.missing + t.surplus + t.altered, 0)
      const alteredDocuments = await this.checkOtherDocuments(check)
      if (!check) {
        onProgress({ phase: 'repairing', done: 0, total: 1 })
        await repository.apply(kept)
      }
      const events = await repository.events()
      await repository.end()
      const about = { block: feed.progress.indexed, events, resumed, tables, differing, repaired: !check }
      return { ...about, alteredDocuments, restoredDocuments, erased, recalledErasures, missing }
    })
  }

  /** An API that runs reads the document of a settlement some seconds after its event: that is no difference. */
  private async letRead(): Promise<void> {
    const until = Date.now() + READ_WAIT_MS
    while (Date.now() < until && (await this.parts.repository.isReadAhead())) await wait(500)
  }

  /** Empty tables to build, or those of a run that did not come to its end; true for the latter. */
  private async begin({ check, fresh }: ReindexOptions): Promise<boolean> {
    const { repository, feed, builtFeed, liveFeed } = this.parts
    const shape = createHash('sha256')
      .update(await repository.shape())
      .digest('hex')
    const note = `${VERSION} ${shape} ${feed.fingerprint}`
    if (!fresh && (await repository.left()) === note) {
      const [built, live] = [await builtFeed.checkpoint(), await liveFeed.checkpoint()]
      // A comparison needs the same block, and this run may have gone further than the tables in use.
      if (built && !(check && live && built.block > live.block)) return true
    }
    await repository.begin(note)
    return false
  }

  /** Up to the newest block; to compare, up to the one that the tables in use have reached. */
  private async readChain({ check, onProgress }: ReindexOptions): Promise<void> {
    const { feed, liveFeed } = this.parts
    const live = check ? await liveFeed.checkpoint() : null
    const last = live ? Number(live.block) : Number.POSITIVE_INFINITY
    const report = () => {
      const { block, indexed } = feed.progress
      onProgress({ phase: 'reading the chain', done: indexed, total: Math.min(block, last) })
    }
    for (let failures = 0; ; ) {
      try {
        const more = await feed.step(last)
        failures = 0
        report()
        if (!more) return
      } catch (error) {
        failures += 1
        if (failures === TRIES) throw new GranaryError('CHAIN_UNAVAILABLE', (error as Error).message)
        await wait(250 * 2 ** failures)
      }
    }
  }

  /** Each follows the one before it: the first whose document is not found ends it, and is named in the end. */
  private async readSettlements(onProgress: ReindexOptions['onProgress']): Promise<void> {
    const { settlements } = this.parts
    for (let done = 0; await settlements.step().catch(() => false); ) {
      done += 1
      onProgress({ phase: 'settlements', done, total: done })
    }
  }

  /** What IPFS lacks and the database still has is proved by its digest, and put on IPFS again. */
  private async readDocuments(missing: Absent, onProgress: ReindexOptions['onProgress']): Promise<number> {
    const { repository, documents } = this.parts
    const wanted = Object.entries(await repository.wantedDocuments()) as [keyof Wanted, string[]][]
    const total = wanted.reduce((sum, [, digests]) => sum + digests.length, 0)
    let [done, restored] = [0, 0]
    for (const [kind, digests] of wanted) {
      const step = kind === 'manifest' ? 1 : DOCUMENTS_AT_ONCE
      for (let from = 0; from < digests.length; from += step) {
        const some = digests.slice(from, from + step)
        const found = await documents.readMany(SCHEMAS[kind], some)
        const absent = some.filter((digest) => !found.has(digest))
        for (const { digest, body } of await repository.liveDocuments(absent)) {
          if (!(await isDocument(digest, body)) || !SCHEMAS[kind].safeParse(body).success) continue
          await documents.store(body)
          absent.splice(absent.indexOf(digest), 1)
          restored += 1
        }
        for (const digest of absent)
          missing.documents.push({ kind, digest, cid: contentToCid(digest as Hex, true) })
        done += some.length
        onProgress({ phase: 'documents', done, total })
      }
    }
    return restored
  }

  /** Returns how many files of withdrawn datasets are gone: their owners may have had them erased. */
  private async readContents(missing: Absent, onProgress: ReindexOptions['onProgress']): Promise<number> {
    const wanted = await this.parts.repository.wantedContents()
    let [done, erased] = [0, 0]
    const next = wanted.values()
    const work = async () => {
      for (const one of next) {
        if (one.erased || !(await this.readContent(one))) {
          if (one.erased || one.withdrawn) erased += 1
          else missing.contents.push({ content: one.content, cid: cidOf(one) })
        }
        done += 1
        onProgress({ phase: 'contents', done, total: wanted.length })
      }
    }
    await Promise.all(Array.from({ length: CONTENTS_AT_ONCE }, work))
    missing.contents.sort((a, b) => (a.content < b.content ? -1 : 1))
    return erased
  }

  private async readContent(wanted: WantedContent): Promise<boolean> {
    const { blobs, datasets } = this.parts
    const size = await blobs.size(cidOf(wanted)).catch((error) => {
      if (error instanceof GranaryError) return null // a root that is no file: nobody can read it
      throw new GranaryError('STORAGE_UNAVAILABLE', (error as Error).message)
    })
    if (size === null) return false
    await datasets.addContent(wanted.content, cidOf(wanted), wanted.rawRoot, size)
    return true
  }

  /** Documents in use that the chain does not name: those whose text is not what the digest says go. */
  private async checkOtherDocuments(check: boolean): Promise<string[]> {
    const { repository } = this.parts
    const altered: string[] = []
    for (let after = ''; ; ) {
      const some = await repository.otherDocuments(after, DOCUMENTS_AT_ONCE)
      for (const { digest, body } of some) if (!(await isDocument(digest, body))) altered.push(digest)
      const last = some.at(-1)
      if (!last) break
      after = last.digest
    }
    if (!check) await repository.removeDocuments(altered)
    return altered
  }

  /** Renews a lease while `work` runs, and gives it up afterwards. */
  private async holding<T>(name: LeaseName, work: () => Promise<T>): Promise<T> {
    const { leases } = this.parts
    const ended = new AbortController()
    const beat = (async () => {
      while (!ended.signal.aborted) {
        await wait(LEASE_BEAT_MS, undefined, { signal: ended.signal }).catch(() => {})
        if (!ended.signal.aborted) await leases.hold(name).catch(() => {})
      }
    })()
    try {
      return await work()
    } finally {
      ended.abort()
      await beat
      await leases.release(name)
    }
  }
}

const cidOf = ({ content, rawRoot }: WantedContent) => contentToCid(content as Hex, rawRoot)

async function isDocument(digest: string, body: unknown): Promise<boolean> {
  return documentDigest(body).then(
    (found) => found.digest === digest,
    () => false,
  )
}
