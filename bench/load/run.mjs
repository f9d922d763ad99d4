import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DEVELOPMENT_ACCOUNTS } from '@granary/protocol'
import { createClient } from '@granary/sdk'
import { Wallet } from 'ethers'
import { fillCatalogue } from './catalogue.mjs'
import { measureContributions, measureMemory, measureRoutes } from './measure.mjs'
import { openDatabase } from './postgres.mjs'
import { startBare, startDriver } from './processes.mjs'
import { ROUTES } from './routes.mjs'
import { signIn } from './sign-in.mjs'
import { startSystem } from './system.mjs'

export const ROUTE_NAMES = ROUTES.map(({ name }) => name)
/** Everything that can be measured, in the order in which it is. */
export const PARTS = [...ROUTE_NAMES, 'contributions', 'memory']

/**
 * Starts everything, measures `options.only`, and ends what was started, also when `options.signal` is aborted.
 *
 * @param {{ started(facts): void, route(result): void, step(text): void }} tell
 */
export async function run(options, tell) {
  const folder = mkdtempSync(join(tmpdir(), 'granary-load-'))
  const stops = []
  const opened = async (opening) => {
    const one = await opening
    stops.push(() => one.stop())
    return one
  }
  const aborted = new Promise((_, reject) =>
    options.signal.addEventListener('abort', () => reject(new Error('interrupted')), { once: true }),
  )
  aborted.catch(() => {})
  try {
    return await Promise.race([measure({ folder, opened, options, tell }), aborted])
  } finally {
    for (const stop of stops.reverse()) await stop()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function measure({ folder, opened, options, tell }) {
  const { only } = options
  const database = await opened(openDatabase(folder))
  tell.step(`database: ${database.title}`)
  const system = await opened(startSystem({ folder, databaseUrl: database.url, profile: options.profile }))
  const driver = await opened(startDriver())
  const token = await approvedTrainer(system)
  tell.step(`catalogue: ${options.datasets} datasets by SQL into the tables that the chain feed fills`)
  const catalogue = await fillCatalogue(system.databaseUrl, options.datasets)
  const result = { database: database.title }
  const names = ROUTE_NAMES.filter((name) => only.includes(name))
  if (names.length > 0) {
    const bare = await opened(startBare(await bareEnvironment(system, folder)))
    const parts = { names, system, catalogue, bare, driver, token, options }
    result.routes = await measureRoutes({ ...parts, say: tell.route })
  }
  if (only.includes('contributions')) {
    tell.step('contributions: sealing files beforehand …')
    result.contributions = await measureContributions({ system, driver, options })
  }
  if (only.includes('memory')) {
    tell.step(`memory: ${options.minutes} minutes of everything at once …`)
    result.memory = await measureMemory({ system, catalogue, driver, options })
  }
  return result
}

async function bareEnvironment(system, folder) {
  return {
    DATABASE_URL: system.databaseUrl,
    BLOCKS: system.blocks,
    UPLOADS: folder,
    CHAIN_ID: String(system.chainId),
    DOMAIN: new URL(system.apiUrl).host,
  }
}

/** The development trainer, approved by the council; its session's token. */
async function approvedTrainer(system) {
  const wallet = (role) => new Wallet(DEVELOPMENT_ACCOUNTS().find((one) => one.role === role).privateKey)
  const client = (role) => createClient({ api: system.apiUrl, signer: wallet(role) })
  const trent = wallet('trainer')
  await client('trainer').trainers.apply({ name: 'Trent', description: 'measures' })
  await client('council').council.approve(trent.address)
  for (;;) {
    const { status } = await (await fetch(`${system.api}/v1/trainers/${trent.address}`)).json()
    if (status === 'approved') break
    await sleep(100)
  }
  return (await signIn(undefined, system.api, trent)).token
}
