import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault as RpcFault } from '../support/faulty-rpc.js'
import type { FaultNetwork } from './network.js'
import { CHAIN_LOSS, type Fault, type Kind, SAVED } from './schedule.js'
import type { Clients } from './workload.js'

/** The kinds that cannot be inflicted here, and why. */
export function impossible(network: FaultNetwork): Map<Kind, string> {
  const missing = new Map<Kind, string>()
  if (!network.database.canFail) missing.set('postgres', 'the database is somebody else’s')
  if (!network.programs.has('kubo')) missing.set('kubo', 'no Kubo: name it by GRANARY_TEST_IPFS')
  if (network.disks.size === 0) missing.set('disk', 'a small disk cannot be mounted: not root')
  return missing
}

/** Does what a fault says, and undoes it after its time. */
export async function inflict(network: FaultNetwork, clients: Clients, fault: Fault): Promise<void> {
  switch (fault.kind) {
    case 'kill':
      return kill(network, clients, fault)
    case 'kubo': {
      const kubo = network.program('kubo')
      await kubo.end(fault.how as NodeJS.Signals)
      await sleep(fault.ms)
      return kubo.start()
    }
    case 'pause': {
      const programs = fault.targets.map((name) => network.program(name))
      for (const program of programs) program.pause()
      await sleep(fault.ms)
      for (const program of programs) program.resume()
      return
    }
    case 'postgres':
      await network.database.stop()
      await sleep(fault.ms)
      return network.database.start()
    case 'rpc': {
      const rpcs = network.rpcs.get(fault.targets[0] as 'apis')!
      // Of several endpoints one is behind, the first; of everything else all suffer.
      if (fault.how === 'lag') rpcs[0]!.lag(2)
      else {
        const chance = fault.how === 'lost-answer' ? 1 : 0.8
        for (const rpc of rpcs) rpc.fail(fault.how as RpcFault, { chance })
      }
      await sleep(fault.ms)
      for (const rpc of rpcs) rpc.heal()
      return
    }
    case 'disk': {
      const disk = network.disks.get(fault.targets[0]!)!
      disk.fill()
      await sleep(fault.ms)
      disk.free()
      return
    }
    case 'clock':
      return skew(network, fault)
    case 'chain':
    case CHAIN_LOSS:
      return restartChain(network, fault)
  }
}

async function kill(network: FaultNetwork, clients: Clients, { targets, ms }: Fault): Promise<void> {
  if (targets[0] === 'client') return clients.killOne()
  const programs = targets.map((name) => network.program(name))
  await Promise.all(programs.map((program) => program.end('SIGKILL')))
  await sleep(ms)
  await Promise.all(programs.map((program) => program.start()))
}

async function skew(network: FaultNetwork, { targets, ms, seconds = 0 }: Fault): Promise<void> {
  const [name] = targets as [string]
  if (name === 'chain') {
    await network.provider.send('evm_increaseTime', [seconds])
    return
  }
  network.program(name).tell({ clockSkewSeconds: seconds })
  await sleep(ms)
  network.program(name).tell({ clockSkewSeconds: 0 })
}

/**
 * The node ends and comes back as the same chain: a kill waits until it has saved itself while nobody may change it. Or,
 * where a chain that went back is asked for, does not wait.
 */
async function restartChain(network: FaultNetwork, { how, ms }: Fault): Promise<void> {
  const chain = network.program('chain')
  for (const rpc of network.allRpcs()) rpc.fail('close')
  if (how === SAVED) await network.chainSaved()
  await chain.end(how === 'SIGINT' ? 'SIGINT' : 'SIGKILL')
  await sleep(ms)
  await network.startChainAgain()
  for (const rpc of network.allRpcs()) rpc.heal()
}
