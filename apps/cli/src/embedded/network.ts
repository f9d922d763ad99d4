import { existsSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { DEVELOPMENT_CHAIN_ID } from '@granary/protocol'
import { JsonRpcProvider } from 'ethers'
import { CliError, type Output } from '../output.js'
import { chainService, SAVE_INTERVAL_SECONDS } from './chain.js'
import { keepSpare, repairState, stateFile } from './chain-state.js'
import { rotateLog } from './child.js'
import { type ChosenPorts, choosePorts } from './choose-ports.js'
import { listenForInterruption } from './interruption.js'
import { type Layout, layoutOf, makeFolders } from './layout.js'
import { takeLock } from './lock.js'
import { type NetworkFile, type Ports, readNetworkFile, writeNetworkFile } from './network-file.js'
import type { ProcessRecord } from './processes.js'
import { chooseServices, type RealServices } from './real-services.js'
import { screen } from './screen.js'
import {
  apiService,
  apiUrl,
  custodianServices,
  databaseService,
  databaseUrl,
  endpoints,
  rpcUrl,
} from './services.js'
import { ensureCommittee, ensureDeployment } from './setup.js'
import { type Service, Supervisor } from './supervisor.js'

export interface NetworkOptions {
  /** data directory; made when missing */
  dir: string
  /** port of the API; 0 = any free one, undefined = the kept one, else 4280 or the next free one */
  port: number | undefined
  /** what is not embedded; a network that was started before keeps its own */
  services?: RealServices
  /** seconds for which a settlement can be voided; a network that was started before keeps its own */
  claimDelay?: number
  output: Output
}

/**
 * Runs the embedded network until a signal ends it: starts or continues what is in `dir`, prints one screen (or with
 * `--json` one document) when it is ready, and stops API, custodians, database and chain, in that order, at the end.
 * SIGUSR2 starts again the processes that somebody stopped one by one.
 *
 * Not for anything of value: the accounts' keys are public and the database has no password.
 * @throws CliError NETWORK_RUNNING, PORT_TAKEN, SERVICE_FIXED, PROCESS_FAILED, START_TIMEOUT and what setup throws
 */
export async function runNetwork(options: NetworkOptions): Promise<void> {
  const { dir, port, services: asked = {}, claimDelay = 0, output } = options
  const layout = layoutOf(dir)
  await makeFolders(layout)
  const lock = await takeLock(layout.lock, output.log)
  // A terminal that went away must not keep us from stopping what we started.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

  let network: NetworkFile | undefined
  let running: ProcessRecord[] = []
  const writeDown = () => {
    lock.record(running)
    if (network) writeNetworkFile(layout, { ...network, pids: pids(running) })
  }
  const supervisor = new Supervisor(output.log, (processes) => {
    running = processes
    writeDown()
  })
  const interruption = listenForInterruption(() => output.log('stopping …'))
  const startStopped = () => void supervisor.startStopped()
  process.on('SIGUSR2', startStopped)
  const forgetSpare = keepSpare(layout.chain)
  let chosen: ChosenPorts | undefined
  try {
    const before = readNetworkFile(layout)
    const kept = before?.ports
    const services = chooseServices({ kept: before?.services, asked })
    chosen = await choosePorts({ kept, bound: existsSync(layout.deployment), port, log: output.log })
    output.log(`${kept ? 'continuing the' : 'starting a new'} network in ${layout.dir}`)
    network = describeNetwork(layout, chosen.ports, services)
    writeDown()
    const starting = bringUp({ layout, chosen, services, claimDelay, supervisor, log: output.log })
    starting.catch(() => {}) // after an interruption nobody waits for it
    await Promise.race([starting, interruption.promise, supervisor.failed])
    if (interruption.happened) return
    const ready = { ...network, dataDir: layout.dir, pids: pids(running) }
    output.result(ready, () => screen(layout, ready))
    await Promise.race([interruption.promise, supervisor.failed])
  } finally {
    forgetSpare()
    await supervisor.stopAll()
    await chosen?.releaseAll()
    lock.release()
    process.off('SIGUSR2', startStopped)
    interruption.forget()
    if (interruption.happened) output.log('stopped')
  }
}

interface Start {
  layout: Layout
  chosen: ChosenPorts
  services: RealServices
  claimDelay: number
  supervisor: Supervisor
  log(line: string): void
}

/** Starts every part as soon as what it needs is there, and sets up what a first start lacks. */
async function bringUp(parts: Start): Promise<void> {
  const { layout, chosen, services, claimDelay, supervisor, log } = parts
  const { ports } = chosen
  const programs = {
    chain: chainService(layout, ports.rpc),
    database: databaseService(layout, ports, services),
    custodians: custodianServices(layout, ports),
    api: apiService(layout, ports, services),
  }
  const started = Date.now()
  const say = (line: string) => log(`${((Date.now() - started) / 1000).toFixed(1).padStart(5)} s  ${line}`)
  const start = async (service: Service, port: number) => {
    rotateLog(service.program.log)
    await chosen.release(port)
    const child = await supervisor.start(service)
    say(`${service.program.title}: process ${child.record.pid}, port ${port}`)
  }

  const repaired = repairState(layout.chain)
  if (repaired) say(repaired)
  const database = programs.database ? start(programs.database, ports.database) : Promise.resolve()
  database.catch(() => {}) // awaited below; until then its failure must not end the program unheard
  await start(programs.chain, ports.rpc)

  const provider = new JsonRpcProvider(rpcUrl(ports), DEVELOPMENT_CHAIN_ID, {
    staticNetwork: true,
    cacheTimeout: -1, // else nonces are a quarter of a second old
    pollingInterval: 50,
  })
  try {
    const deployment = await ensureDeployment({ layout, services, claimDelay, provider, say })
    const custodians = programs.custodians.map((service, position) =>
      start(service, ports.custodians[position]!),
    )
    const committee = Promise.all(custodians).then(() =>
      ensureCommittee({ provider, deployment, endpoints: endpoints(ports), say }),
    )
    const api = database.then(() => start(programs.api, ports.api))
    const [fresh] = await Promise.all([committee, api])
    if (fresh) await saved(layout)
  } finally {
    provider.destroy()
  }
}

/** A first start is complete once the chain saved it: killed right after, it must not begin again. */
async function saved(layout: Layout): Promise<void> {
  const now = Date.now()
  const until = now + 1_000 * (3 * SAVE_INTERVAL_SECONDS + 5)
  const file = stateFile(layout.chain)
  while (!existsSync(file) || statSync(file).mtimeMs <= now) {
    if (Date.now() > until)
      throw new CliError('CHAIN_STATE_BROKEN', `the chain does not save itself to ${file}`)
    await sleep(100)
  }
}

const pids = (list: readonly ProcessRecord[]) =>
  Object.fromEntries(
    list.length === 0 ? [] : [['up', process.pid], ...list.map(({ name, pid }) => [name, pid])],
  ) as Record<string, number>

function describeNetwork(layout: Layout, ports: Ports, services: RealServices): NetworkFile {
  return {
    version: 1,
    chainId: DEVELOPMENT_CHAIN_ID,
    apiUrl: apiUrl(ports),
    rpcUrl: rpcUrl(ports),
    databaseUrl: databaseUrl(ports, services),
    ports,
    services,
    custodians: endpoints(ports).map((endpoint, position) => ({
      endpoint,
      dir: layout.custodian(position + 1),
    })),
    deployment: layout.deployment,
    pids: {},
  }
}
