import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A span as a collector sees it. */
export interface CollectedSpan {
  service: string
  name: string
  traceId: string
  spanId: string
  parentSpanId: string | undefined
  attributes: Record<string, string | number>
}

interface Resource {
  resource: { attributes: Attribute[] }
  scopeSpans: { spans: (Omit<CollectedSpan, 'service' | 'attributes'> & { attributes: Attribute[] })[] }[]
}
interface Attribute {
  key: string
  value: { stringValue?: string; intValue?: number }
}

const flat = (list: Attribute[]) =>
  Object.fromEntries(list.map(({ key, value }) => [key, value.stringValue ?? value.intValue ?? '']))

/** The smallest OpenTelemetry collector: takes OTLP over HTTP as JSON and keeps it. */
export async function startCollector(): Promise<{
  url: string
  spans: CollectedSpan[]
  close(): Promise<void>
}> {
  const spans: CollectedSpan[] = []
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    if (request.url === '/v1/traces') {
      const { resourceSpans } = JSON.parse(Buffer.concat(parts).toString()) as { resourceSpans: Resource[] }
      for (const { resource, scopeSpans } of resourceSpans) {
        const service = String(flat(resource.attributes)['service.name'])
        for (const span of scopeSpans.flatMap((scope) => scope.spans))
          spans.push({ ...span, service, attributes: flat(span.attributes) })
      }
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
