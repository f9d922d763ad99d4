import {
  type Address,
  type ContentAddress,
  type ContributeBody,
  type ContributedResource,
  contentToCid,
  type DatasetResource,
  type DatasetSchema,
  datasetId,
  documentDigest,
  GranaryError,
  type Hex,
  type MessageOf,
  type MetadataDocument,
  messageToJson,
  newMetadataDocumentSchema,
  type PurposeName,
  purposesToBits,
  signMessage,
} from '@granary/protocol'
import { hexlify } from 'ethers'
import { factsToSealBy, refuseTerms } from './before-sealing.js'
import { type Context, MESSAGE_LIFETIME, now, orMissing, until } from './context.js'
import { PAUSE } from './pause.js'
import { waitForRelay } from './relay.js'
import { type SealOptions, type Source, sealingTarget, sealSource } from './seal.js'
import type { Sealed, Spool } from './spool.js'
import { uploadSealed } from './upload.js'

export interface Progress {
  phase: 'sealing' | 'uploading' | 'registering'
  done: number
  total: number
  /** The server cannot be reached now; it is tried again for ten minutes. */
  waiting?: true
}

/** What a dataset may be used for. `expires` null = until withdrawn. `ask` = each request needs the owner's yes. */
export interface Terms {
  pool: number
  purposes: readonly PurposeName[] | readonly string[]
  expires: Date | null
  ask?: boolean
}

export interface ContributeOptions extends Terms {
  source: Source
  /** Public for ever. Defaults to the source's name. */
  title?: string
  description?: string
  license?: string
  /** What the file holds, for everybody to read; `describe` of `@granary/sdk/describe` proposes it. */
  schema?: DatasetSchema | string
  /** The contributor's age identity; only its recipient is needed here. */
  identity: { recipient: string }
  spool: Spool
  /** Seals into the spool in another place, e.g. in a worker. Like `sealSource`, which it is by default. */
  seal?: (options: SealOptions) => Promise<ContentAddress>
  onProgress?: (progress: Progress) => void
  /** Called once its owner has signed it: what follows needs nobody. */
  onSigned?: () => void
  /**
   * Aborted, it throws the signal's reason and keeps nothing, here or on the server; aborted with `PAUSE`, it leaves to a
   * later run what a spool that remembers has of it.
   */
  signal?: AbortSignal
}

export interface Contributed {
  id: Hex
  cid: string
  transaction: Hex
  gasUsed: string | null
  batch: number | null
  /** Of the sealed file. */
  size: number
  /** Bytes of it that an earlier run had uploaded. */
  resumedFrom: number
}

/**
 * Seals, uploads and registers one file. A spool that remembers lets a later call for the same source go on where this
 * one stopped: with the same sealed file, where its upload was. It is removed when the contribution is confirmed. What
 * the pool and the terms would be refused for is told before anything is sealed or uploaded.
 */
export async function contribute(context: Context, options: ContributeOptions): Promise<Contributed> {
  const { source, spool, signal, onProgress } = options
  // What is wrong with the terms is told before any work.
  purposesToBits(options.purposes as readonly PurposeName[])
  metadataOf(options)
  const owner = await context.account()
  const facts = await factsToSealBy(context, signal)
  const report = (phase: Progress['phase']) => (done: number, total: number) =>
    onProgress?.({ phase, done, total })
  const target = sealingTarget(facts, owner)
  const { recipient } = options.identity
  const { groupKey, chainId, registry } = target
  const earlier = await spool.recall?.([hexlify(groupKey), chainId, registry, owner, recipient].join(' '))
  let sealed = earlier
  try {
    const done = earlier && (await confirmed(context, owner, earlier))
    if (done) {
      await spool.remove()
      return done
    }
    await refuseTerms(context, options, signal)
    if (!sealed) {
      signal?.throwIfAborted()
      const address = await (options.seal ?? sealSource)({
        source,
        recipient,
        target,
        spool,
        onProgress: report('sealing'),
        signal,
      })
      sealed = { ...address, upload: null }
      await spool.remember?.(sealed)
    }
    const complete = sealed
    let uploaded = 0
    const { resumedFrom } = await uploadSealed(context, {
      spool,
      cid: complete.cid,
      size: complete.size,
      resume: complete.upload,
      onBegun: (upload) => spool.remember?.({ ...complete, upload }),
      onProgress: (done, total) => {
        uploaded = done
        report('uploading')(done, total)
      },
      onWaiting: () =>
        onProgress?.({ phase: 'uploading', done: uploaded, total: complete.size, waiting: true }),
      signal,
    })
    signal?.throwIfAborted()
    report('registering')(0, 1)
    const registered = await register(context, { ...options, ...complete }).catch(async (error) => {
      // A run before this one was killed between its signature and the answer.
      const before = earlier && (await confirmed(context, owner, earlier))
      if (before) return before
      throw error
    })
    report('registering')(1, 1)
    await spool.remove()
    return { ...registered, cid: complete.cid, size: complete.size, resumedFrom }
  } catch (error) {
    const useless = NOT_WORTH_KEEPING.has((error as { code?: string } | null)?.code ?? '')
    const forGood = signal?.aborted && signal.reason !== PAUSE
    if (sealed && spool.keep && !useless && !forGood) await spool.keep()
    else await spool.remove()
    throw error
  }
}

