// Reads the start of a content from gateways that are not trusted: every block is held against its hash.
import { createHash } from 'node:crypto'
import { BoundedMap, followed } from '@granary/operation'
import {
  bytesToHex,
  cidToContent,
  GranaryError,
  MAX_BLOCK_BYTES,
  MAX_CONTENT_LEVELS,
  MAX_HEADER_BYTES,
} from '@granary/protocol'
import { createOutgoing } from '@granary/protocol/node'
import { readHeader } from '@granary/sealing'
import { decode } from '@ipld/dag-pb'
import { fetchBytes } from '../http/fetch-json.js'

const TIMEOUT_MS = 15_000
/** Gateways are named by this custodian's operator, who may have one of their own. */
const operators = followed(createOutgoing('anywhere'))
const RAW_BLOCK = 'application/vnd.ipld.raw'

/**
 * From a content's root along first links to the first raw leaf. What counts of it is kept for the `most` contents read
 * last: content never changes.
 */
export class FirstLeaf {
  #gateways: readonly string[]
  #kept: BoundedMap<string, Uint8Array>

  constructor(gateways: readonly string[], most: number) {
    this.#gateways = gateways
    this.#kept = new BoundedMap(most)
  }

  /**
   * The header at the start of the content, all from its first leaf; where none is there, the first 16 KiB.
   *
   * @throws GranaryError CONTENT_UNAVAILABLE when no gateway gives a block; CONTENT_ALTERED when one gives other bytes
   *   and none the right ones; HEADER_INVALID when the content is no UnixFS file of raw leaves; BLOCK_TOO_LARGE
   */
  async read(cid: string): Promise<Uint8Array> {
    const kept = this.#kept.get(cid)
    if (kept !== undefined) return kept
    const leaf = await this.#follow(cid)
    const bytes = leaf.slice(0, headerLength(leaf))
    this.#kept.set(cid, bytes)
    return bytes
  }

  async #follow(root: string): Promise<Uint8Array> {
    let cid = root
    for (let level = 0; level <= MAX_CONTENT_LEVELS; level++) {
      const block = await this.#block(cid)
      if (cidToContent(cid).rawRoot) return block
      cid = firstLink(block)
    }
    throw new GranaryError('HEADER_INVALID', `no leaf within ${MAX_CONTENT_LEVELS} levels`)
  }

  async #block(cid: string): Promise<Uint8Array> {
    const { content } = cidToContent(cid)
    let failure = new GranaryError('CONTENT_UNAVAILABLE', { cid })
    for (const gateway of this.#gateways) {
      const bytes = await this.#ask(gateway, cid)
      if (bytes === undefined) continue
      if (bytesToHex(createHash('sha256').update(bytes).digest()) === content) return bytes
      failure = new GranaryError('CONTENT_ALTERED', { cid })
    }
    throw failure
  }

  async #ask(gateway: string, cid: string): Promise<Uint8Array | undefined> {
    const options = { timeoutMs: TIMEOUT_MS, maxBytes: MAX_BLOCK_BYTES, headers: { accept: RAW_BLOCK } }
    try {
      const { ok, bytes } = await fetchBytes(operators, `${gateway}/ipfs/${cid}?format=raw`, options)
      return ok ? bytes : undefined
    } catch (error) {
      if (error instanceof GranaryError && error.code === 'ANSWER_INVALID')
        throw new GranaryError('BLOCK_TOO_LARGE', { cid })
      return undefined
    }
  }
}

function headerLength(leaf: Uint8Array): number {
  try {
    return readHeader(leaf).length
  } catch {
    return MAX_HEADER_BYTES
  }
}

function firstLink(block: Uint8Array): string {
  try {
    const link = decode(block).Links[0]!.Hash.toString()
    cidToContent(link)
    return link
  } catch (cause) {
    throw new GranaryError('HEADER_INVALID', 'the content is not a file of raw leaves', { cause })
  }
}
