import 'reflect-metadata'
import type { AddressInfo } from 'node:net'
import { NestFactory } from '@nestjs/core'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { pino } from 'pino'
import { App } from './app.js'
import { type Config, ConfigError, loadConfig } from './config.js'
import { applyMigrations } from './database/migrate.js'
import { PinoLogger } from './http/logger.js'
import { ProblemFilter } from './http/problem.filter.js'
import { PublicUrl } from './http/public-url.js'
import { createAdapter, mountHooks } from './http/server.js'
import { validation } from './http/validation.js'
import { mountWeb } from './http/web.js'
import { mountDocs } from './openapi/openapi.js'
import { MetricsService } from './operations/metrics.service.js'
import { openBlobStore, openLocations } from './storage/open.js'
import { TusHandler } from './uploads/tus.handler.js'

async function start(config: Config): Promise<void> {
  const log = pino({ level: config.LOG_LEVEL })
  const migrated = await applyMigrations(config.DATABASE_URL, config.MIGRATIONS_DIR)
  if (migrated.length > 0) log.info({ migrated }, 'the database was migrated')
  const blobs = await openBlobStore(config)
  const app = await NestFactory.create<NestFastifyApplication>(
    App.with(config, blobs, openLocations(config, blobs)),
    createAdapter(config),
    {
      logger: new PinoLogger(log),
      abortOnError: false,
    },
  )
  const fastify = app.getHttpAdapter().getInstance()
  app.useGlobalFilters(new ProblemFilter())
  app.useGlobalPipes(validation)
  await mountHooks(fastify, config, log, app.get(MetricsService))
  app.get(TusHandler).mount(fastify)
  mountDocs(app, config.deployment)
  const web = await mountWeb(
    fastify,
    config.WEB_DIR,
    config.PUBLIC_RPC_URL ? [new URL(config.PUBLIC_RPC_URL).origin] : [],
  )

  let stopping = false
  const stop = async () => {
    if (stopping) return
    stopping = true
    await app.close().catch((error: Error) => log.error(error.message))
    await blobs.close()
    process.exit(0)
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  process.once('disconnect', stop)

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
  process.send?.({ type: 'ready', url: publicUrl.origin })
}

try {
  await start(loadConfig(process.env))
} catch (error) {
  const text = error instanceof ConfigError ? error.message : ((error as Error).stack ?? String(error))
  process.stderr.write(`${text}\n`)
  process.exit(1)
}
