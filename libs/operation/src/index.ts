export { BoundedMap } from './bounded-map.js'
export { limitHeapGrowth } from './heap.js'
export {
  type ConnectionLimits,
  connectionOptions,
  createRefusals,
  limitConnections,
  limitSlowBodies,
  type Refusals,
} from './http/connections.js'
export { cameUnencrypted, SAFE_HEADERS, safeHeaders } from './http/headers.js'
export { clientKey, createRateLimits, type RateLimit } from './http/rate-limit.js'
export { limitRequests } from './http/request-limits.js'
export { createLogger, type LogOptions } from './logger.js'
export { createMeters, type Meters, readWithin } from './meters.js'
export { followed, type Outgoing, watchOutgoing } from './outgoing.js'
export { judgeParts, type Part, type PartState } from './parts.js'
export { currentRequest, inRequest, note, type RequestFacts, requestIdOf } from './request.js'
export { followRequests } from './requests.fastify.js'
export { ConfigError, startFault } from './start-fault.js'
export { createStop, type Stop } from './stop.js'
export { type Span, startTelemetry, type Telemetry } from './telemetry.js'
