import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { type ErrorCode, GranaryError, problem } from '@granary/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Config } from '../config.js'
import { addressKey } from './client-address.js'
import { API_HEADERS } from './headers.js'

// What happens to a connection before there is a request: faults that Node's parser finds, and too many connections.

/** As much of what came as is looked at. */
const MOST_LINE_BYTES = 8_192
/** What this server knows at all: the route is not looked for when the method is none of them. */
const ALLOWED = 'DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT'
const REQUEST_LINE = /^[A-Z][A-Z-]{0,19} \/[!-~]* HTTP\/1\.[01]\r?\n/

/** Ends a connection with a problem document and nothing else. */
export function refuseSocket(socket: Socket, code: ErrorCode, headers: Record<string, string> = {}): void {
  if (socket.destroyed || !socket.writable) {
    socket.destroy()
    return
  }
  const { status, title } = problem(new GranaryError(code))
  const body = JSON.stringify(problem(new GranaryError(code)))
  const lines = Object.entries({
    ...API_HEADERS,
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    connection: 'close',
    ...headers,
  }).map(([name, value]) => `${name}: ${value}`)
  socket.end(`HTTP/1.1 ${status} ${title.split('.')[0]}\r\n${lines.join('\r\n')}\r\n\r\n${body}`)
  socket.destroySoon()
}

/** For what Node's HTTP parser refuses: no route, no request id, no line in the log. */
export function onClientError(error: Error & { code?: string; rawPacket?: unknown }, socket: Socket): void {
  // An answer under way cannot be changed any more.
  const answer = (socket as Socket & { _httpMessage?: ServerResponse })._httpMessage
  if (error.code === 'ECONNRESET' || answer?.headersSent) {
    socket.destroy()
    return
  }
  const code = faultOf(error.code, Buffer.isBuffer(error.rawPacket) ? error.rawPacket : Buffer.alloc(0))
  refuseSocket(socket, code, code === 'METHOD_NOT_ALLOWED' ? { allow: ALLOWED } : {})
}

/** For an address that cannot be decoded, which no route sees either. */
export function onFrameworkError(_error: Error, request: FastifyRequest, reply: FastifyReply): void {
  void reply
    .status(400)
    .headers({ ...API_HEADERS, 'x-request-id': request.id, 'cache-control': 'no-store' })
    .type('application/problem+json; charset=utf-8')
    .send(problem(new GranaryError('MALFORMED_REQUEST')))
}

function faultOf(code: string | undefined, packet: Buffer): ErrorCode {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'REQUEST_TIMEOUT'
  if (code === 'HPE_HEADER_OVERFLOW') return 'HEADERS_TOO_LARGE'
  // A request in good order whose method Node does not know.
  const line = packet.subarray(0, MOST_LINE_BYTES).toString('latin1')
  return code === 'HPE_INVALID_METHOD' && REQUEST_LINE.test(line) ? 'METHOD_NOT_ALLOWED' : 'MALFORMED_REQUEST'
}

/**
 * Refuses connections of an address that holds as many as it may. Behind a proxy that is trusted all connections are
 * the proxy's, and it has to count.
 */
export function limitConnections(fastify: FastifyInstance, config: Config): void {
  if (config.TRUST_PROXY) return
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
    if (count > config.CONNECTIONS_PER_ADDRESS)
      refuseSocket(socket, 'TOO_MANY_REQUESTS', { 'retry-after': '1' })
  })
}

/**
 * A body that does not come within its time ends the connection. Uploads are not judged by this: their bytes may take as
 * long as they keep coming.
 */
export function limitSlowBodies(fastify: FastifyInstance, config: Config): void {
  const timers = new WeakMap<object, NodeJS.Timeout>()
  fastify.addHook('preParsing', (request, reply, payload, done) => {
    // Nobody reads a body of these.
    const hasNone = request.method === 'GET' || request.method === 'HEAD'
    if (hasNone || request.url.startsWith('/v1/uploads')) return done(null, payload)
    const timer = setTimeout(
      () => refuseSocket(request.raw.socket, 'REQUEST_TIMEOUT'),
      config.BODY_TIMEOUT_MS,
    )
    timers.set(request, timer)
    reply.raw.once('close', () => clearTimeout(timer))
    done(null, payload)
  })
  fastify.addHook('preValidation', (request, _reply, done) => {
    clearTimeout(timers.get(request))
    done()
  })
}
