import { contentToCid, GranaryError, type Hex } from '@granary/protocol'
import { Inject, Injectable } from '@nestjs/common'
import { BLOB_STORE } from '../app.tokens.js'
import { parseRange, rangeOf } from '../http/content.range.js'
import type { BlobStore } from '../storage/blob-store.port.js'
import { ErasureRepository } from '../storage/erasure/erasure.repository.js'
import { DatasetsRepository } from './datasets.repository.js'

/** A part of a sealed file, or all of it. */
export interface ContentPart {
  cid: string
  size: number
  offset: number
  length: number
  /** Whether a range was asked for and is answered. */
  partial: boolean
  stream: AsyncIterable<Uint8Array>
}

/** The sealed files of registered datasets. They are public: what protects them is their seal. */
@Injectable()
export class ContentService {
  constructor(
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    private readonly repository: DatasetsRepository,
    private readonly erasures: ErasureRepository,
  ) {}

  /**
   * @param headers of Range: one range of bytes; anything else is answered by the whole file, as HTTP allows
   * @throws GranaryError DATASET_UNKNOWN, CONTENT_ERASED, CONTENT_UNAVAILABLE, RANGE_NOT_SATISFIABLE
   */
  async open(id: string, headers: Parameters<typeof rangeOf>[0]): Promise<ContentPart> {
    const dataset = await this.repository.find(id)
    if (!dataset) throw new GranaryError('DATASET_UNKNOWN')
    if (await this.erasures.isErased(dataset.content)) throw new GranaryError('CONTENT_ERASED')
    const cid = contentToCid(dataset.content as Hex, dataset.rawRoot)
    const size = await this.size(dataset.content, cid, dataset.rawRoot)
    if (size === null) throw new GranaryError('CONTENT_UNAVAILABLE')
    const part = parseRange(rangeOf(headers, `"${cid}"`), size)
    const { offset, length } = part ?? { offset: 0, length: size }
    const stream = length === 0 ? empty() : this.blobs.read(cid, { offset, length })
    return { cid, size, offset, length, partial: part !== null, stream }
  }

  private async size(content: string, cid: string, rawRoot: boolean): Promise<number | null> {
    const held = await this.repository.content(content)
    if (held) return Number(held.size)
    const size = await this.blobs.size(cid)
    if (size !== null) await this.repository.addContent(content, cid, rawRoot, size)
    return size
  }
}

async function* empty(): AsyncGenerator<Uint8Array> {}
