// Settlement documents on disk, by the digest that the chain has; fetched from other members when one is missing.
import { createHash } from 'node:crypto'
import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  bytesToHex,
  contentToCid,
  GranaryError,
  type Hex,
  MAX_DOCUMENT_BYTES,
  parseDocument,
  type SettlementDocument,
  settlementDocumentSchema,
} from '@granary/protocol'
import type { Outgoing } from '@granary/protocol/node'
import { fetchBytes } from '../http/fetch-json.js'
import { makePrivateFolder, writeDurably } from '../state/files.js'

const TIMEOUT_MS = 10_000
const RAW_BLOCK = 'application/vnd.ipld.raw'

/** The folder `settlements`. A document has at most 1 MiB, so it is one raw block. */
export class Documents {
  #folder: string
  #outgoing: Outgoing

  private constructor(folder: string, outgoing: Outgoing) {
    this.#folder = folder
    this.#outgoing = outgoing
  }

  static async open(dir: string, outgoing: Outgoing): Promise<Documents> {
    const folder = join(dir, 'settlements')
    await makePrivateFolder(folder)
    return new Documents(folder, outgoing)
  }

  /** Keeps a document that has this digest; it is on disk when this returns. */
  async keep(digest: Hex, bytes: Uint8Array): Promise<void> {
    const path = this.#path(digest)
    try {
      await access(path)
    } catch {
      await writeDurably(path, bytes)
    }
  }

  /** A document's bytes, undefined when it is not here. */
  async bytes(digest: Hex): Promise<Uint8Array | undefined> {
    try {
      return await readFile(this.#path(digest))
    } catch {
      return undefined
    }
  }

  /**
   * A document, from here or from one of `sources` (base URLs that serve `/ipfs/<cid>`), then kept here.
   *
   * @throws GranaryError SETTLEMENT_DOCUMENT_UNAVAILABLE, DOCUMENT_INVALID
   */
  async get(digest: Hex, sources: readonly string[]): Promise<SettlementDocument> {
    const bytes = (await this.bytes(digest)) ?? (await this.#fetch(digest, sources))
    return parseDocument(settlementDocumentSchema, bytes) as SettlementDocument
  }

  async #fetch(digest: Hex, sources: readonly string[]): Promise<Uint8Array> {
    const cid = contentToCid(digest, true)
    for (const source of sources) {
      const options = { timeoutMs: TIMEOUT_MS, maxBytes: MAX_DOCUMENT_BYTES, headers: { accept: RAW_BLOCK } }
      const url = `${source}/ipfs/${cid}?format=raw`
      const found = await fetchBytes(this.#outgoing, url, options).catch(() => undefined)
      if (found === undefined || !found.ok) continue
      if (bytesToHex(createHash('sha256').update(found.bytes).digest()) !== digest) continue
      await this.keep(digest, found.bytes)
      return found.bytes
    }
    throw new GranaryError('SETTLEMENT_DOCUMENT_UNAVAILABLE', { document: digest })
  }

  #path(digest: Hex): string {
    return join(this.#folder, `${digest.slice(2)}.json`)
  }
}
