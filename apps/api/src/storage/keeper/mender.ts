import { documentDigest, GranaryError, importFile } from '@granary/protocol'
import { Inject, Injectable } from '@nestjs/common'
import { BLOB_STORE, LOCATIONS } from '../../app.tokens.js'
import { BlocksService } from '../../blocks/blocks.service.js'
import type { StoredFile } from '../../database/generated/client.js'
import type { BlobStore } from '../blob-store.port.js'
import type { Locations } from '../locations/locations.js'
import { fileBlocks, parseCid } from '../unixfs.js'
import { KeepingRepository } from './keeping.repository.js'

/** Where blocks of a document come from when the database has its body. */
const DATABASE = 'database'

/** What came of a repair. */
export interface Mended {
  /** How many blocks were missing or false. */
  missing: number
  /** How many of them were put back. */
  repaired: number
  /** The first location that gave one. */
  from: string | null
  /** What kept locations from saying whether they have the rest, or false bytes. */
  troubles: Map<string, GranaryError['code']>
}

/** Walks a whole file and puts back what is missing of it, from whichever location has it. */
@Injectable()
export class Mender {
  constructor(
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    @Inject(LOCATIONS) private readonly locations: Locations,
    private readonly blocks: BlocksService,
    private readonly repository: KeepingRepository,
  ) {}

  /**
   * Looks at every block of the file. What it gets is checked by its hash before it is stored.
   *
   * @param goOn asked between blocks; false ends the repair, to be begun again
   * @param onMissing called once, before anything is fetched
   * @throws what the store throws: it is full, or does not answer
   */
  async mend(file: StoredFile, goOn: () => boolean, onMissing: () => Promise<void>): Promise<Mended> {
    const mended: Mended = { missing: 0, repaired: 0, from: null, troubles: new Map() }
    const spare = await this.documentBlocks(file)
    const seen = new Map<string, Uint8Array | null>()

    const require = async (cid: string): Promise<Uint8Array | null> => {
      if (seen.has(cid)) return seen.get(cid) ?? null
      const here = await this.blobs.block(cid, { local: true })
      if (here) return here
      if (!goOn()) throw new GranaryError('ABORTED')
      if (mended.missing === 0) await onMissing()
      mended.missing += 1
      const bytes = await this.fetch(cid, file.cid, spare, mended)
      if (bytes) {
        await this.putBack(cid, bytes, file.cid)
        mended.repaired += 1
      }
      seen.set(cid, bytes)
      return bytes
    }

    const names = await this.names(file, require)
    for (const cid of names ?? []) await require(cid)
    if (names && mended.repaired === mended.missing) await this.blobs.pin(file.cid)
    return mended
  }

  /** All blocks by name; null while a node that names others is missing. */
  private async names(
    file: StoredFile,
    require: (cid: string) => Promise<Uint8Array | null>,
  ): Promise<string[] | null> {
    const known = await this.repository.blocks(file.content)
    if (known.length > 0) return known
    try {
      const root = parseCid(file.cid)
      if (!root) return null
      const blocks = await fileBlocks(root, (cid) => require(cid.toString()))
      await this.blocks.record(file.content as `0x${string}`, blocks)
      return blocks.map(({ cid }) => cid)
    } catch (error) {
      if ((error as GranaryError).code === 'CONTENT_UNAVAILABLE') return null
      throw error
    }
  }

  private async fetch(
    cid: string,
    root: string,
    spare: Map<string, Uint8Array>,
    mended: Mended,
  ): Promise<Uint8Array | null> {
    const own = spare.get(cid)
    const found = own
      ? { bytes: own, location: DATABASE, troubles: [] }
      : await this.locations.block(cid, root)
    for (const { location, code } of found.troubles) mended.troubles.set(location, code)
    mended.from ??= found.location
    return found.bytes
  }

  /** A store may keep a false block under its name whatever is put: then that one goes first. */
  private async putBack(cid: string, bytes: Uint8Array, root: string): Promise<void> {
    await this.blocks.settled([cid])
    await this.blobs.put(cid, bytes)
    if (await this.blobs.block(cid, { local: true })) return
    await this.blobs.unpin(root)
    await this.blobs.remove([cid])
    await this.blobs.put(cid, bytes)
    if (!(await this.blobs.block(cid, { local: true })))
      throw new GranaryError('STORAGE_UNAVAILABLE', `block ${cid} cannot be put back`)
  }

  /** A document's blocks, made again from its body; none for a sealed file. */
  private async documentBlocks(file: StoredFile): Promise<Map<string, Uint8Array>> {
    const blocks = new Map<string, Uint8Array>()
    const body = file.document ? await this.repository.document(file.content) : null
    if (body === null) return blocks
    const { bytes, digest } = await documentDigest(body)
    if (digest === file.content)
      await importFile([bytes], { put: (cid, block) => void blocks.set(cid, block.slice()) })
    return blocks
  }
}
