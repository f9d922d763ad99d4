import { CliError } from '../output.js'
import { chainService } from './chain.js'
import { keepSpare, repairState } from './chain-state.js'
import { rotateLog } from './child.js'
import { listenForInterruption } from './interruption.js'
import type { Layout } from './layout.js'
import { takeLock } from './lock.js'
import { type Ports, readNetworkFile } from './network-file.js'
import { reserveAny } from './ports.js'
import { apiService, databaseService } from './services.js'
import { type Service, Supervisor } from './supervisor.js'

/**
 * Calls `work` with the environment of the network's API while chain and database run: those of the running network, or
 * of a stopped one these two alone, which end afterwards.
 *
 * @throws CliError NETWORK_MISSING, PROCESS_FAILED, START_TIMEOUT; ABORTED after Ctrl-C
 */
export async function withStores<T>(
  layout: Layout,
  log: (line: string) => void,
  work: (environment: Record<string, string>) => Promise<T>,
): Promise<T> {
  const network = readNetworkFile(layout)
  if (!network) throw new CliError('NETWORK_MISSING', `no network was ever started in ${layout.dir}`)
  const { services } = network
  const environmentOf = (ports: Ports) => ({ ...apiService(layout, ports, services).program.env })
  const lock = await takeLock(layout.lock, log).catch((error) => {
    if (error instanceof CliError && error.code === 'NETWORK_RUNNING') return undefined
    throw error
  })
  if (!lock) return work(environmentOf(network.ports))

  const supervisor = new Supervisor(log, (processes) => lock.record(processes))
  const interruption = listenForInterruption(() => log('stopping …'))
  const aborted = interruption.promise.then(() => {
    throw new CliError('ABORTED', 'it was stopped; the next one goes on where it was')
  })
  aborted.catch(() => {})
  const forgetSpare = keepSpare(layout.chain)
  try {
    repairState(layout.chain)
    // Nobody else looks for these two: any free port does.
    const [rpc, database] = [await reserveAny(), await reserveAny()]
    const ports = { ...network.ports, rpc: rpc.port, database: database.port }
    await Promise.all([rpc.release(), database.release()])
    const start = async (service: Service) => {
      rotateLog(service.program.log)
      await supervisor.start(service)
    }
    await start(chainService(layout, ports.rpc))
    const embedded = databaseService(layout, ports, services)
    if (embedded) await start(embedded)
    return await Promise.race([work(environmentOf(ports)), aborted, supervisor.failed])
  } finally {
    forgetSpare()
    await supervisor.stopAll()
    lock.release()
    interruption.forget()
  }
}
