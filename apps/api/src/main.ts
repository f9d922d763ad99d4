import 'reflect-metadata'
import type { AddressInfo } from 'node:net'
import {
  createLogger,
  createStop,
  limitHeapGrowth,
  startFault,
  startTelemetry,
  watchOutgoing,
} from '@granary/operation'
import { NestFactory } from '@nestjs/core'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { FetchRequest } from 'ethers'
import { App } from './app.js'
import { fetchUrl } from './chain/rpc.fetch.js'
import { type Config, loadConfig } from './config.js'
import { migrateDatabase, requireSchema } from './database/schema-state.js'
import { PinoLogger } from './http/logger.js'
import { ProblemFilter } from './http/problem.filter.js'
import { PublicUrl } from './http/public-url.js'
import { RateLimits } from './http/rate-limit.js'
import { listOf } from './http/routes.js'
import { createAdapter, mountHooks } from './http/server.js'
import { validation } from './http/validation.js'
import { mountWeb } from './http/web.js'
import { mountDocs } from './openapi/openapi.js'
import { MetricsService } from './operations/metrics.service.js'
import { ReadinessService } from './operations/readiness.service.js'
import { openBlobStore, openLocations } from './storage/open.js'
import { TusHandler } from './uploads/tus.handler.js'

async function start(config: Config): Promise<void> {
  limitHeapGrowth(config.HEAP_GROWTH_PERCENT)
  const log = createLogger({ service: 'api', level: config.LOG_LEVEL })
  const telemetry = await startTelemetry('api', config.OTEL_EXPORTER_OTLP_ENDPOINT)
  FetchRequest.registerGetUrl(fetchUrl)
  const migrated = config.API_MIGRATE ? await migrateDatabase(config.DATABASE_URL, config.MIGRATIONS_DIR) : []
  if (migrated.length > 0) log.info({ migrated }, 'the database was migrated')
  await requireSchema(config.DATABASE_URL, config.MIGRATIONS_DIR)
  const blobs = await openBlobStore(config)
  const app = await NestFactory.create<NestFastifyApplication>(
    App.with(config, blobs, openLocations(config, blobs)),
    createAdapter(config),
    {
      logger: new PinoLogger(log),
      abortOnError: false,
      // Nest would add parsers for forms, too: JSON is all that this API takes.
      bodyParser: false,
    },
  )
  const fastify = app.getHttpAdapter().getInstance()
  app.useGlobalFilters(new ProblemFilter())
  app.useGlobalPipes(validation)
  const metrics = app.get(MetricsService)
  watchOutgoing({ log, meters: metrics.meters, telemetry, names: namesOf(config) })
  const routes = await mountHooks(fastify, config, log, metrics, telemetry, app.get(RateLimits))
  const web = await mountWeb(
    fastify,
    config.WEB_DIR,
    config.PUBLIC_RPC_URL ? [new URL(config.PUBLIC_RPC_URL).origin] : [],
  )
  // After whatever is awaited: until then Fastify gives a route its own handler of errors, not Nest's.
  app.get(TusHandler).mount(fastify)
  mountDocs(app, config.deployment)

  const stop = createStop()
  app.get(ReadinessService).stopping = () => stop.happening
  stop.listen({
    log,
    server: fastify.server,
    delaySeconds: config.SHUTDOWN_DELAY_SECONDS,
    limitSeconds: config.SHUTDOWN_SECONDS,
    drain: () => fastify.close(),
    close: async () => {
      await app.close()
      await blobs.close()
      await telemetry.close()
    },
  })

  await app.listen(config.PORT, config.HOST)
  const { port } = app.getHttpServer().address() as AddressInfo
  const publicUrl = app.get(PublicUrl)
  if (config.PORT === 0 && !config.PUBLIC_URL) publicUrl.usePort(port)
  log.info(
    {
      url: publicUrl.origin,
      blocks: blobs.name,
      locations: config.locations.map(({ name }) => name),
      chain: config.deployment.chainId,
      web,
    },
    'the API is ready',
  )
  log.debug({ routes: listOf(routes) }, 'routes')
  process.send?.({ type: 'ready', url: publicUrl.origin })
}

/** By what measurements know whom the API calls. */
function namesOf({ RPC_URL, RPC_URLS, KUBO_URL }: Config): Record<string, string> {
  return {
    ...Object.fromEntries([RPC_URL, ...RPC_URLS].map((url) => [new URL(url).origin, 'chain'])),
    ...(KUBO_URL ? { [new URL(KUBO_URL).origin]: 'kubo' } : {}),
  }
}

try {
  await start(loadConfig(process.env))
} catch (error) {
  process.stderr.write(`${startFault(error)}\n`)
  process.exit(1)
}
