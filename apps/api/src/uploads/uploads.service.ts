import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type ContentAddress, cidToContent, GranaryError } from '@granary/protocol'
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common'
import { FileStore } from '@tus/file-store'
import { BLOB_STORE, CONFIG } from '../app.tokens.js'
import { BlocksService } from '../blocks/blocks.service.js'
import { Loop } from '../chain/loop.js'
import type { Config } from '../config.js'
import type { Upload } from '../database/generated/client.js'
import type { BlobStore } from '../storage/blob-store.port.js'
import { ErasureRepository } from '../storage/erasure/erasure.repository.js'
import { UploadRepository } from './upload.repository.js'

const MOST_AT_ONCE = 100
const SWEEP_MS = 600_000

/** What may be uploaded, by whom, and what becomes of it. The tus protocol itself is `tus.handler.ts`. */
@Injectable()
export class UploadsService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger('Uploads')
  readonly files: FileStore
  private readonly sweeper: Loop

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    private readonly blocks: BlocksService,
    private readonly repository: UploadRepository,
    private readonly erasures: ErasureRepository,
  ) {
    // The tus server tells clients with this, in `Upload-Expires`; what decides is the row in the database.
    const expirationPeriodInMilliseconds = config.UPLOAD_HOURS * 3_600_000
    this.files = new FileStore({ directory: config.UPLOAD_DIR, expirationPeriodInMilliseconds })
    const onError = (error: unknown) => this.log.warn(`old uploads stay: ${(error as Error).message}`)
    this.sweeper = new Loop(SWEEP_MS, () => this.sweep(), onError)
  }

  async onApplicationBootstrap(): Promise<void> {
    await mkdir(this.config.UPLOAD_DIR, { recursive: true, mode: 0o700 })
    await this.finishInterrupted()
    this.sweeper.start()
  }

  onApplicationShutdown(): Promise<void> {
    return this.sweeper.stop()
  }

  /** Until when the upload is kept. @throws GranaryError UPLOAD_METADATA_INVALID, CID_INVALID, CONTENT_ERASED, UPLOAD_TOO_LARGE, QUOTA_EXCEEDED */
  async begin(
    owner: string,
    id: string,
    size: number | undefined,
    cid: string | null | undefined,
  ): Promise<Date> {
    if (!cid || size === undefined) throw new GranaryError('UPLOAD_METADATA_INVALID')
    const { content } = cidToContent(cid)
    if (await this.erasures.isErased(content)) throw new GranaryError('CONTENT_ERASED')
    if (size > this.config.MAX_UPLOAD_BYTES) throw new GranaryError('UPLOAD_TOO_LARGE')
    const { bytes, uploads } = await this.repository.usage(owner)
    if (uploads >= MOST_AT_ONCE || bytes + BigInt(size) > BigInt(this.config.UPLOAD_QUOTA_BYTES))
      throw new GranaryError('QUOTA_EXCEEDED')
    const expiresAt = new Date(Date.now() + this.config.UPLOAD_HOURS * 3_600_000)
    await this.repository.add({ id, owner, cid, size: BigInt(size), expiresAt })
    return expiresAt
  }

  /** The account's own upload. Somebody else's is as unknown as none. @throws GranaryError UPLOAD_UNKNOWN */
  async own(owner: string, id: string): Promise<Upload> {
    const upload = await this.repository.find(id)
    if (!upload || upload.owner !== owner || upload.expiresAt < new Date())
      throw new GranaryError('UPLOAD_UNKNOWN')
    return upload
  }

  /**
   * Imports a complete upload and throws the spooled file away, whatever comes out.
   *
   * @throws GranaryError CID_MISMATCH when the bytes are not those of the CID that the client named
   */
  async finish(id: string): Promise<ContentAddress> {
    const upload = await this.repository.find(id)
    if (!upload) throw new GranaryError('UPLOAD_UNKNOWN')
    const address = await this.blobs.importFile(this.files.read(id))
    if (address.cid !== upload.cid) {
      await this.discard(id)
      throw new GranaryError('CID_MISMATCH')
    }
    await this.repository.addContent(address, upload.owner)
    await this.blocks.of(address.content, address.cid)
    await this.repository.finish(id)
    await this.removeFiles(id)
    return address
  }

  /** Forgets an upload and its file. */
  async discard(id: string): Promise<void> {
    await this.repository.remove(id)
    await this.removeFiles(id)
  }

  /** Forgets an upload whose file the tus server itself removes. */
  forget(id: string): Promise<void> {
    return this.repository.remove(id)
  }

  private async removeFiles(id: string): Promise<void> {
    await Promise.all(
      ['', '.json'].map((end) => rm(join(this.config.UPLOAD_DIR, `${id}${end}`), { force: true })),
    )
  }

  /** Uploads whose last byte came just before the API was stopped. */
  private async finishInterrupted(): Promise<void> {
    for (const upload of await this.repository.unfinished()) {
      const file = await stat(join(this.config.UPLOAD_DIR, upload.id)).catch(() => null)
      if (file && BigInt(file.size) === upload.size) await this.finish(upload.id).catch(() => {})
    }
  }

  private async sweep(): Promise<boolean> {
    const ids = await this.repository.expired()
    for (const id of ids) await this.discard(id)
    return ids.length > 0
  }
}
