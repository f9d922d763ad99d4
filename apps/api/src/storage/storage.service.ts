import {
  contentToCid,
  type ErasureResource,
  GranaryError,
  type Hex,
  type StorageResource,
} from '@granary/protocol'
import { Inject, Injectable, Logger } from '@nestjs/common'
import { LOCATIONS } from '../app.tokens.js'
import type { Session } from '../auth/auth.service.js'
import { DatasetsService } from '../datasets/datasets.service.js'
import { ContributionsReader } from '../uploads/contributions.reader.js'
import { Eraser } from './erasure/eraser.js'
import { ErasureNotes } from './erasure/erasure.notes.js'
import { ErasureRepository } from './erasure/erasure.repository.js'
import { KeepingRepository } from './keeper/keeping.repository.js'
import type { Locations } from './locations/locations.js'
import { presentErasure, presentStorage } from './storage.presenter.js'

/** How much of a file's history an answer has. */
const EVENTS_SHOWN = 100

/** What becomes of a dataset's sealed file, for everybody to see, and its erasure by its owner. */
@Injectable()
export class StorageService {
  private readonly log = new Logger('Eraser')

  constructor(
    @Inject(LOCATIONS) private readonly locations: Locations,
    private readonly datasets: DatasetsService,
    private readonly keeping: KeepingRepository,
    private readonly erasures: ErasureRepository,
    private readonly notes: ErasureNotes,
    private readonly eraser: Eraser,
    private readonly contributions: ContributionsReader,
  ) {}

  /** @throws GranaryError DATASET_UNKNOWN */
  async show(id: string): Promise<StorageResource> {
    const { content, rawRoot } = await this.datasets.require(id)
    const cid = contentToCid(content as Hex, rawRoot)
    return presentStorage(id, cid, {
      file: await this.keeping.file(cid),
      copies: await this.keeping.copies(cid),
      events: await this.keeping.events(cid, EVENTS_SHOWN),
      erasure: await this.erasures.find(id),
      configured: this.locations.all.map(({ name }) => name),
    })
  }

  /**
   * The owner's wish that the sealed file go from every place that the operator controls. The withdrawal must be on
   * chain as deep as this API waits for. Asking twice is asking once.
   *
   * @throws GranaryError DATASET_UNKNOWN, NOT_OWNER, DATASET_NOT_WITHDRAWN
   */
  async erase(session: Session, id: string): Promise<ErasureResource> {
    const dataset = await this.datasets.require(id)
    if (dataset.owner !== session.address) throw new GranaryError('NOT_OWNER')
    if (!dataset.withdrawn) throw new GranaryError('DATASET_NOT_WITHDRAWN')
    const { content, rawRoot, owner } = dataset
    const cid = contentToCid(content as Hex, rawRoot)
    const onChain = (await this.contributions.of([content])).get(content) ?? []
    const others = onChain.filter((other) => other !== id)
    const { row, changed } = await this.erasures.request(
      { dataset: id, content, cid, account: owner },
      others,
    )
    if (changed) {
      // The eraser writes it again, and erases nothing before it could.
      await this.notes.keep(row, []).catch((error) => this.log.warn(`no note of ${id} yet: ${error.message}`))
      if (row.state === 'kept') await this.keeping.note(cid, { type: 'kept' })
      this.eraser.poke()
    }
    return presentErasure(row)
  }
}
