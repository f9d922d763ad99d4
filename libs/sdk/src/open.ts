import { createCidStream, GranaryError } from '@granary/protocol'
import {
  type CommitteeStanza,
  combineShares,
  committeeLabel,
  decapsulate,
  type FileKeySource,
  findCommitteeStanza,
  type Header,
  open,
  verifyCommitteeStanza,
  verifyShare,
} from '@granary/sealing'
import { getBytes } from 'ethers'
import type { Context } from './context.js'
import type { NetworkFacts } from './network.js'
import { type SealedPart, sealedStream } from './part.js'
import type { Released } from './release.js'
import { tap } from './seal.js'
import { createSha256 } from './sha256.js'

export interface OpenedFile {
  /** Of the plaintext, lower-case hex. Not known to anybody but who opened it. */
  sha256: string
  size: number
  /** Members whose share had a false proof, also where the others' shares sufficed. */
  liars: number[]
}

/** Which sealed file: `content` is the digest in its CID. */
export type SealedFile = Pick<Released, 'dataset' | 'content' | 'cid'>

export interface StreamOptions {
  /** Bytes of plaintext so far. */
  onProgress?: ((done: number) => void) | undefined
  signal?: AbortSignal | undefined
  /** Each chunk of the sealed file, before it was checked. */
  onSealed?: ((chunk: Uint8Array) => Promise<void> | void) | undefined
  /** What is there of the sealed file already, and where the rest is kept. */
  part?: SealedPart | undefined
}

/**
 * Streams a released dataset's plaintext into `writable`, see `openSealed`.
 * Throws SHARES_TOO_FEW and STANZA_INVALID besides.
 */
export async function openReleased(
  context: Context,
  released: Released,
  writable: WritableStream<Uint8Array>,
  options: StreamOptions = {},
): Promise<OpenedFile> {
  const { fileKey, liars } = await createOpener(context, released)
  return { ...(await openSealed(context, released, fileKey, writable, options)), liars }
}

/** How a released dataset's header gives its file key. `liars` fills when that is asked for. */
export async function createOpener(
  context: Context,
  released: Released,
): Promise<{ fileKey: (header: Header) => Uint8Array; liars: number[] }> {
  const facts = await context.network()
  const liars: number[] = []
  return { liars, fileKey: (header) => fileKeyOf(header, released, facts, liars) }
}

/**
 * Streams a sealed file's plaintext into `writable`. The sealed file comes from the API and is not believed: its CID is
 * recomputed as it passes, and what was written counts only once this returns. On a throw the caller must discard it.
 * Throws CONTENT_ALTERED, the codes of a broken sealed file, and what `fileKey` throws.
 */
export async function openSealed(
  context: Context,
  file: SealedFile,
  fileKey: FileKeySource,
  writable: WritableStream<Uint8Array>,
  options: StreamOptions = {},
): Promise<Omit<OpenedFile, 'liars'>> {
  const cid = createCidStream()
  cid.result.catch(() => {})
  const hash = await createSha256()
  let size = 0

  const source = sealedStream(context, file.dataset, options.part, options.signal).pipeThrough(
    tap(async (chunk) => {
      await cid.writer.write(chunk)
      await options.onSealed?.(chunk)
    }),
  )
  await open({ source, fileKey })
    .pipeThrough(
      tap((chunk) => {
        hash.update(chunk)
        size += chunk.length
        options.onProgress?.(size)
      }),
    )
    .pipeTo(writable, { signal: options.signal })
  await cid.writer.close()
  if ((await cid.result).content !== file.content)
    throw new GranaryError('CONTENT_ALTERED', `the sealed file that the API serves is not ${file.cid}`)
  return { sha256: hash.hex(), size }
}

/** The file key from any t shares whose proofs hold against the chain's verifying shares. All are tried: a lie is told. */
function fileKeyOf(header: Header, released: Released, facts: NetworkFacts, liars: number[]): Uint8Array {
  const { committee, shares } = released
  const groupKey = getBytes(committee.groupKey)
  const label = committeeLabel({
    groupKey,
    chainId: BigInt(facts.chainId),
    registry: facts.deployment.datasetRegistry,
    owner: released.owner,
  })
  const stanza: CommitteeStanza = findCommitteeStanza(header)
  verifyCommitteeStanza(stanza, { groupKey, label })

  const good: { index: number; share: Uint8Array }[] = []
  for (const { member, share, proof } of shares) {
    const { verifyingShare } = committee.members[member - 1]!
    const holds = verifyShare({
      share: getBytes(share),
      proof: getBytes(proof),
      verifyingShare: getBytes(verifyingShare),
      stanza,
      label,
      dataset: getBytes(released.dataset),
    })
    if (holds && good.every(({ index }) => index !== member))
      good.push({ index: member, share: getBytes(share) })
    if (!holds) liars.push(member)
  }
  if (good.length < committee.threshold)
    throw new GranaryError('SHARES_TOO_FEW', `${good.length} valid shares, ${committee.threshold} are needed`)
  const point = combineShares(good.slice(0, committee.threshold), committee.threshold)
  return decapsulate({ point, stanza, label })
}
