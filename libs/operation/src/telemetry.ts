// Traces by OpenTelemetry, where an endpoint is configured. Where none is, nothing of it is loaded.
import type { Attributes, Context, SpanKind } from '@opentelemetry/api'

/** A stretch of work in a trace. */
export interface Span {
  /** This span as W3C trace context, for whoever is asked on its behalf. */
  readonly traceparent: string
  end(attributes?: Attributes, failed?: boolean): void
}

interface SpanOptions {
  /** W3C trace context of what this is a part of: as it came over the wire, or of a span here. */
  parent?: string | string[] | undefined
  attributes?: Attributes
  /** Without a parent nothing is recorded. */
  onlyWithParent?: boolean
}

export interface Telemetry {
  /** Undefined where traces are not recorded. */
  begin(name: string, kind: 'server' | 'client' | 'internal', options?: SpanOptions): Span | undefined
  /** Sends what is left. */
  close(): Promise<void>
}

const NOTHING: Telemetry = { begin: () => undefined, close: async () => {} }
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/
const CLOSE_MS = 3_000

/**
 * Starts recording if `endpoint` (OTEL_EXPORTER_OTLP_ENDPOINT, the base URL of an OTLP/HTTP collector) is given. The
 * libraries read the other OTEL_* variables themselves: headers, sampler, resource attributes, the batch's sizes.
 *
 * Spans are made by hand: for requests (requests.fastify.ts), calls to others (outgoing.ts) and commands. The automatic
 * instrumentations patch modules by a loader hook, which Node counts as experimental for ES modules.
 */
export async function startTelemetry(service: string, endpoint: string | undefined): Promise<Telemetry> {
  if (!endpoint) return NOTHING
  const [api, trace, exporter, resources] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace-base'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ])
  const resource = resources
    .resourceFromAttributes({ 'service.name': `granary-${service}` })
    .merge(resources.detectResources({ detectors: [resources.envDetector] }))
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`
  const processor = new trace.BatchSpanProcessor(new exporter.OTLPTraceExporter({ url }))
  const provider = new trace.BasicTracerProvider({ resource, spanProcessors: [processor] })
  const tracer = provider.getTracer('granary')
  const kinds: Record<string, SpanKind> = {
    server: api.SpanKind.SERVER,
    client: api.SpanKind.CLIENT,
    internal: api.SpanKind.INTERNAL,
  }
  const contextOf = (parent: string | string[] | undefined): Context | undefined => {
    const [, traceId, spanId, flags] = TRACEPARENT.exec(String(parent ?? '')) ?? []
    if (!traceId || !spanId || !flags) return undefined
    const remote = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true }
    return api.isSpanContextValid(remote) ? api.trace.setSpanContext(api.ROOT_CONTEXT, remote) : undefined
  }
  return {
    begin(name, kind, { parent, attributes, onlyWithParent } = {}) {
      const context = contextOf(parent)
      if (!context && onlyWithParent) return undefined
      const span = tracer.startSpan(
        name,
        { kind: kinds[kind] ?? api.SpanKind.INTERNAL, ...(attributes ? { attributes } : {}) },
        context ?? api.ROOT_CONTEXT,
      )
      const { traceId, spanId, traceFlags } = span.spanContext()
      return {
        traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
        end(more = {}, failed = false) {
          span.setAttributes(more)
          if (failed) span.setStatus({ code: api.SpanStatusCode.ERROR })
          span.end()
        },
      }
    },
    async close() {
      // A collector that is away must not hold up the end of a command.
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, CLOSE_MS)
      })
      await Promise.race([provider.shutdown().catch(() => {}), late])
      clearTimeout(timer)
    },
  }
}
