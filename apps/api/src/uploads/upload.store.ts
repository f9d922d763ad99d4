import { DataStore, type Lock, Upload } from '@tus/server'
import type { LockService } from '../database/lock.service.js'
import type { UploadsService } from './uploads.service.js'

/** The data store of the tus server: bytes go to the block store leaf by leaf, everything else is in the database. */
export class UploadStore extends DataStore {
  override extensions = ['creation', 'termination', 'expiration']

  constructor(
    private readonly uploads: UploadsService,
    private readonly expiration: number,
  ) {
    super()
  }

  override async create(upload: Upload): Promise<Upload> {
    if (upload.size === 0) await this.uploads.look(upload.id)
    return upload
  }

  override async getUpload(id: string): Promise<Upload> {
    const { size, offset, cid, createdAt } = await this.uploads.look(id)
    return new Upload({
      id,
      size: Number(size),
      offset: Number(offset),
      metadata: { cid },
      creation_date: createdAt.toISOString(),
    })
  }

  /** The server has compared the offset under the upload's lock. */
  override write(source: AsyncIterable<Uint8Array>, id: string): Promise<number> {
    return this.uploads.send(id, source)
  }

  override remove(id: string): Promise<void> {
    return this.uploads.discard(id)
  }

  /** Tells clients, in `Upload-Expires`; what decides is the row in the database. */
  override getExpiration(): number {
    return this.expiration
  }
}

/** One request at a time works on an upload; a newer one has the older one stopped. */
export class UploadLock implements Lock {
  private release: () => Promise<void> = async () => {}

  constructor(
    private readonly locks: LockService,
    private readonly id: string,
  ) {}

  async lock(signal: AbortSignal, stop: () => Promise<void> | void): Promise<void> {
    this.release = await this.locks.take(`upload:${this.id}`, () => void stop(), signal)
  }

  unlock(): Promise<void> {
    return this.release()
  }
}
