import {
  type Address,
  computeCid,
  contributionFlags,
  documentDigest,
  type Hex,
  type MessageOf,
  type MetadataDocument,
  messageToJson,
  purposesToBits,
  signMessage,
} from '@granary/protocol'
import { memorySpool, type SealingTarget, sealSource } from '@granary/sdk'
import type { Wallet } from 'ethers'
import type { Actor } from './actors.js'
import type { World } from './world.js'
import { waitFor } from './world.js'

// The API by bare HTTP, past the SDK: what a program would send that does not follow the rules.

export interface Answer {
  status: number
  headers: Headers
  /** parsed if it is JSON, else the text */
  // biome-ignore lint/suspicious/noExplicitAny: specs look into bodies of every kind
  body: any
}

export interface Asked {
  token?: string
  body?: unknown
  headers?: Record<string, string>
}

/** One request. A `body` that is a string or bytes goes out as it is, anything else as JSON. */
export async function call(world: World, method: string, path: string, asked: Asked = {}): Promise<Answer> {
  const { token, body, headers } = asked
  const bare = body === undefined || typeof body === 'string' || body instanceof Uint8Array
  const response = await fetch(`${world.api}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...headers,
    },
    ...(body === undefined ? {} : { body: (bare ? body : JSON.stringify(body)) as string }),
  })
  const text = await response.text()
  // tus answers are problem documents under another type.
  const json = text.startsWith('{"')
  const answer = { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text }
  if (response.status >= 400) await checkDescribed(world, method, path, answer)
  return answer
}

interface Described {
  paths: Record<string, Record<string, { responses: Record<string, { description: string }> }>>
}
let described: Promise<Described> | undefined

/** Every refusal of a described route is in its description. Throws when one is not. */
async function checkDescribed(world: World, method: string, path: string, { status, body }: Answer) {
  if (!body?.code) return
  described ??= fetch(`${world.api}/docs-json`).then((response) => response.json() as Promise<Described>)
  const asked = path.replace(/[?#].*$/, '')
  // `/v1/access-requests/manifests` also fits `/v1/access-requests/{id}`: literal paths come first.
  const templates = Object.entries((await described).paths).sort(([a], [b]) => places(a) - places(b))
  const [, operations] =
    templates.find(
      ([template, operations]) =>
        method.toLowerCase() in operations &&
        new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(asked),
    ) ?? []
  const told = operations?.[method.toLowerCase()]?.responses[String(status)]?.description
  if (operations && !told?.includes(`\`${body.code}\``))
    throw new Error(`${method} ${asked} refused with ${status} ${body.code}, which /docs does not list`)
}

const places = (template: string) => template.split('{').length

/** Status and code of an answer: what refusals are told by. */
export const refusal = ({ status, body }: Answer) => `${status} ${body?.code}`

/** A session's token, by hand. */
export async function signIn(world: World, wallet: Pick<Wallet, 'address' | 'signMessage'>): Promise<string> {
  const { body } = await call(world, 'POST', '/v1/auth/nonce', { body: { address: wallet.address } })
  const signature = await wallet.signMessage(body.message)
  const answer = await call(world, 'POST', '/v1/auth/session', { body: { message: body.message, signature } })
  return answer.body.token
}

export interface Sealed {
  bytes: Uint8Array
  cid: string
  content: Hex
  rawRoot: boolean
}

/** A text sealed for an actor, to a committee of one's choice. */
export async function sealText(
  actor: Pick<Actor, 'client' | 'recipient'>,
  text: string,
  target?: SealingTarget,
): Promise<Sealed> {
  const spool = memorySpool()
  const plain = new TextEncoder().encode(text)
  const { cid, content, rawRoot } = await sealSource({
    source: { name: 'x', type: '', size: plain.length, stream: () => new Blob([plain]).stream() },
    recipient: actor.recipient,
    target: target ?? (await actor.client.sealingTarget()),
    spool,
  })
  const blob = (await spool.source()) as Blob
  return { bytes: new Uint8Array(await blob.arrayBuffer()), cid, content, rawRoot }
}

/** Any bytes with their address. */
export async function asSealed(bytes: Uint8Array): Promise<Sealed> {
  const { cid, content, rawRoot } = await computeCid([bytes])
  return { bytes, cid, content, rawRoot }
}

const TUS = { 'tus-resumable': '1.0.0' }
const base64 = (text: string) => Buffer.from(text).toString('base64')

/** POST /v1/uploads. */
export function beginUpload(
  world: World,
  token: string | undefined,
  size: number,
  cid?: string,
): Promise<Answer> {
  return call(world, 'POST', '/v1/uploads', {
    ...(token ? { token } : {}),
    headers: {
      ...TUS,
      'upload-length': String(size),
      ...(cid ? { 'upload-metadata': `cid ${base64(cid)}` } : {}),
    },
  })
}

/** PATCH of an upload. */
export function sendBytes(
  world: World,
  token: string | undefined,
  location: string,
  offset: number,
  bytes: Uint8Array,
): Promise<Answer> {
  return call(world, 'PATCH', location, {
    ...(token ? { token } : {}),
    body: bytes,
    headers: { ...TUS, 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) },
  })
}

/** HEAD or DELETE of an upload. */
export function tus(
  world: World,
  method: string,
  token: string | undefined,
  location: string,
): Promise<Answer> {
  return call(world, method, location, { ...(token ? { token } : {}), headers: TUS })
}

/** A whole upload; its last answer. */
export async function upload(world: World, token: string, { bytes, cid }: Sealed): Promise<Answer> {
  const begun = await beginUpload(world, token, bytes.length, cid)
  return sendBytes(world, token, begun.headers.get('location') ?? '', 0, bytes)
}

export const METADATA: MetadataDocument = {
  version: 'granary/metadata/v1',
  title: 'x',
  description: '',
  mediaType: 'text/plain',
  size: 1,
  license: '',
}

export const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds

/** A body for POST /v1/datasets, signed by `signer`, with whatever is to be different. */
export async function contribution(
  world: World,
  signer: { address: Address; wallet: Pick<Wallet, 'signTypedData'> },
  sealed: Pick<Sealed, 'content' | 'rawRoot'>,
  pool: number,
  change: Partial<MessageOf<'Contribution'>> = {},
) {
  const message: MessageOf<'Contribution'> = {
    owner: signer.address,
    content: sealed.content,
    metadata: (await documentDigest(METADATA)).digest,
    pool,
    purposes: purposesToBits(['evaluation']),
    expires: 0,
    flags: contributionFlags({ ask: false, rawRoot: sealed.rawRoot }),
    deadline: BigInt(inSeconds(600)),
    ...change,
  }
  return {
    contribution: messageToJson('Contribution', message),
    signature: await signMessage(signer.wallet, 'Contribution', message, world.deployment),
    metadata: METADATA,
  }
}

/** The relay once the chain has answered. */
export async function settled(world: World, relay: string): Promise<Answer['body']> {
  let last: Answer['body']
  await waitFor(`relay ${relay}`, async () => {
    last = (await call(world, 'GET', `/v1/relays/${relay}`)).body
    return last.status === 'confirmed' || last.status === 'refused'
  })
  return last
}
