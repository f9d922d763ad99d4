// `node dist/main.js`: one custodian. What it needs is in config.ts.
import { join } from 'node:path'
import {
  ConfigError,
  createLogger,
  createStop,
  limitHeapGrowth,
  startFault,
  startTelemetry,
  watchOutgoing,
} from '@granary/operation'
import { toGranaryError } from '@granary/protocol'
import type { FastifyInstance } from 'fastify'
import { type Config, readConfig } from './config.js'
import { Custodian } from './custodian.js'
import { createServer } from './http/server.js'
import { Metrics } from './operations/metrics.js'
import { makePrivateFolder, readIfThere, writeDurably } from './state/files.js'

/** Between two steps of a key generation, and between two looks whether one is wanted while no share is held. */
const KEY_GENERATION_MS = 300
const NO_SHARE_MS = 1_000

const config = read()
const log = createLogger({ service: 'custodian', level: config.logLevel })
const metrics = new Metrics()
const stop = createStop()

try {
  await run(config)
} catch (error) {
  end(error)
}

async function run(config: Config): Promise<void> {
  limitHeapGrowth(config.heapGrowthPercent, { compact: true })
  await makePrivateFolder(config.dir).catch((cause: Error) => {
    throw new ConfigError([`GRANARY_CUSTODIAN_DIR: ${cause.message}`])
  })
  const telemetry = await startTelemetry('custodian', config.otlpEndpoint)
  watchOutgoing({ log, meters: metrics.meters, telemetry, names: namesOf(config) })
  const custodian = await Custodian.open(config, log)
  metrics.follow(custodian.state)
  const server = await createServer(custodian, {
    config,
    log,
    metrics,
    telemetry,
    stopping: () => stop.happening,
  })
  const url = await listen(server, config)
  custodian.endpoint = config.endpoint ?? url
  const timers = [
    every('key generation', async () => {
      if (await custodian.keyGeneration.step()) return KEY_GENERATION_MS
      return custodian.isReady ? pause(config) : NO_SHARE_MS
    }),
    every('settlement', () => custodian.settler.tick().then(() => pause(config))),
  ]
  const { address, recipient } = custodian.secrets
  log.info({ url, endpoint: custodian.endpoint, address, dir: config.dir }, 'the custodian listens')
  process.send?.({ type: 'ready', url, address, recipient })
  stop.listen({
    log,
    server: server.server,
    delaySeconds: config.shutdownDelaySeconds,
    limitSeconds: config.shutdownSeconds,
    drain: () => server.close(),
    close: async () => {
      await Promise.all(timers.map((timer) => timer.stop()))
      await custodian.close()
      await telemetry.close()
    },
  })
}

/** By what measurements know whom a custodian calls. */
function namesOf({ rpcUrls, gateways }: Config): Record<string, string> {
  const named = (urls: string[], name: string) => urls.map((url) => [new URL(url).origin, name] as const)
  return Object.fromEntries([...named(gateways, 'gateway'), ...named(rpcUrls, 'chain')])
}

/** Listens on the configured port. A free one is chosen once and kept, since the endpoint is on chain. */
async function listen(server: FastifyInstance, { host, port, dir }: Config): Promise<string> {
  const file = join(dir, 'port')
  const kept = port === 0 ? Number((await readIfThere(file)) ?? 0) : port
  const url = await server.listen({ host, port: kept })
  if (port === 0 && kept === 0) await writeDurably(file, new URL(url).port)
  return url
}

/** Seconds between two rounds, somewhat spread so that members do not move in step. */
function pause({ settleIntervalSeconds }: Config): number {
  return settleIntervalSeconds * 1000 * (0.9 + Math.random() * 0.2)
}

/**
 * Runs `task` again and again, each time after the pause (milliseconds) that it returns; a failure is logged. `stop`
 * resolves when the round that is under way has ended.
 */
function every(name: string, task: () => Promise<number>): { stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  let running = Promise.resolve()
  const round = async () => {
    const next = await task().then(
      (next) => {
        metrics.round(name, 'done')
        return next
      },
      (error) => {
        metrics.round(name, toGranaryError(error).code)
        log.warn({ err: error }, 'a round failed; it is tried again')
        return pause(config)
      },
    )
    if (!stopped) timer = setTimeout(again, next)
  }
  const again = () => {
    running = round()
  }
  again()
  return {
    stop: () => {
      stopped = true
      clearTimeout(timer)
      return running
    },
  }
}

function read(): Config {
  try {
    return readConfig()
  } catch (error) {
    return end(error)
  }
}

function end(error: unknown): never {
  process.stderr.write(`${startFault(error)}\n`)
  process.exit(1)
}
