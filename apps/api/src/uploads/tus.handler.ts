import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { note } from '@granary/operation'
import { GranaryError, problem } from '@granary/protocol'
import { Inject, Injectable } from '@nestjs/common'
import { Server } from '@tus/server'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { CONFIG } from '../app.tokens.js'
import { AuthService, type Session } from '../auth/auth.service.js'
import type { Config } from '../config.js'
import { LockService } from '../database/lock.service.js'
import { classify } from '../http/problem.filter.js'
import { RateLimits } from '../http/rate-limit.js'
import { bodyOf } from './upload.body.js'
import { UploadLock, UploadStore } from './upload.store.js'
import { UploadsService } from './uploads.service.js'

const PATH = '/v1/uploads'
const VERSION = '1.0.0'
/** What a request that another one replaces still has to end by itself. */
const DRAIN_MS = 300

/** What the tus server makes of a request of Node's, which is in it. */
interface WebRequest {
  method: string
  headers: Headers
  node?: { req: IncomingMessage }
}

/** Writes what comes to the store, as `writeToStore` of the tus server's handlers does. */
type Write = (
  body: IncomingMessage,
  upload: { id: string },
  most: number,
  context: { signal: AbortSignal },
) => Promise<number>

/**
 * Whose refusals are problem documents, also those that it makes without asking, and which reads a body from Node's own
 * stream (`rawBody`): by way of a web stream and two more it took twice as long as everything else about it.
 */
class TusServer extends Server {
  constructor(store: UploadStore, options: Omit<ConstructorParameters<typeof Server>[0], 'datastore'>) {
    super({ ...options, datastore: store })
    const writeToStore: Write = (body, upload, most, { signal }) => {
      signal.throwIfAborted()
      return store.write(bodyOf(body, most, signal), upload.id)
    }
    Object.assign(this.handlers.PATCH, { writeToStore })
  }

  /** Puts Node's own stream in the place of the web stream that `body` would make. */
  rawBody(request: WebRequest): void {
    Object.defineProperty(request, 'body', { value: request.node?.req })
  }

  override write(...[context, headers, status, body = '']: Parameters<Server['write']>) {
    if (status < 400) return super.write(context, headers, status, body)
    const told = asProblem({ status_code: status, body })
    headers.set('content-type', 'application/problem+json; charset=utf-8')
    return super.write(context, headers, told.status_code, told.body)
  }
}

/**
 * tus 1.0 (creation, termination, expiration) on Fastify. The server of @tus/server answers on the raw socket;
 * everything it may not do alone is asked of UploadsService in its hooks.
 */
@Injectable()
export class TusHandler {
  private readonly tus: TusServer
  private readonly store: UploadStore
  /** Whose request it is: asked once, though the tus server asks for it more than once. */
  private readonly sessions = new WeakMap<IncomingMessage, Session>()

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly auth: AuthService,
    private readonly limits: RateLimits,
    private readonly uploads: UploadsService,
    locks: LockService,
  ) {
    this.store = new UploadStore(uploads, config.UPLOAD_HOURS * 3_600_000)
    this.tus = new TusServer(this.store, {
      path: PATH,
      locker: { newLock: (id) => new UploadLock(locks, id) },
      lockDrainTimeout: DRAIN_MS,
      maxSize: config.MAX_UPLOAD_BYTES,
      relativeLocation: true,
      allowedOrigins: [],
      namingFunction: () => randomBytes(16).toString('hex'),
      onIncomingRequest: (request, id) => refusing(() => this.admit(request, id)),
      onUploadCreate: (request, upload) =>
        refusing(async () => {
          const { address } = this.session(request)
          await this.uploads.begin(address, upload.id, upload.size, upload.metadata?.cid)
          return {}
        }),
      onResponseError: (_request, error) => asProblem(error),
    })
  }

  /** Mounts the routes. Bodies reach the tus server unread. */
  mount(fastify: FastifyInstance): void {
    fastify.addContentTypeParser('application/offset+octet-stream', (request, _payload, done) =>
      done(request.url.startsWith(`${PATH}/`) ? null : new GranaryError('UNSUPPORTED_MEDIA_TYPE')),
    )
    const handler = (request: FastifyRequest, reply: FastifyReply) => this.handle(request, reply)
    fastify.route({ method: ['POST', 'OPTIONS'], url: PATH, handler })
    fastify.route({ method: ['HEAD', 'PATCH', 'DELETE', 'OPTIONS'], url: `${PATH}/:id`, handler })
  }

  private async handle(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
    if (request.method === 'OPTIONS') return this.tell(reply)
    const session = await this.auth.require(request.headers, request.method)
    this.sessions.set(request.raw, session)
    await this.limits.countAccount(request, reply, session.address)
    if (request.headers['tus-resumable'] !== VERSION) {
      reply.headers({ 'tus-resumable': VERSION, 'tus-version': VERSION })
      throw new GranaryError('UPLOAD_VERSION_MISSING')
    }
    reply.hijack()
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) reply.raw.setHeader(name, value)
    await this.tus.handle(request.raw, reply.raw)
    return undefined
  }

  /** What is offered; no other origin is asked in, which is why the tus server does not answer this itself. */
  private tell(reply: FastifyReply): FastifyReply {
    const told = {
      'tus-resumable': VERSION,
      'tus-version': VERSION,
      'tus-extension': this.store.extensions.join(','),
      'tus-max-size': this.tus.options.maxSize as number,
    }
    return reply.status(204).headers(told).send()
  }

  private async admit(request: WebRequest, id: string): Promise<void> {
    if (request.method === 'OPTIONS') return
    if (request.method === 'PATCH') this.tus.rawBody(request)
    const { address } = this.session(request)
    if (request.method === 'POST') return
    const upload = await this.uploads.own(address, id)
    if (request.method === 'DELETE' && upload.finished) throw new GranaryError('UPLOAD_UNKNOWN')
  }

  private session(request: WebRequest): Session {
    const session = request.node && this.sessions.get(request.node.req)
    if (!session) throw new GranaryError('UNAUTHENTICATED')
    return session
  }
}

/** tus wants its errors as `{status_code, body}`. */
async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw asProblem(error)
  }
}

const TUS_CODES: Record<number, ConstructorParameters<typeof GranaryError>[0]> = {
  400: 'UPLOAD_METADATA_INVALID',
  403: 'UPLOAD_METADATA_INVALID',
  404: 'UPLOAD_UNKNOWN',
  409: 'UPLOAD_OFFSET_WRONG',
  410: 'UPLOAD_UNKNOWN',
  412: 'UPLOAD_VERSION_MISSING',
  413: 'UPLOAD_TOO_LARGE',
  501: 'UPLOAD_METADATA_INVALID',
}

function asProblem(error: unknown): { status_code: number; body: string } {
  const own = error as { status_code?: number; body?: string }
  if (own.status_code === undefined) {
    const known = classify(error)
    note({ code: known.code })
    return { status_code: known.status, body: JSON.stringify(problem(known)) }
  }
  if (own.body?.startsWith('{')) return { status_code: own.status_code, body: own.body }
  const known = new GranaryError(TUS_CODES[own.status_code] ?? 'INTERNAL', own.body?.trim())
  note({ code: known.code })
  return { status_code: known.status, body: JSON.stringify(problem(known)) }
}
