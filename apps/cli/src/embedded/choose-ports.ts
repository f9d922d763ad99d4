import { CliError } from '../output.js'
import { CUSTODIANS } from './layout.js'
import type { Ports } from './network-file.js'
import { type Reservation, reserve, reserveAny, reserveFrom, reserveKept } from './ports.js'

const API_PORT = 4280
const RPC_PORT = 8545

/** The ports of a start, each reserved until the program meant for it starts. */
export interface ChosenPorts {
  ports: Ports
  /** gives the port up, for the program that is about to listen there */
  release(port: number): Promise<void>
  releaseAll(): Promise<void>
}

interface Choice {
  /** the ports of the last start, when there was one */
  kept: Ports | undefined
  /** custodians' endpoints are on chain already and cannot move */
  bound: boolean
  /** what `--port` says; 0 = any, also for the chain */
  port: number | undefined
  log(line: string): void
}

/**
 * Chooses where everything listens: what was used last time, else 4280 and 8545 or the next free ones, else any.
 * @throws CliError PORT_TAKEN when a port that must be this one is in use
 */
export async function choosePorts({ kept, bound, port, log }: Choice): Promise<ChosenPorts> {
  const held = new Map<number, Reservation>()
  const hold = (reservation: Reservation) => {
    held.set(reservation.port, reservation)
    return reservation.port
  }
  const releaseAll = async () => {
    await Promise.all([...held.values()].map((reservation) => reservation.release()))
  }
  try {
    const ports = {
      custodians: await custodianPorts(bound ? kept : undefined, hold),
      api: hold(await apiPort(kept?.api, port)),
      rpc: hold(await keptOr(kept?.rpc, port === 0 ? reserveAny : () => reserveFrom(RPC_PORT), 'chain', log)),
      database: hold(await keptOr(kept?.database, reserveAny, 'database', log)),
    }
    return { ports, release: async (one) => held.get(one)?.release(), releaseAll }
  } catch (error) {
    await releaseAll()
    throw error
  }
}

async function custodianPorts(kept: Ports | undefined, hold: (one: Reservation) => number) {
  const ports: number[] = []
  for (let position = 0; position < CUSTODIANS; position += 1) {
    const before = kept?.custodians[position]
    const reservation = before === undefined ? await reserveAny() : await reserveKept(before)
    if (!reservation) {
      throw new CliError(
        'PORT_TAKEN',
        `port ${before} of custodian ${position + 1} is used by another program. It is written on chain and cannot move: ` +
          'stop that program, or start a new network with another --data',
      )
    }
    ports.push(hold(reservation))
  }
  return ports
}

async function apiPort(kept: number | undefined, asked: number | undefined): Promise<Reservation> {
  const wanted = asked || kept
  if (wanted === undefined) return asked === 0 ? reserveAny() : reserveFrom(API_PORT)
  const reservation = await (asked ? reserve(wanted) : reserveKept(wanted))
  if (reservation) return reservation
  if (asked === 0) return reserveAny()
  throw new CliError('PORT_TAKEN', `port ${wanted} is used by another program: choose another with --port N`)
}

async function keptOr(
  kept: number | undefined,
  otherwise: () => Promise<Reservation>,
  whose: string,
  log: (line: string) => void,
): Promise<Reservation> {
  if (kept === undefined) return otherwise()
  const reservation = await reserveKept(kept)
  if (reservation) return reservation
  const other = await otherwise()
  log(`port ${kept} of the ${whose} is used by another program; it moves to ${other.port}`)
  return other
}
