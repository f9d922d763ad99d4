import { Inject, Injectable, Logger } from '@nestjs/common'
import { BLOB_STORE, CONFIG, LOCATIONS } from '../../app.tokens.js'
import type { Config } from '../../config.js'
import type { StoredCopy, StoredFile } from '../../database/generated/client.js'
import type { BlobStore } from '../blob-store.port.js'
import type { Location, LocationWriter } from '../locations/location.port.js'
import { codeOf, type Locations } from '../locations/locations.js'
import { Inspector } from './inspector.js'
import { KeepingRepository } from './keeping.repository.js'
import { nextCheck, nextTry } from './pace.js'

/** Files that it comes past in a round for a location that is new. */
const PASSED_AT_ONCE = 1_000

/** Sees to it that every file that is held here is at every location that the operator may write to. */
@Injectable()
export class Copier {
  private readonly log = new Logger('Keeper')
  private knowsPlaces = false

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    @Inject(LOCATIONS) private readonly locations: Locations,
    private readonly repository: KeepingRepository,
    private readonly inspector: Inspector,
  ) {}

  /** One round; whether there is more to do at once. */
  async round(goOn: () => boolean): Promise<boolean> {
    const names = this.locations.all.map(({ name }) => name)
    if (!this.knowsPlaces) await this.repository.forgetPlaces(names)
    this.knowsPlaces = true
    if (names.length === 0) return false
    const take = this.config.STORAGE_CHECK_FILES
    let passed = 0
    for (const { name, kind, writer } of this.locations.all)
      if (writer) passed = Math.max(passed, await this.repository.adoptCopies(name, kind, PASSED_AT_ONCE))
    for (const copy of await this.repository.dueCopies(names, take)) {
      if (!goOn()) return false
      const file = await this.repository.file(copy.cid)
      const location = this.locations.find(copy.location)
      if (file?.state === 'erased' || !file || !location) continue
      if (location.writer && file.state === 'held') await this.copy(file, location, location.writer, copy)
      else if (location.writer) await this.postpone(copy)
      else await this.inspector.look(file, location, copy)
    }
    return passed === PASSED_AT_ONCE
  }

  private async copy(
    file: StoredFile,
    location: Location,
    writer: LocationWriter,
    before: StoredCopy,
  ): Promise<void> {
    const { cid } = file
    const set = (next: Parameters<KeepingRepository['setCopy']>[3]) =>
      this.repository.setCopy(cid, location.name, location.kind, next, before)
    try {
      const doubtful = before.failures > 0 || before.state === 'missing'
      const kept = {
        cid,
        blocks: await this.repository.blocks(file.content),
        ticket: before.ticket,
        doubtful,
      }
      const read = (block: string) => this.blobs.block(block, { local: true })
      const { state, ticket } = await this.locations.guarded(location, () => writer.copy(kept, read))
      if (state === 'pending') {
        const dueAt = new Date(Date.now() + this.config.STORAGE_CHECK_INTERVAL_MS)
        return await set({ state, ticket, dueAt, failures: 0 })
      }
      await this.repository.note(cid, { type: 'copied', location: location.name })
      await set({ state: 'held', ticket, dueAt: nextCheck(this.config), failures: 0 })
    } catch (error) {
      const failures = before.failures + 1
      this.log.warn(`${cid} is not yet at ${location.name}: ${(error as Error).message}`)
      // A pin that failed is asked for anew.
      const ticket = codeOf(error) === 'LOCATION_PIN_FAILED' ? null : before.ticket
      const dueAt = nextTry(this.config, failures)
      await set({ state: 'failing', code: codeOf(error), ticket, dueAt, failures })
    }
  }

  /** What is not whole here cannot be copied from here. */
  private async postpone(copy: StoredCopy): Promise<void> {
    const dueAt = nextTry(this.config, 1)
    const next = { state: copy.state as 'pending', code: copy.code, dueAt, failures: copy.failures }
    await this.repository.setCopy(copy.cid, copy.location, copy.kind, next, copy)
  }
}
