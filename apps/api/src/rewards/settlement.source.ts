import {
  documentCids,
  documentDigest,
  GranaryError,
  type Hex,
  MAX_BLOCK_BYTES,
  MAX_LIST_DOCUMENT_BYTES,
  parseDocument,
  type SettlementDocument,
  settlementDocumentSchema,
} from '@granary/protocol'
import { Inject, Injectable } from '@nestjs/common'
import type { CID } from 'multiformats/cid'
import { BLOB_STORE } from '../app.tokens.js'
import { BlocksService } from '../blocks/blocks.service.js'
import { CommitteeService } from '../chain/committee.service.js'
import type { BlobStore } from '../storage/blob-store.port.js'
import { isBlockOf, parseCid, readFile } from '../storage/unixfs.js'

const TIMEOUT_MS = 5_000

/** Settlement documents by the digest on chain: from the own block store, else from any custodian. */
@Injectable()
export class SettlementSource {
  constructor(
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    private readonly blocks: BlocksService,
    private readonly committee: CommitteeService,
  ) {}

  /** The document, kept here from now on. @throws GranaryError SETTLEMENT_DOCUMENT_UNAVAILABLE */
  async fetch(digest: Hex): Promise<SettlementDocument> {
    const { members } = await this.committee.require()
    const endpoints = members.map((member) => member.endpoint)
    for (const text of documentCids(digest)) {
      const bytes = await this.read(text, endpoints).catch(() => null)
      if (!bytes) continue
      const document = parseDocument(settlementDocumentSchema, bytes, MAX_LIST_DOCUMENT_BYTES)
      if ((await documentDigest(document)).digest !== digest) throw new GranaryError('SETTLEMENT_INVALID')
      await this.blocks.importDocument(bytes)
      return document
    }
    throw new GranaryError('SETTLEMENT_DOCUMENT_UNAVAILABLE')
  }

  private async read(text: string, endpoints: string[]): Promise<Uint8Array> {
    const cid = parseCid(text)
    if (!cid) throw new GranaryError('CID_INVALID')
    const parts: Uint8Array[] = []
    let size = 0
    for await (const part of readFile(cid, (key) => this.block(key, endpoints))) {
      size += part.length
      if (size > MAX_LIST_DOCUMENT_BYTES) throw new GranaryError('DOCUMENT_TOO_LARGE')
      parts.push(part)
    }
    return new Uint8Array(Buffer.concat(parts))
  }

  private async block(cid: CID, endpoints: string[]): Promise<Uint8Array | null> {
    const own = await this.blobs.block(cid.toString(), { local: true })
    if (own) return own
    for (const endpoint of endpoints) {
      const bytes = await download(`${endpoint.replace(/\/$/, '')}/ipfs/${cid}?format=raw`)
      if (bytes && (await isBlockOf(cid, bytes))) return bytes
    }
    return null
  }
}

async function download(url: string): Promise<Uint8Array | null> {
  try {
    const response = await fetch(url, {
      headers: { accept: 'application/vnd.ipld.raw' },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    if (!response.ok) return null
    const parts: Uint8Array[] = []
    let size = 0
    for await (const part of response.body ?? []) {
      size += part.length
      if (size > MAX_BLOCK_BYTES) return null
      parts.push(part)
    }
    return new Uint8Array(Buffer.concat(parts))
  } catch {
    return null
  }
}
