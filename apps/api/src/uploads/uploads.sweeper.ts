import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common'
import { CONFIG } from '../app.tokens.js'
import { BlocksService } from '../blocks/blocks.service.js'
import { FeedService } from '../chain/feed.service.js'
import { Loop } from '../chain/loop.js'
import type { Config } from '../config.js'
import { LockService } from '../database/lock.service.js'
import { ContributionsReader, type Search } from './contributions.reader.js'
import { UploadRepository } from './upload.repository.js'
import { UploadsService } from './uploads.service.js'

const SWEEP_MS = 10_000
const LISTED_AT_ONCE = 1_000
/** Nothing is forgotten when the tables were not seen to be up to the chain for longer than this. */
const CURRENT_SECONDS = 60

/** What was uploaded and will not be used goes: uploads that expired, files that nobody contributed. */
@Injectable()
export class UploadsSweeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger('Uploads')
  private readonly loop: Loop
  private search: Search | null = null

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly uploads: UploadsService,
    private readonly blocks: BlocksService,
    private readonly locks: LockService,
    private readonly feed: FeedService,
    private readonly contributions: ContributionsReader,
    private readonly repository: UploadRepository,
  ) {
    const onError = (error: unknown) => this.log.warn(`old uploads stay: ${(error as Error).message}`)
    this.loop = new Loop(SWEEP_MS, () => this.sweep(), onError)
  }

  onApplicationBootstrap(): void {
    this.loop.start()
  }

  onApplicationShutdown(): Promise<void> {
    return this.loop.stop()
  }

  private async sweep(): Promise<boolean> {
    const complete = await this.repository.complete()
    for (const id of complete)
      await this.locks
        .during(`upload:${id}`, () => this.uploads.look(id))
        .catch((error) => this.stays(id, error))
    const expired = await this.repository.expired()
    if (expired.length > 0) await this.listBlocks()
    for (const id of expired) await this.locks.during(`upload:${id}`, () => this.uploads.discard(id))
    return (await this.forgetUncontributed()) || expired.length > 0
  }

  /** Which blocks other files need must be known before any goes. */
  private async listBlocks(): Promise<void> {
    while (await this.blocks.catchUp(LISTED_AT_ONCE)) {}
  }

  private stays(id: string, error: unknown): void {
    this.log.warn(`upload ${id} could not be finished: ${(error as Error).message}`)
  }

  /**
   * Removes files of which no dataset ever was on chain. Not while the tables lag behind the chain, and not before the
   * chain itself was asked, since tables can be damaged: of whom they name first, then for all that anybody ever
   * contributed. Each file is judged and forgotten in one statement, which a contribution that comes meanwhile makes void.
   */
  private async forgetUncontributed(): Promise<boolean> {
    const { behind, unread } = this.feed.age
    if (behind === null || unread === null || Math.max(behind, unread) > CURRENT_SECONDS) return false
    await this.repository.markContributed()
    const before = new Date(Date.now() - this.config.UNCONTRIBUTED_HOURS * 3_600_000)
    const old = await this.repository.uncontributed(before)
    if (old.length === 0) return false
    const contributed = [...(await this.contributions.of(old.map(({ content }) => content))).keys()]
    await this.repository.setContributed(contributed)
    const rest = old.filter(({ content }) => !contributed.includes(content))
    const search = await this.searched(rest.map(({ content }) => content))
    if (!search) return false
    await this.listBlocks()
    for (const { content, cid } of rest.filter((one) => search.contents.has(one.content)))
      if (!search.found.has(content))
        await this.locks.during(`content:${content}`, async () => {
          if (await this.repository.forgetUncontributed(content, cid, before))
            await this.blocks.discard(content, cid)
        })
    return true
  }

  /**
   * What the chain's whole past says of these files, or null while it was not read to its end: then the next sweep goes
   * on. Files that come meanwhile wait for the next search.
   */
  private async searched(contents: readonly string[]): Promise<Search | null> {
    if (contents.length === 0) return null
    this.search ??= this.contributions.search(contents)
    const search = this.search
    if (!(await this.contributions.goOn(search))) return null
    this.search = null
    await this.repository.setContributed([...search.found])
    for (const content of search.found)
      this.log.warn(
        `the tables do not know who contributed the file ${content}, which the chain has: \`granary reindex\` repairs them`,
      )
    return search
  }
}
