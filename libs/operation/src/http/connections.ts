import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { type ErrorCode, GranaryError, problem } from '@granary/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { addressKey } from './client-address.js'

// What happens to a connection before there is a request: faults that Node's parser finds, and too many connections.

/** As much of what came as is looked at. */
const MOST_LINE_BYTES = 8_192
const REQUEST_LINE = /^[A-Z][A-Z-]{0,19} \/[!-~]* HTTP\/1\.[01]\r?\n/
/** Longer than load balancers keep a connection: they must be the ones to close it. */
const KEEP_ALIVE_MS = 65_000
/** How often slow headers are looked for. */
const CHECK_MS = 1_000

/** The limits of a connection; the names are those of the variables. */
export interface ConnectionLimits {
  maxHeaderBytes: number
  headersTimeoutMs: number
  idleTimeoutMs: number
}

/** How a program refuses what never becomes a request. */
export interface Refusals {
  /** Ends a connection with a problem document and nothing else. */
  refuseSocket(socket: Socket, code: ErrorCode, headers?: Record<string, string>): void
  /** For what Node's HTTP parser refuses: no route, no request id, no line in the log. */
  onClientError(error: Error & { code?: string; rawPacket?: unknown }, socket: Socket): void
  /** For an address that cannot be decoded, which no route sees either. */
  onFrameworkError(error: Error, request: FastifyRequest, reply: FastifyReply): void
}

/**
 * @param headers what each answer carries
 * @param methods what the program knows at all: the route is not looked for when the method is none of them
 */
export function createRefusals(headers: Record<string, string>, methods: string): Refusals {
  const refuseSocket: Refusals['refuseSocket'] = (socket, code, more = {}) => {
    if (socket.destroyed || !socket.writable) {
      socket.destroy()
      return
    }
    const document = problem(new GranaryError(code))
    const body = JSON.stringify(document)
    const lines = Object.entries({
      ...headers,
      'content-type': 'application/problem+json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      connection: 'close',
      ...more,
    }).map(([name, value]) => `${name}: ${value}`)
    socket.end(
      `HTTP/1.1 ${document.status} ${document.title.split('.')[0]}\r\n${lines.join('\r\n')}\r\n\r\n${body}`,
    )
    socket.destroySoon()
  }
  return {
    refuseSocket,
    onClientError(error, socket) {
      // An answer under way cannot be changed any more.
      const answer = (socket as Socket & { _httpMessage?: ServerResponse })._httpMessage
      if (error.code === 'ECONNRESET' || answer?.headersSent) {
        socket.destroy()
        return
      }
      const code = faultOf(error.code, Buffer.isBuffer(error.rawPacket) ? error.rawPacket : Buffer.alloc(0))
      refuseSocket(socket, code, code === 'METHOD_NOT_ALLOWED' ? { allow: methods } : {})
    },
    onFrameworkError(_error, request, reply) {
      void reply
        .status(400)
        .headers({ ...headers, 'x-request-id': request.id })
        .type('application/problem+json; charset=utf-8')
        .send(problem(new GranaryError('MALFORMED_REQUEST')))
    },
  }
}

function faultOf(code: string | undefined, packet: Buffer): ErrorCode {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'REQUEST_TIMEOUT'
  if (code === 'HPE_HEADER_OVERFLOW') return 'HEADERS_TOO_LARGE'
  // A request in good order whose method Node does not know.
  const line = packet.subarray(0, MOST_LINE_BYTES).toString('latin1')
  return code === 'HPE_INVALID_METHOD' && REQUEST_LINE.test(line) ? 'METHOD_NOT_ALLOWED' : 'MALFORMED_REQUEST'
}

/** What Fastify itself has to know about the limits, for its constructor. */
export const connectionOptions = (limits: ConnectionLimits, refusals: Refusals) => ({
  // A body's bytes have a time of their own; headers may not take as long as they like.
  requestTimeout: 0,
  connectionTimeout: limits.idleTimeoutMs,
  keepAliveTimeout: Math.min(KEEP_ALIVE_MS, limits.idleTimeoutMs),
  clientErrorHandler: refusals.onClientError,
  frameworkErrors: refusals.onFrameworkError,
  http: {
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: limits.headersTimeoutMs,
    connectionsCheckingInterval: Math.min(CHECK_MS, limits.headersTimeoutMs),
    // Node would refuse it without a header or a word; `limitRequests` does.
    requireHostHeader: false,
  },
})

/**
 * Refuses connections of an address that holds as many as it may. Not for what stands behind a proxy that is trusted: all
 * connections are the proxy's there, and it has to count.
 */
export function limitConnections(fastify: FastifyInstance, most: number, refusals: Refusals): void {
  const open = new Map<string, number>()
  fastify.server.on('connection', (socket: Socket) => {
    const key = addressKey(socket.remoteAddress)
    const count = (open.get(key) ?? 0) + 1
    open.set(key, count)
    socket.once('close', () => {
      const left = (open.get(key) ?? 1) - 1
      if (left > 0) open.set(key, left)
      else open.delete(key)
    })
    if (count > most) refusals.refuseSocket(socket, 'TOO_MANY_REQUESTS', { 'retry-after': '1' })
  })
}

/**
 * A body that does not come within its time ends the connection. Paths below `except` are not judged: an upload's bytes
 * may take as long as they keep coming.
 */
export function limitSlowBodies(
  fastify: FastifyInstance,
  timeoutMs: number,
  refusals: Refusals,
  except?: string,
): void {
  const timers = new WeakMap<object, NodeJS.Timeout>()
  fastify.addHook('preParsing', (request, reply, payload, done) => {
    // Nobody reads a body of these.
    const hasNone = request.method === 'GET' || request.method === 'HEAD'
    if (hasNone || (except !== undefined && request.url.startsWith(except))) return done(null, payload)
    const timer = setTimeout(() => refusals.refuseSocket(request.raw.socket, 'REQUEST_TIMEOUT'), timeoutMs)
    timers.set(request, timer)
    reply.raw.once('close', () => clearTimeout(timer))
    done(null, payload)
  })
  fastify.addHook('preValidation', (request, _reply, done) => {
    clearTimeout(timers.get(request))
    done()
  })
}
