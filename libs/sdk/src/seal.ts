import { type Address, type ContentAddress, createCidStream, GranaryError } from '@granary/protocol'
import { seal } from '@granary/sealing'
import { getBytes } from 'ethers'
import type { NetworkFacts } from './network.js'
import { activeCommittee } from './network.js'
import type { Spool } from './spool.js'

/** Something to seal. `stream` is called once; its length must be `size`. A browser's File fits. */
export interface Source {
  readonly name: string
  readonly type: string
  readonly size: number
  stream(): ReadableStream<Uint8Array>
}

/** The committee that a file is sealed to, as plain data that may be handed to a worker. */
export interface SealingTarget {
  groupKey: Uint8Array
  chainId: bigint
  registry: string
  owner: string
}

export interface SealOptions {
  source: Source
  /** The contributor's own age recipient (`age1…`). */
  recipient: string
  target: SealingTarget
  spool: Spool
  /** Bytes of the source sealed so far. */
  onProgress?: (done: number, total: number) => void
  signal?: AbortSignal
}

/** Whom a file of `owner` is sealed to on this network. Throws COMMITTEE_MISSING. */
export function sealingTarget(facts: NetworkFacts, owner: Address): SealingTarget {
  return {
    groupKey: getBytes(activeCommittee(facts).groupKey),
    chainId: BigInt(facts.chainId),
    registry: facts.deployment.datasetRegistry,
    owner,
  }
}

/**
 * Seals a source under a fresh key into the spool and computes the CID of the sealed file on the way; memory stays
 * flat. Throws FILE_CHANGED when the source turned out longer or shorter than it said. On any failure the spool
 * must be thrown away: a sealing is never continued.
 */
export async function sealSource(options: SealOptions): Promise<ContentAddress> {
  const { source, recipient, target, spool, onProgress, signal } = options
  const sealed = await seal({ recipients: [recipient], committee: target })
  const cid = createCidStream()
  cid.result.catch(() => {}) // reported by the pipeline, which fails first

  let read = 0
  const count = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      read += chunk.length
      controller.enqueue(chunk)
      onProgress?.(read, source.size)
    },
    flush() {
      if (read !== source.size)
        throw new GranaryError('FILE_CHANGED', `${source.name} has ${read} bytes, not ${source.size}`)
    },
  })
  await source
    .stream()
    .pipeThrough(count)
    .pipeThrough(sealed.stream)
    .pipeThrough(tap((chunk) => cid.writer.write(chunk)))
    .pipeTo(await spool.writable(), { signal })
  await cid.writer.close()
  return cid.result
}

/** Passes bytes on unchanged after `see` has taken them; its back-pressure is the stream's. */
export function tap(
  see: (chunk: Uint8Array) => Promise<void> | void,
): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    async transform(chunk, controller) {
      await see(chunk)
      controller.enqueue(chunk)
    },
  })
}
