// `node dist/main.js`: one custodian. What it needs is in config.ts.
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { type Config, readConfig } from './config.js'
import { Custodian } from './custodian.js'
import { createServer } from './http/server.js'
import { makePrivateFolder, readIfThere, writeDurably } from './state/files.js'

/** Between two steps of a key generation, and between two looks whether one is wanted while no share is held. */
const KEY_GENERATION_MS = 300
const NO_SHARE_MS = 1_000

const config = read()
const log = pino({ level: config.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime })

try {
  await run(config)
} catch (error) {
  log.fatal({ err: error }, 'the custodian cannot start')
  process.exit(1)
}

async function run(config: Config): Promise<void> {
  await makePrivateFolder(config.dir)
  const custodian = await Custodian.open(config, log)
  const server = createServer(custodian, log)
  const url = await listen(server, config)
  custodian.endpoint = config.endpoint ?? url
  const timers = [
    every(async () => {
      if (await custodian.keyGeneration.step()) return KEY_GENERATION_MS
      return custodian.isReady ? pause(config) : NO_SHARE_MS
    }),
    every(() => custodian.settler.tick().then(() => pause(config))),
  ]
  const { address, recipient } = custodian.secrets
  log.info({ url, endpoint: custodian.endpoint, address, dir: config.dir }, 'the custodian listens')
  process.send?.({ type: 'ready', url, address, recipient })

  let stopping = false
  const stop = async (why: string) => {
    if (stopping) return
    stopping = true
    log.info({ why }, 'the custodian stops')
    for (const timer of timers) timer.stop()
    await server.close()
    await custodian.close()
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const)
    process.once(signal, () => void stop(signal))
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

/** Runs `task` again and again, each time after the pause (milliseconds) that it returns; a failure is logged. */
function every(task: () => Promise<number>): { stop(): void } {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  const round = async () => {
    const next = await task().catch((error) => {
      log.warn({ err: error }, 'a round failed; it is tried again')
      return pause(config)
    })
    if (!stopped) timer = setTimeout(round, next)
  }
  void round()
  return {
    stop: () => {
      stopped = true
      clearTimeout(timer)
    },
  }
}

function read(): Config {
  try {
    return readConfig()
  } catch (error) {
    process.stderr.write(`custodian: ${(error as Error).message}\n`)
    process.exit(1)
  }
}
