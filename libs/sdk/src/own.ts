import {
  type DatasetResource,
  datasetId,
  datasetsRoot,
  GranaryError,
  type Hex,
  isErrorCode,
  type MessageOf,
  messageToJson,
  openedAnswerSchema,
  ownerReleaseAnswerSchema,
  signMessage,
  structHash,
} from '@granary/protocol'
import {
  fileKeyFromIdentity,
  generateIdentity,
  identityToRecipient,
  openMessage,
  recipientToBytes,
} from '@granary/sealing'
import { decodeBase64, getBytes, hexlify } from 'ethers'
import { type Context, now } from './context.js'
import { askOwnerReleases, problemCode } from './custodians.js'
import { createFaults } from './faults.js'
import type { FetchedFile, Sink } from './fetch.js'
import { activeCommittee } from './network.js'
import { openReleased, openSealed } from './open.js'
import type { Released } from './release.js'
import type { ShareOf } from './shares.js'

/**
 * How an owner opens an own dataset: by the recovery file's identity, or, when that is lost, by the custodians; `released`
 * is what `Datasets.release` had from them.
 */
export type OpenOwnOptions = ({ identity: string } | { ownerRelease: true } | { released: Released }) & {
  sink: Sink
  onProgress?: (progress: { dataset: Hex; title: string; done: number; total: number | null }) => void
  signal?: AbortSignal
}

/** How long custodians may act on an owner's release, in seconds. */
const RELEASE_LIFETIME = 600

/**
 * Gets the plaintext of an own dataset back, a withdrawn one too; nobody is asked or paid. With `identity` nothing but
 * the sealed file is needed, not even a signer. With `ownerRelease` the owner's wallet signs an `OwnerRelease` to a key
 * made for this one answer. What the API serves is checked like a trainer's: see `openSealed`.
 * Throws IDENTITY_MISMATCH, NOT_OWNER, CUSTODIANS_UNAVAILABLE, CONTENT_ALTERED and the custodians' own codes.
 */
export async function openOwn(context: Context, dataset: Hex, options: OpenOwnOptions): Promise<FetchedFile> {
  const { about, entry } = await ownEntry(context, dataset)
  const { cid } = about
  const released =
    'released' in options
      ? sameFile(options.released, entry)
      : 'ownerRelease' in options
        ? await ownerRelease(context, entry, options.signal)
        : undefined

  const title = about.metadata?.title ?? dataset
  const total = about.metadata?.size ?? null
  const { sink, signal, onProgress } = options
  const target = await sink.open(dataset, title)
  const streaming = { signal, onProgress: (done: number) => onProgress?.({ dataset, title, done, total }) }
  try {
    const { sha256, size } = released
      ? await openReleased(context, released, target.writable, streaming)
      : await openSealed(
          context,
          entry,
          (_, headerBytes) =>
            fileKeyFromIdentity(headerBytes, 'identity' in options ? [options.identity] : []),
          target.writable,
          streaming,
        )
    await target.commit(sha256)
    return { dataset, cid, title, sha256, size, resumedFrom: 0 }
  } catch (error) {
    await target.discard()
    throw error
  }
}

/** The custodians' shares of an own dataset, for a client that opens it without a signer. Throws as `openOwn`. */
export async function releaseOwn(context: Context, dataset: Hex, signal?: AbortSignal): Promise<Released> {
  return ownerRelease(context, (await ownEntry(context, dataset)).entry, signal)
}

async function ownEntry(context: Context, dataset: Hex) {
  const about = await context.call<DatasetResource>(`/v1/datasets/${dataset}`)
  const { cid } = about
  const owner = about.owner as Hex
  const content = about.content as Hex
  if (datasetId(owner, content) !== dataset)
    throw new GranaryError('ANSWER_INVALID', `the API names another content than that of ${dataset}`)
  return { about, entry: { dataset, owner, content, cid, index: 0 } }
}

function sameFile(released: Released, { dataset, content }: Pick<Released, 'dataset' | 'content'>): Released {
  if (released.dataset === dataset && released.content === content) return released
  throw new GranaryError('ANSWER_INVALID', `the shares are of another file than ${dataset}`)
}

/** Shares of one own dataset, sealed to an identity that is made here and forgotten afterwards. */
async function ownerRelease(
  context: Context,
  entry: Omit<Released, 'committee' | 'shares'>,
  signal?: AbortSignal,
): Promise<Released> {
  const { dataset, content, owner } = entry
  const facts = await context.network()
  const committee = activeCommittee(facts)
  if (owner !== (await context.account()))
    throw new GranaryError('NOT_OWNER', `${dataset} belongs to ${owner}`)
  const identity = generateIdentity()
  const release: MessageOf<'OwnerRelease'> = {
    owner,
    datasets: datasetsRoot([dataset]),
    recipient: hexlify(recipientToBytes(await identityToRecipient(identity))) as Hex,
    deadline: BigInt(now() + RELEASE_LIFETIME),
  }
  const body = {
    release: messageToJson('OwnerRelease', release),
    signature: await signMessage(context.signer(), 'OwnerRelease', release, facts.deployment),
    datasets: [{ dataset, content }],
  }
  const id = structHash('OwnerRelease', release)
  const faults = createFaults()
  const shares: ShareOf[] = []
  for (const { member, status, body: said } of await askOwnerReleases(
    context,
    body,
    committee.members,
    committee.threshold,
    signal,
  )) {
    if (status !== 200) {
      faults.ofMember(member, status === 0 ? 'UNREACHABLE' : (problemCode(said) ?? 'ANSWER_INVALID'))
      continue
    }
    try {
      const answer = ownerReleaseAnswerSchema.parse(said)
      for (const one of answer.refused) faults.ofDataset(one.dataset, one.code, one.message)
      if (answer.answer === null) continue
      const plain = await openMessage(getBytes(decodeBase64(answer.answer)), identity)
      const opened = openedAnswerSchema.parse(JSON.parse(new TextDecoder().decode(plain)))
      const share = opened.shares.find((one) => one.dataset === dataset)
      if (opened.request !== id || opened.member !== member || !share)
        throw new Error('it is for something else')
      shares.push({ member, share: share.share as Hex, proof: share.proof as Hex })
    } catch (error) {
      context.log(`the answer of custodian ${member} does not hold: ${(error as Error).message}`)
      faults.ofMember(member, 'ANSWER_INVALID')
    }
  }
  if (shares.length >= committee.threshold) return { ...entry, committee, shares }
  const quorum = faults.quorumError(committee.members.length, committee.threshold, false)
  const { code, message } = faults.failure(dataset, quorum)
  throw isErrorCode(code) ? new GranaryError(code, message, { detail: { dataset } }) : quorum
}
