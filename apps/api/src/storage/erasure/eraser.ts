import { Inject, Injectable, Logger } from '@nestjs/common'
import { BLOB_STORE, CONFIG, LOCATIONS } from '../../app.tokens.js'
import { BlocksService } from '../../blocks/blocks.service.js'
import type { Config } from '../../config.js'
import type { Erasure, StoredCopy } from '../../database/generated/client.js'
import type { BlobStore } from '../blob-store.port.js'
import { KeepingRepository } from '../keeper/keeping.repository.js'
import { nextTry } from '../keeper/pace.js'
import { OWN } from '../locations/location.entry.js'
import { codeOf, type Locations } from '../locations/locations.js'
import { ErasureNotes } from './erasure.notes.js'
import { ErasureRepository } from './erasure.repository.js'

const AT_ONCE = 10
const LISTED_AT_ONCE = 1_000

/**
 * Deletes files whose owners asked for it, in every place that the operator controls. Each step can be done twice, and
 * the wish stays in the database until all are done: so it goes on after a crash where it stopped.
 */
@Injectable()
export class Eraser {
  private readonly log = new Logger('Eraser')
  private listener: () => void = () => {}

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    @Inject(LOCATIONS) private readonly locations: Locations,
    private readonly blocks: BlocksService,
    private readonly keeping: KeepingRepository,
    private readonly repository: ErasureRepository,
    private readonly notes: ErasureNotes,
  ) {}

  /** Called when there is something to erase. */
  onWork(listener: () => void): void {
    this.listener = listener
  }

  poke(): void {
    this.listener()
  }

  async round(goOn: () => boolean): Promise<boolean> {
    const due = await this.repository.due(AT_ONCE)
    // Which blocks other files need must be known before any goes.
    if (due.length > 0) while (goOn() && (await this.blocks.catchUp(LISTED_AT_ONCE))) {}
    for (const erasure of due) {
      if (!goOn()) return false
      const done = await this.erase(erasure).catch((error: Error) => {
        this.log.warn(`${erasure.cid} is not yet erased: ${error.message}`)
        return false
      })
      const failures = erasure.failures + 1
      if (!done) await this.repository.postpone(erasure.content, nextTry(this.config, failures), failures)
    }
    return due.length === AT_ONCE
  }

  /** Whether it is gone everywhere. */
  private async erase(erasure: Erasure): Promise<boolean> {
    const { cid, content } = erasure
    // A chain that went back may have taken the withdrawal with it.
    if (!(await this.repository.isWithdrawn(erasure.dataset))) return false
    // What cannot be listed any more is not here any more; what was listed before is known by name.
    await this.blocks.of(content, cid).catch(() => [])
    await this.repository.letGo(erasure)
    const all = await this.repository.blocks(content)
    // Before the first block goes: from here on no loss of the database brings the file back.
    await this.notes.keep(erasure, all)
    await this.blobs.unpin(cid)
    await this.blocks.release(all)
    const removable = all.length === 0 ? [cid] : await this.blocks.unused(all)
    await this.eraseCopy(cid, OWN, 'own', undefined)
    const copies = new Map((await this.keeping.copies(cid)).map((copy) => [copy.location, copy]))
    let done = true
    for (const location of this.locations.all) {
      const { name, writer } = location
      const copy = copies.get(name)
      if (!writer || copy?.state === 'erased') continue
      const kept = { cid, blocks: all, ticket: copy?.ticket ?? null, doubtful: true }
      try {
        await this.locations.guarded(location, () => writer.erase(kept, removable))
        await this.eraseCopy(cid, name, location.kind, copy)
      } catch (error) {
        done = false
        this.log.warn(`${cid} is not yet erased at ${name}: ${(error as Error).message}`)
        await this.noteFailure(erasure, copy, name, location.kind, codeOf(error))
      }
    }
    for (const copy of copies.values()) {
      const known = copy.location === OWN || copy.kind === 'gateway' || this.locations.find(copy.location)
      if (known || copy.state === 'erased') continue
      done = false
      await this.noteFailure(erasure, copy, copy.location, copy.kind, 'LOCATION_NOT_CONFIGURED')
    }
    if (done) await this.repository.finish(content, all.length === 0 ? 0 : all.length - removable.length)
    return done
  }

  /** A location's copy is gone: when, for its owner to see. */
  private async eraseCopy(
    cid: string,
    name: string,
    kind: string,
    copy: StoredCopy | undefined,
  ): Promise<void> {
    const before = copy ?? (await this.keeping.copies(cid)).find(({ location }) => location === name)
    if (before?.state === 'erased') return
    const next = { state: 'erased' as const, ticket: null, dueAt: new Date(), failures: 0 }
    await this.keeping.setCopy(cid, name, kind, next, before)
    await this.keeping.note(cid, { type: 'erased', location: name })
  }

  private async noteFailure(
    { cid, failures }: Erasure,
    copy: StoredCopy | undefined,
    name: string,
    kind: string,
    code: string,
  ): Promise<void> {
    const next = {
      state: 'failing' as const,
      code,
      dueAt: nextTry(this.config, failures + 1),
      failures: failures + 1,
    }
    await this.keeping.setCopy(cid, name, kind, next, copy)
  }
}
