import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DEVELOPMENT_ACCOUNTS } from '@granary/protocol'
import { NextToLast } from 'blockstore-fs/sharding'
import { CID } from 'multiformats/cid'
import { freePort } from './custody.js'
import { isAlive, waitFor } from './network.js'
import type { OwnWorld } from './world.js'

const API = join(import.meta.dirname, '../../apps/api/dist/main.js')
const DATABASE = join(import.meta.dirname, '../../apps/cli/dist/embedded/database.js')
const layout = new NextToLast()

/** The embedded store's folder, to do behind the API's back what disks do. */
export class BlockFolder {
  constructor(readonly folder: string) {}

  path(cid: string): string {
    const { dir, file } = layout.encode(CID.parse(cid))
    return join(this.folder, dir, file)
  }

  has = (cid: string) => existsSync(this.path(cid))
  read = (cid: string) => readFileSync(this.path(cid))
  remove = (cid: string) => rmSync(this.path(cid))

  /** Another byte in the middle: the length stays. */
  corrupt(cid: string): void {
    const bytes = this.read(cid)
    bytes[bytes.length >> 1]! ^= 0xff
    writeFileSync(this.path(cid), bytes)
  }

  copyTo(other: BlockFolder, cids: string[]): void {
    for (const cid of cids) {
      mkdirSync(dirname(other.path(cid)), { recursive: true })
      cpSync(this.path(cid), other.path(cid))
    }
  }
}

/** A second Granary: another API with a database and a store of its own, on the same chain. */
export interface SecondApi {
  url: string
  blocks: BlockFolder
  start(): Promise<void>
  stop(): Promise<void>
  remove(): Promise<void>
}

/** Nothing runs before `start`; its port is known, so that it can be configured before. */
export async function secondApi(): Promise<SecondApi & { join(world: OwnWorld): void }> {
  const home = mkdtempSync(join(tmpdir(), 'granary-second-'))
  const [port, databasePort] = [await freePort(), await freePort()]
  const url = `http://127.0.0.1:${port}`
  const running: ChildProcess[] = []
  let world: OwnWorld
  const run = (script: string, args: string[], env: Record<string, string>) => {
    const { NODE_OPTIONS: _, ...inherited } = process.env
    const child = spawn(process.execPath, [script, ...args], {
      env: { ...inherited, ...env },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    running.unshift(child)
    return new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve())
      child.once('exit', (code) => reject(new Error(`${script} ended with ${code}`)))
    })
  }
  const stop = async () => {
    for (const child of running.splice(0)) {
      child.kill('SIGTERM')
      await waitFor('the end of the second API', () => !isAlive(child.pid))
    }
  }
  return {
    url,
    blocks: new BlockFolder(join(home, 'ipfs')),
    join(joined) {
      world = joined
    },
    async start() {
      await run(DATABASE, [join(home, 'database'), String(databasePort)], {})
      await run(API, [], {
        NODE_ENV: 'development',
        PORT: String(port),
        DATABASE_URL: `postgresql://postgres@127.0.0.1:${databasePort}/postgres?sslmode=disable`,
        RPC_URL: world.rpc,
        DEPLOYMENT: world.facts.deployment,
        BLOCKSTORE_DIR: join(home, 'ipfs'),
        RELAYER_PRIVATE_KEY: DEVELOPMENT_ACCOUNTS().find(({ role }) => role === 'operator')!.privateKey,
        LOG_LEVEL: 'silent',
      })
    },
    stop,
    async remove() {
      await stop()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

export type Conduct = 'absent' | 'lies' | 'hangs' | 'fails' | 'floods' | 'sends away' | 'breaks off'

/** A gateway of somebody who cannot be relied on. */
export interface BadGateway {
  url: string
  conduct: Conduct
  /** how often it was asked for a block */
  asked: number
  close(): Promise<void>
}

/** @param elsewhere where it sends people, when it does */
export async function badGateway(conduct: Conduct, elsewhere = () => ''): Promise<BadGateway> {
  const server: Server = createServer((request, response) => {
    gateway.asked += 1
    const raw = { 'content-type': 'application/vnd.ipld.raw' }
    switch (gateway.conduct) {
      case 'absent':
        return response.writeHead(404).end()
      case 'lies':
        return response.writeHead(200, raw).end('bytes of somebody’s own')
      case 'fails':
        return response.writeHead(500).end('out of order')
      case 'floods':
        response.writeHead(200, raw)
        for (let i = 0; i < 4; i += 1) response.write(Buffer.alloc(1 << 20))
        return response.end()
      case 'sends away':
        return response.writeHead(302, { location: `${elsewhere()}${request.url}` }).end()
      case 'breaks off':
        return request.socket.destroy()
      case 'hangs':
        return
    }
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const gateway: BadGateway = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    conduct,
    asked: 0,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
  return gateway
}
