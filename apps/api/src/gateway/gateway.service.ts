import { Readable } from 'node:stream'
import { cidToContent, GranaryError } from '@granary/protocol'
import { CarWriter } from '@ipld/car'
import { Inject, Injectable, Logger } from '@nestjs/common'
import { CID } from 'multiformats/cid'
import { BLOB_STORE } from '../app.tokens.js'
import type { BlobStore } from '../storage/blob-store.port.js'
import { ErasureRepository } from '../storage/erasure/erasure.repository.js'
import { parseCid } from '../storage/unixfs.js'
import { walk } from './dag.walk.js'
import { CAR_TYPE, type GatewayRequest, RAW_TYPE } from './gateway.request.js'

/** The identity CID of nothing: clients ask for it to see whether this is a trustless gateway. */
const PROBE = 'bafkqaaa'

/** An answer of the gateway; nothing is read for its body before it is asked for. */
export interface GatewayAnswer {
  type: string
  etag: string
  filename: string
  body: () => Buffer | Readable
}

/** Blocks and DAGs of this server's own store, as bytes that whoever asks can check. */
@Injectable()
export class GatewayService {
  private readonly log = new Logger('Gateway')

  constructor(
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    private readonly erasures: ErasureRepository,
  ) {}

  /**
   * A CAR that lacks a block further down breaks off: its status was sent before.
   *
   * @throws GranaryError CID_INVALID, BLOCK_UNKNOWN (the root is not here), CONTENT_ERASED, ENTITY_BYTES_OUTSIDE
   */
  async answer(text: string, request: GatewayRequest): Promise<GatewayAnswer> {
    const cid = text === PROBE ? CID.parse(PROBE) : parseCid(text)
    if (!cid) throw new GranaryError('CID_INVALID')
    if (text !== PROBE) await this.refuseErased(cid)
    const bytes = text === PROBE ? new Uint8Array() : await this.blobs.block(text, { local: true })
    if (!bytes) throw new GranaryError('BLOCK_UNKNOWN')
    if (request.type === 'raw') {
      return {
        type: RAW_TYPE,
        etag: `"${text}.raw"`,
        filename: `${text}.bin`,
        body: () => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
      }
    }
    if (request.bytes && request.scope === 'entity') await this.requireWithin(text, request.bytes)
    const { scope, bytes: range, duplicates } = request
    const tag = [scope, range ? `${range.from}-${range.to ?? 'end'}` : '', duplicates ? 'y' : 'n'].join('.')
    return {
      type: `${CAR_TYPE}; version=1; order=dfs; dups=${duplicates ? 'y' : 'n'}`,
      etag: `W/"${text}.car.${tag}"`,
      filename: `${text}.car`,
      body: () => this.car(cid, bytes, request),
    }
  }

  private car(cid: CID, bytes: Uint8Array, request: Extract<GatewayRequest, { type: 'car' }>): Readable {
    const { writer, out } = CarWriter.create([cid])
    const getBlock = (each: CID) => this.blobs.block(each.toString(), { local: true })
    const body = Readable.from(out)
    const write = async () => {
      // The probe's bytes are in its name already.
      if (cid.multihash.code !== 0) {
        for await (const block of walk({ cid, bytes }, getBlock, request)) {
          if (body.destroyed) return
          await writer.put(block)
        }
      }
      await writer.close()
    }
    write().catch((error: Error) => {
      this.log.warn(`the CAR of ${cid} breaks off: ${error.message}`)
      body.destroy(error)
    })
    return body
  }

  /** An erased file is gone from the moment its owner asked, though its blocks take a while. */
  private async refuseErased(cid: CID): Promise<void> {
    const name = cid.toString()
    if (await this.erasures.isErasedAt(cidToContent(name).content, name))
      throw new GranaryError('CONTENT_ERASED')
  }

  /** The size is known beforehand: then a range outside the file is an error, not an empty answer. */
  private async requireWithin(text: string, bytes: { from: number; to: number | null }): Promise<void> {
    const size = await this.blobs.size(text).catch(() => null)
    if (size && bytes.from >= size) throw new GranaryError('ENTITY_BYTES_OUTSIDE', { size })
  }
}
