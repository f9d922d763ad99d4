import type { AddressInfo } from 'node:net'
import { createConnection, createServer, type Server, type Socket } from 'node:net'

const LOOK_MS = 500

/** What stands before the replicas: connections go round among those that answer their health check. */
export class Balancer {
  private readonly sockets = new Set<Socket>()
  private healthy: number[] = []
  private turn = 0
  private timer: NodeJS.Timeout | undefined
  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async start(): Promise<Balancer> {
    const server = createServer()
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const balancer = new Balancer(server, (server.address() as AddressInfo).port)
    server.on('connection', (socket) => balancer.pass(socket))
    return balancer
  }

  /** From now on these ports take turns. */
  watch(ports: readonly number[]): void {
    const look = async () => {
      const answers = await Promise.all(ports.map(isWell))
      this.healthy = ports.filter((_, i) => answers[i])
      this.timer = setTimeout(look, LOOK_MS)
    }
    void look()
  }

  async end(): Promise<void> {
    clearTimeout(this.timer)
    for (const socket of this.sockets) socket.destroy()
    await new Promise((done) => this.server.close(done))
  }

  private pass(client: Socket): void {
    const port = this.healthy[this.turn++ % this.healthy.length]
    if (port === undefined) return void client.destroy()
    const replica = createConnection({ host: '127.0.0.1', port })
    for (const [one, other] of [
      [client, replica],
      [replica, client],
    ] as const) {
      this.sockets.add(one)
      one.pipe(other)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        this.sockets.delete(one)
        other.destroy()
      })
    }
  }
}

async function isWell(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(1_500) })).ok
  } catch {
    return false
  }
}
