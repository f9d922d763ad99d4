import { connect, createServer, type Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { CliError } from '../output.js'

const HIGHEST = 65_535
const PROBE_MS = 500
const PATIENCE_MS = 3_000

/** A loopback port that nobody else can take until it is released, just before the program meant for it starts. */
export interface Reservation {
  port: number
  release(): Promise<void>
}

/** Somebody listens there, on this address or (as some systems allow beside us) on all of them. */
function answers(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: PROBE_MS })
    const end = (taken: boolean) => {
      socket.destroy()
      resolve(taken)
    }
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
    socket.once('timeout', () => end(false))
  })
}

/** Reserves `port` on 127.0.0.1, or any free one for 0; undefined when it is taken (also on ::1, for `localhost`). */
export async function reserve(port: number): Promise<Reservation | undefined> {
  if (port !== 0) {
    const taken = await Promise.all(['127.0.0.1', '::1'].map((host) => answers(port, host)))
    if (taken.includes(true)) return undefined
  }
  const server = await new Promise<Server | undefined>((resolve, reject) => {
    const listening = createServer((socket) => socket.destroy())
    listening.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' || error.code === 'EACCES' ? resolve(undefined) : reject(error),
    )
    listening.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(listening))
  })
  if (!server) return undefined
  server.unref()
  let released: Promise<void> | undefined
  return {
    port: (server.address() as { port: number }).port,
    release: () => {
      released ??= new Promise((resolve) => server.close(() => resolve()))
      return released
    },
  }
}

export async function reserveAny(): Promise<Reservation> {
  const reservation = await reserve(0)
  if (reservation) return reservation
  throw new CliError('PORT_TAKEN', 'this system has no free port on 127.0.0.1')
}

/** The first free port from `first` on. */
export async function reserveFrom(first: number): Promise<Reservation> {
  for (let port = first; port <= HIGHEST; port += 1) {
    const reservation = await reserve(port)
    if (reservation) return reservation
  }
  return reserveAny()
}

/** Exactly this port. Waits a little for one that some short-lived connection holds. */
export async function reserveKept(port: number): Promise<Reservation | undefined> {
  const until = Date.now() + PATIENCE_MS
  for (;;) {
    const reservation = await reserve(port)
    if (reservation || Date.now() > until) return reservation
    await sleep(250)
  }
}
