import { GranaryError } from '@granary/protocol'
import { Inject, Injectable, Logger } from '@nestjs/common'
import { BLOB_STORE, CONFIG, LOCATIONS } from '../../app.tokens.js'
import type { Config } from '../../config.js'
import type { StoredCopy, StoredFile } from '../../database/generated/client.js'
import type { BlobStore } from '../blob-store.port.js'
import type { Location } from '../locations/location.port.js'
import { codeOf, type Locations } from '../locations/locations.js'
import { KeepingRepository } from './keeping.repository.js'
import { type Mended, Mender } from './mender.js'
import { filesARound, nextCheck, nextTry } from './pace.js'

const ADOPTED_AT_ONCE = 1_000
/** Blocks that are asked of a second location: enough to notice, few enough to be no load. */
const BLOCKS_ELSEWHERE = 1

const COUNTED_IN_A_PERIOD = 100

/** Looks whether files are still there, by reading some of their blocks at random, and has them mended. */
@Injectable()
export class Inspector {
  private readonly log = new Logger('Keeper')
  /** Files whose missing blocks were all put back since the start. */
  repairs = 0
  private counted = { files: 0, until: 0 }

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    @Inject(LOCATIONS) private readonly locations: Locations,
    private readonly repository: KeepingRepository,
    private readonly mender: Mender,
  ) {}

  /** One round; whether there is more to do at once. */
  async round(goOn: () => boolean): Promise<boolean> {
    await this.blobs.check()
    const adopted = await this.repository.adopt(ADOPTED_AT_ONCE)
    const take = filesARound(this.config, await this.files())
    const due = await this.repository.dueFiles(take)
    for (const file of due) {
      if (!goOn()) return false
      await this.inspect(file, goOn)
    }
    return adopted === ADOPTED_AT_ONCE
  }

  /** How many files there are to look after, counted now and then: what a round costs must not grow with them. */
  private async files(): Promise<number> {
    if (this.counted.until <= Date.now()) {
      const until = Date.now() + (this.config.STORAGE_CHECK_PERIOD_SECONDS * 1000) / COUNTED_IN_A_PERIOD
      this.counted = { files: await this.repository.files(), until }
    }
    return this.counted.files
  }

  private async inspect(file: StoredFile, goOn: () => boolean): Promise<void> {
    try {
      const sample = await this.sample(file)
      // A file that was not whole is not believed by a few of its blocks.
      const whole =
        ['unchecked', 'held'].includes(file.state) && sample !== null && (await this.allHere(sample))
      const held = whole ? await this.settle(file, 'held') : await this.mend(file, goOn)
      if (held) await this.lookElsewhere(file)
    } catch (error) {
      if (error instanceof GranaryError && error.code === 'ABORTED') return
      this.log.warn(`${file.cid} could not be looked after: ${(error as Error).message}`)
      const failures = file.failures + 1
      const dueAt = nextTry(this.config, failures)
      await this.repository.setFile(file, file.state as 'held', { checked: false, dueAt, failures })
    }
  }

  /** Some blocks, the root among them; null when the file's blocks are not known by name. */
  private async sample(file: StoredFile): Promise<string[] | null> {
    const some = await this.repository.sample(file.content, this.config.STORAGE_CHECK_BLOCKS)
    return some.length === 0 ? null : [...new Set([file.cid, ...some])]
  }

  private async allHere(cids: string[]): Promise<boolean> {
    for (const cid of cids) if (!(await this.blobs.block(cid, { local: true }))) return false
    return true
  }

  private async mend(file: StoredFile, goOn: () => boolean): Promise<boolean> {
    const mended = await this.mender.mend(file, goOn, async () => {
      const unchanged = { checked: true, dueAt: new Date(), failures: file.failures }
      if (!(await this.repository.setFile(file, 'repairing', unchanged))) throw new GranaryError('ABORTED')
    })
    await this.noteLies(file, mended)
    if (mended.missing === mended.repaired) {
      if (mended.repaired > 0) {
        this.repairs += 1
        this.log.log(`${mended.repaired} blocks of ${file.cid} were put back from ${mended.from}`)
        const location = mended.from ?? undefined
        await this.repository.note(file.cid, {
          type: 'repaired',
          blocks: mended.repaired,
          ...(location ? { location } : {}),
        })
      }
      return this.settle(file, 'held', mended)
    }
    const unsure = [...mended.troubles.values()].some((code) => code !== 'LOCATION_LIED')
    return this.settle(file, unsure ? 'missing' : 'lost', mended)
  }

  /** Writes down what was found, with a line of history where something changed; whether the file is held. */
  private async settle(
    file: StoredFile,
    state: 'held' | 'missing' | 'lost',
    mended?: Mended,
  ): Promise<boolean> {
    const held = state === 'held'
    const failures = held ? 0 : file.failures + 1
    const dueAt = held ? nextCheck(this.config) : nextTry(this.config, failures)
    if (!(await this.repository.setFile(file, state, { checked: true, dueAt, failures }))) return false
    const wasWell = ['unchecked', 'held'].includes(file.state)
    if (state !== file.state && !(held && !wasWell) && !(held && (mended?.repaired ?? 0) > 0)) {
      const gone = mended ? { blocks: mended.missing - mended.repaired } : {}
      const [code] = mended?.troubles.values() ?? []
      const told = held ? {} : { ...gone, ...(code ? { code } : {}) }
      await this.repository.note(file.cid, { type: state, ...told })
      if (!held) this.log.warn(`${file.cid} is ${state}: ${mended?.missing} blocks`)
    }
    return held
  }

  private async noteLies(file: StoredFile, { troubles }: Mended): Promise<void> {
    const copies = new Map((await this.repository.copies(file.cid)).map((copy) => [copy.location, copy]))
    for (const [name, code] of troubles) {
      const location = this.locations.find(name)
      if (code === 'LOCATION_LIED' && location) await this.distrust(file, location, copies.get(name))
    }
  }

  /** Whether the copies elsewhere are still there, too; those that are not are made again by the copier. */
  private async lookElsewhere(file: StoredFile): Promise<void> {
    const copies = new Map((await this.repository.copies(file.cid)).map((copy) => [copy.location, copy]))
    for (const location of this.locations.all) {
      const copy = copies.get(location.name)
      if (location.writer === null || copy?.state === 'held') await this.look(file, location, copy)
      else if (!copy) await this.repository.needCopy(file.cid, location.name, location.kind)
    }
  }

  /** Asks a location for a block at random. */
  async look(file: StoredFile, location: Location, copy: StoredCopy | undefined): Promise<void> {
    const set = (state: 'held' | 'missing' | 'failing', code: string | null, failures: number) => {
      const dueAt = failures > 0 ? nextTry(this.config, failures) : nextCheck(this.config)
      const next = { state, code, dueAt, failures }
      return this.repository.setCopy(file.cid, location.name, location.kind, next, copy)
    }
    const sample = await this.repository.sample(file.content, BLOCKS_ELSEWHERE)
    const kept = { cid: file.cid, blocks: sample, ticket: copy?.ticket ?? null, doubtful: true }
    try {
      if (await this.locations.guarded(location, () => location.has(kept, sample)))
        return await set('held', null, 0)
      if (copy?.state === 'held')
        await this.repository.note(file.cid, { type: 'copy-missing', location: location.name })
      await set('missing', null, 1)
    } catch (error) {
      const code = codeOf(error)
      if (code === 'LOCATION_LIED') return this.distrust(file, location, copy)
      await set('failing', code, (copy?.failures ?? 0) + 1)
    }
  }

  private async distrust(file: StoredFile, location: Location, copy: StoredCopy | undefined): Promise<void> {
    const code = 'LOCATION_LIED'
    if (copy?.code !== code)
      await this.repository.note(file.cid, { type: 'lied', location: location.name, code })
    const failures = (copy?.failures ?? 0) + 1
    const next = { state: 'failing' as const, code, dueAt: nextTry(this.config, failures), failures }
    await this.repository.setCopy(file.cid, location.name, location.kind, next, copy)
  }
}