/** Codes that say that the sealed file itself is wrong. */
const NOT_WORTH_KEEPING = new Set([
  'CID_MISMATCH',
  'UPLOAD_TOO_LARGE',
  'HEADER_INVALID',
  'HEADER_TOO_LARGE',
  'STANZA_INVALID',
  'STANZA_MISSING',
  'STANZA_REPEATED',
  'COMMITTEE_UNKNOWN',
])

/** The contribution of a sealed file if it is on chain already. */
async function confirmed(
  context: Context,
  owner: Address,
  { content, cid, size }: Sealed,
): Promise<Contributed | undefined> {
  const id = datasetId(owner, content)
  const dataset = await orMissing(context.call<DatasetResource>(`/v1/datasets/${id}`))
  if (!dataset) return undefined
  const transaction = dataset.registered.transaction as Hex
  return { id, cid, size, transaction, gasUsed: null, batch: null, resumedFrom: size }
}

/** What must be known about a sealed and uploaded file to register it. */
export interface RegisterOptions extends Terms {
  source: Pick<Source, 'name' | 'type' | 'size'>
  title?: string
  description?: string
  license?: string
  schema?: DatasetSchema | string
  content: Hex
  rawRoot: boolean
  onSigned?: () => void
  signal?: AbortSignal
}

/** Signs the contribution of an uploaded sealed file, has it relayed, and waits until it is in the catalogue. */
export async function register(
  context: Context,
  options: RegisterOptions,
): Promise<{ id: Hex; transaction: Hex; gasUsed: string | null; batch: number | null }> {
  const { deployment } = await context.network()
  const owner = await context.account()
  const metadata = metadataOf(options)
  const contribution: MessageOf<'Contribution'> = {
    owner,
    content: options.content,
    metadata: (await documentDigest(metadata)).digest,
    pool: options.pool,
    purposes: purposesToBits(options.purposes as readonly PurposeName[]),
    expires: options.expires ? Math.floor(options.expires.getTime() / 1000) : 0,
    flags: (options.ask ? 1 : 0) | (options.rawRoot ? 2 : 0),
    deadline: BigInt(now() + MESSAGE_LIFETIME),
  }
  const signature = await signMessage(context.signer(), 'Contribution', contribution, deployment)
  options.onSigned?.()
  const body = {
    contribution: messageToJson('Contribution', contribution),
    signature,
    metadata,
  } as ContributeBody
  // Repeatable: the same message again gets the same answer.
  const answer = await context.callSigned<ContributedResource>('/v1/datasets', {
    method: 'POST',
    body,
    idempotent: true,
    signal: options.signal,
  })
  const relayed = await waitForRelay(context, answer.relay, { signal: options.signal })
  const id = datasetId(owner, options.content)
  await until(`${contentToCid(options.content, options.rawRoot)} in the catalogue`, () =>
    orMissing(context.call(`/v1/datasets/${id}`)),
  )
  return { id, ...relayed }
}

/**
 * The public document. A title of the caller's own must fit; a file's name is shortened where it does not.
 * Throws DOCUMENT_INVALID.
 */
function metadataOf(
  options: Pick<RegisterOptions, 'source' | 'title' | 'description' | 'license' | 'schema'>,
): MetadataDocument {
  const { source, title, description, license, schema } = options
  const parsed = newMetadataDocumentSchema.safeParse({
    version: 'granary/metadata/v1',
    title: storable(title ?? shortName(source.name)),
    description: storable(description ?? ''),
    mediaType: source.type !== '' && source.type.length <= 200 ? source.type : 'application/octet-stream',
    size: source.size,
    license: storable(license ?? ''),
    ...(schema ? { schema } : {}),
  })
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new GranaryError('DOCUMENT_INVALID', `what is said about the file is not valid: ${faults.join('; ')}`)
}

/** Names of files and what is pasted may hold halves of characters, and U+0000, which a document cannot. */
const storable = (text: string) => text.replace(/[\p{Surrogate}\0]/gu, '\ufffd')

const TITLE_LIMIT = 200

/** A file's name of at most 200 UTF-16 units, its ending kept. */
export function shortName(name: string): string {
  if (name.length <= TITLE_LIMIT) return name
  const ending = /\.[^.]{1,19}$/.exec(name)?.[0] ?? ''
  const stem = [...name.slice(0, name.length - ending.length)]
  while (stem.join('').length + ending.length > TITLE_LIMIT) stem.pop()
  return stem.join('') + ending
}
