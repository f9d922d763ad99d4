import type { Environment } from './environment.js'

interface Run {
  command: string
  requestId: string
  environment: Environment
  verbose: boolean
}

/**
 * Runs a command so that its calls can be followed: each carries the run's request id, is told on stderr if that was
 * asked for, and is a span of one trace where a collector is configured. Otherwise nothing of it is loaded.
 */
export async function followed(run: Run, work: () => Promise<void>): Promise<void> {
  const { command, requestId, environment, verbose } = run
  const asked = environment.logLevel === 'silent' && verbose ? 'info' : environment.logLevel
  if (asked === 'silent' && !environment.otlpEndpoint) return work()
  const [{ createLogger, createMeters, inRequest, startTelemetry, watchOutgoing }, { Registry }, { pino }] =
    await Promise.all([import('@granary/operation'), import('prom-client'), import('pino')])
  const log = createLogger({ service: 'cli', level: asked, to: pino.destination({ fd: 2, sync: true }) })
  const telemetry = await startTelemetry('cli', environment.otlpEndpoint)
  watchOutgoing({ log, meters: createMeters(new Registry()), telemetry, names: {} })
  const span = telemetry.begin(`granary ${command}`, 'internal', {
    attributes: { 'granary.request': requestId },
  })
  const began = performance.now()
  let code: string | undefined
  try {
    await inRequest({ id: requestId, span }, work)
  } catch (error) {
    code = String((error as { code?: unknown }).code ?? 'INTERNAL')
    throw error
  } finally {
    const ms = Math.round(performance.now() - began)
    log.info({ id: requestId, command, ms, ...(code ? { code } : {}) }, 'command')
    span?.end(code ? { 'granary.code': code } : {}, code !== undefined)
    await telemetry.close()
  }
}
