import { type ContentAddress, GranaryError, importFile } from '@granary/protocol'
import { inTime } from '@granary/protocol/node'
import { create, type KuboRPCClient } from 'ipfs-http-client'
import { CID } from 'multiformats/cid'
import type { BlobStore, Notes, Peer } from './blob-store.port.js'
import { KuboImport } from './kubo.import.js'
import { kuboNotes } from './kubo.notes.js'
import { fileSize, isBlockOf, parseCid, readFile } from './unixfs.js'

const TIMEOUT = 5_000
/** Of a call that stores: a block is at most 1 MiB; a pin reads all blocks of its file. */
const STORE_TIMEOUT = 60_000
const PIN_TIMEOUT = 1_800_000
const REMOVED_AT_ONCE = 200

/**
 * Blocks in a Kubo node, through its RPC API. The file is cut into blocks here, not by `add`: so the CID cannot depend
 * on the node's version or import profile. Roots are pinned.
 */
export class KuboBlobStore implements BlobStore {
  readonly name: string
  readonly notes: Notes
  readonly peer: Peer = {
    origins: async () => {
      const { addresses } = await inTime(TIMEOUT, (signal) => this.client.id({ signal }))
      return addresses.map(String)
    },
    connect: async (addresses) => {
      for (const address of addresses)
        await inTime(TIMEOUT, (signal) => this.client.swarm.connect(address as never, { signal })).catch(
          () => {},
        )
    },
  }
  private readonly client: KuboRPCClient
  private readonly imports: KuboImport

  constructor(url: string) {
    this.name = `kubo (${new URL(url).host})`
    this.client = create({ url })
    this.imports = new KuboImport(url, STORE_TIMEOUT)
    this.notes = kuboNotes(this.client, STORE_TIMEOUT)
  }

  async importFile(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<ContentAddress> {
    const address = await importFile(source, this)
    await this.pin(address.cid)
    return address
  }

  async put(text: string, bytes: Uint8Array): Promise<void> {
    await this.imports.put(text, bytes)
  }

  async pin(root: string): Promise<void> {
    try {
      await inTime(PIN_TIMEOUT, (signal) =>
        this.client.pin.add(CID.parse(root), { signal, offline: true } as Parameters<
          typeof this.client.pin.add
        >[1]),
      )
    } catch (cause) {
      if (!/not found|could not find/i.test((cause as Error).message)) rethrow(cause)
      throw new GranaryError('CONTENT_UNAVAILABLE', `a block of ${root} is not here`, { cause })
    }
  }

  async unpin(root: string): Promise<void> {
    await inTime(STORE_TIMEOUT, (signal) => this.client.pin.rm(CID.parse(root), { signal })).catch(
      (error: Error) => {
        if (!/not pinned/i.test(error.message)) throw error
      },
    )
  }

  async remove(cids: readonly string[]): Promise<{ removed: string[]; kept: string[] }> {
    const kept = new Set<string>()
    for (let i = 0; i < cids.length; i += REMOVED_AT_ONCE) {
      const some = cids.slice(i, i + REMOVED_AT_ONCE).map((text) => CID.parse(text))
      await inTime(PIN_TIMEOUT, async (signal) => {
        for await (const { cid, error } of this.client.block.rm(some, { force: true, signal })) {
          if (!error) continue
          if (!/pinned/i.test(error.message)) throw error
          kept.add(cid.toString())
        }
      })
    }
    return { removed: cids.filter((cid) => !kept.has(cid)), kept: [...kept] }
  }

  async free(): Promise<number> {
    const { repoSize, storageMax } = await inTime(STORE_TIMEOUT, (signal) =>
      this.client.repo.stat({ signal }),
    )
    return Number(storageMax - repoSize)
  }

  async block(text: string, options: { timeout?: number; local?: boolean } = {}): Promise<Uint8Array | null> {
    const cid = parseCid(text)
    return cid ? this.get(cid, options) : null
  }

  async size(text: string): Promise<number | null> {
    const cid = parseCid(text)
    return cid ? fileSize(cid, (key) => this.get(key)) : null
  }

  read(text: string, range?: { offset: number; length: number }): AsyncIterable<Uint8Array> {
    const cid = parseCid(text)
    if (!cid) throw new TypeError('cid must be one of a file')
    return readFile(cid, (key) => this.get(key), range)
  }

  async check(): Promise<void> {
    await inTime(TIMEOUT, (signal) => this.client.version({ signal }))
  }

  async close(): Promise<void> {
    this.imports.close()
  }

  private async get(
    cid: CID,
    { timeout = TIMEOUT, local = false }: { timeout?: number; local?: boolean } = {},
  ): Promise<Uint8Array | null> {
    return inTime(timeout, async (signal) => {
      try {
        const bytes = await this.client.block.get(cid, { signal, offline: local } as Parameters<
          typeof this.client.block.get
        >[1])
        return (await isBlockOf(cid, bytes)) ? bytes : null
      } catch (error) {
        // Kubo looks for a block it lacks in the network until it is told to stop.
        if (signal.aborted || /not found|could not find/i.test((error as Error).message)) return null
        throw error
      }
    })
  }
}

function rethrow(error: unknown): never {
  if (!/no space left|disk quota|ENOSPC/i.test((error as Error).message)) throw error
  throw new GranaryError('STORE_FULL', undefined, { cause: error })
}
