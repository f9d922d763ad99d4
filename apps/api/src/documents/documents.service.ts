import { BoundedMap } from '@granary/operation'
import {
  canonicalJson,
  documentCids,
  type Hex,
  MAX_DOCUMENT_BYTES,
  MAX_LIST_DOCUMENT_BYTES,
  parseDocument,
} from '@granary/protocol'
import { Inject, Injectable } from '@nestjs/common'
import type { z } from 'zod'
import { BLOB_STORE, CONFIG } from '../app.tokens.js'
import { BlocksService } from '../blocks/blocks.service.js'
import type { Config } from '../config.js'
import type { BlobStore } from '../storage/blob-store.port.js'
import { DocumentsRepository } from './documents.repository.js'

const NOT_HERE_MS = 60_000

/** Documents by the digest that is on chain: on IPFS, with a copy in the database. */
@Injectable()
export class DocumentsService {
  /** Until when a document that is not here is not looked for again, by digest. */
  private readonly missing: BoundedMap<string, number>

  constructor(
    @Inject(CONFIG) config: Config,
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    private readonly blocks: BlocksService,
    private readonly repository: DocumentsRepository,
  ) {
    this.missing = new BoundedMap(config.DOCUMENTS_MISSED)
  }

  /** Puts a document that was parsed by its schema on IPFS. */
  async store(value: unknown): Promise<{ digest: Hex; cid: string }> {
    const { content: digest, cid } = await this.blocks.importDocument(canonicalJson(value))
    await this.repository.add(digest, cid, value)
    this.missing.delete(digest)
    return { digest, cid }
  }

  /** The document, or null when it is not here or is not valid. */
  async read<T>(schema: z.ZodType<T>, digest: string): Promise<T | null> {
    return (await this.readMany(schema, [digest])).get(digest) ?? null
  }

  /** Those of the documents that are here and valid. Only the ones that the database lacks are looked up on IPFS. */
  async readMany<T>(schema: z.ZodType<T>, digests: string[]): Promise<Map<string, T>> {
    const bodies = await this.repository.bodies(digests)
    return this.readThese(
      schema,
      digests.map((digest) => [digest, bodies.get(digest)]),
    )
  }

  /** The same of documents that somebody has read from the database already, by digest; null = it lacks them. */
  async readThese<T>(
    schema: z.ZodType<T>,
    pairs: [digest: string, body: unknown][],
  ): Promise<Map<string, T>> {
    const found = new Map<string, T>()
    for (const [digest, kept] of new Map(pairs)) {
      const body = kept ?? (await this.fetch(schema, digest as Hex))
      const parsed = schema.safeParse(body)
      if (parsed.success) found.set(digest, parsed.data)
    }
    return found
  }

  private async fetch<T>(schema: z.ZodType<T>, digest: Hex): Promise<T | null> {
    if ((this.missing.get(digest) ?? 0) > Date.now()) return null
    for (const cid of documentCids(digest)) {
      const size = await this.blobs.size(cid).catch(() => null)
      if (size === null || size > MAX_LIST_DOCUMENT_BYTES) continue
      try {
        const parts: Uint8Array[] = []
        for await (const part of this.blobs.read(cid)) parts.push(part)
        const limit = size > MAX_DOCUMENT_BYTES ? MAX_LIST_DOCUMENT_BYTES : MAX_DOCUMENT_BYTES
        const value = parseDocument(schema, new Uint8Array(Buffer.concat(parts)), limit)
        await this.repository.add(digest, cid, value)
        return value
      } catch {
        // A digest on chain may be of anything; what is no document of this kind counts as not here.
      }
    }
    this.missing.set(digest, Date.now() + NOT_HERE_MS)
    return null
  }
}
