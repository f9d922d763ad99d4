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

const RAW = 0x55
const IDENTITY = 0x00

/** An answer of the gateway: a block, or a CAR, of which nothing more is read before it is asked for. */
export type GatewayAnswer = {
  type: string
  etag: string
  filename: string
} & ({ block: Buffer } | { car: () => Readable })

/** What was asked for: its CID as it was written, and either its bytes or the name that the store has it under. */
interface Root {
  cid: CID
  stored: string | null
  inline: Uint8Array | null
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
    const root = readRoot(text)
    if (!root) throw new GranaryError('CID_INVALID')
    const { cid, stored, inline } = root
    if (stored !== null) await this.refuseErased(stored)
    const bytes = stored === null ? inline : await this.blobs.block(stored, { local: true })
    if (!bytes) throw new GranaryError('BLOCK_UNKNOWN')
    if (request.type === 'raw') {
      return {
        type: RAW_TYPE,
        etag: `"${text}.raw"`,
        filename: `${text}.bin`,
        block: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
      }
    }
    if (request.bytes) await this.requireWithin(stored, bytes, request.bytes)
    const { scope, bytes: range, duplicates } = request
    const tag = [scope, range ? `${range.from}-${range.to ?? 'end'}` : '', duplicates ? 'y' : 'n'].join('.')
    return {
      type: `${CAR_TYPE}; version=1; order=dfs; dups=${duplicates ? 'y' : 'n'}`,
      etag: `W/"${text}.car.${tag}"`,
      filename: `${text}.car`,
      car: () => this.car(cid, bytes, request),
    }
  }

  private car(cid: CID, bytes: Uint8Array, request: Extract<GatewayRequest, { type: 'car' }>): Readable {
    const { writer, out } = CarWriter.create([cid])
    const getBlock = (each: CID) => this.blobs.block(each.toString(), { local: true })
    const body = Readable.from(out)
    const write = async () => {
      // The bytes of an identity CID are in its name already.
      if (cid.multihash.code !== IDENTITY) {
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
  private async refuseErased(name: string): Promise<void> {
    if (await this.erasures.isErasedAt(cidToContent(name).content, name))
      throw new GranaryError('CONTENT_ERASED')
  }

  /** The size is known beforehand: then a range outside the file is an error, not an empty answer. */
  private async requireWithin(
    stored: string | null,
    block: Uint8Array,
    bytes: { from: number },
  ): Promise<void> {
    const size = stored === null ? block.length : await this.blobs.size(stored).catch(() => null)
    if (size && bytes.from >= size) throw new GranaryError('ENTITY_BYTES_OUTSIDE', { size })
  }
}

/**
 * The older form of a CID (`Qm…`) names the same block. An identity CID has its bytes in it, so nobody needs to have it;
 * of nothing (`bafkqaaa`) it is how clients see whether this is a trustless gateway.
 */
function readRoot(text: string): Root | null {
  let cid: CID
  try {
    cid = CID.parse(text)
  } catch {
    return null
  }
  if (cid.multihash.code === IDENTITY)
    return cid.code === RAW ? { cid, stored: null, inline: cid.multihash.digest } : null
  const known = parseCid(cid.toV1().toString())
  return known && { cid, stored: known.toString(), inline: null }
}
