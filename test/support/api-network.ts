import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Address,
  contributionFlags,
  datasetId,
  type Hex,
  type MessageName,
  type MessageOf,
  messageToJson,
  purposesToBits,
  signMessage,
} from '@granary/protocol'
import { hexlify, randomBytes, Wallet } from 'ethers'
import pg from 'pg'
import { REBUILT } from '../../apps/api/src/reindex/tables.js'
import { CustodyNetwork, freePort } from './custody.js'
import { isAlive } from './network.js'
import { newDatabase } from './services.js'

// A chain with the contracts, one database and any number of API processes: for what is about the API and the chain
// alone. No custodians, so nothing is sealed: what happens on the chain the test does itself.

const API = join(import.meta.dirname, '../../apps/api/dist/main.js')
const DATABASE = join(import.meta.dirname, '../../apps/cli/dist/embedded/database.js')
/** Tables that follow from the chain alone. */
const FROM_CHAIN = REBUILT.filter(({ more }) => !more).map(({ name }) => name)

export interface ApiProcess {
  url: string
  process: ChildProcess
  /** what it logged so far */
  logged(): string
  signal(signal: NodeJS.Signals): void
  /** SIGTERM or another signal, and waits for the end */
  end(signal?: NodeJS.Signals): Promise<void>
}

export class ApiNetwork {
  readonly apis: ApiProcess[] = []
  readonly relayer = Wallet.createRandom()

  private constructor(
    readonly chain: CustodyNetwork,
    readonly databaseUrl: string,
    private readonly removeDatabase: () => Promise<void>,
  ) {}

  /** On a real PostgreSQL where one is named, else on an embedded one. */
  static async start(): Promise<ApiNetwork> {
    const chain = await CustodyNetwork.start()
    const server = process.env.GRANARY_TEST_DATABASE_URL
    const { url, remove } = server ? await newDatabase(server) : await embedded(join(chain.dir, 'database'))
    const network = new ApiNetwork(chain, url, remove)
    await chain.provider.send('anvil_setBalance', [network.relayer.address, '0x56bc75e2d63100000'])
    return network
  }

  /** One more API on the same database; resolves when it is ready. */
  async startApi(env: Record<string, string> = {}): Promise<ApiProcess> {
    const { NODE_OPTIONS: _, ...inherited } = process.env
    const child = spawn(process.execPath, [API], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        ...inherited,
        NODE_ENV: 'development',
        HOST: '127.0.0.1',
        PORT: '0',
        DATABASE_URL: this.databaseUrl,
        RPC_URL: this.chain.rpcUrl,
        DEPLOYMENT: join(this.chain.dir, 'deployment.json'),
        BLOCKSTORE_DIR: join(this.chain.dir, 'blocks'),
        RELAYER_PRIVATE_KEY: this.relayer.privateKey,
        CHAIN_PATIENCE_SECONDS: '2',
        RPC_TIMEOUT_MS: '1000',
        FEED_INTERVAL_MS: '100',
        RELAY_INTERVAL_MS: '100',
        DEVELOPMENT: '1',
        RATE_LIMIT_PER_MINUTE: '100000',
        ACCOUNT_RATE_LIMIT_PER_MINUTE: '100000',
        SIGN_IN_RATE_LIMIT_PER_MINUTE: '100000',
        GATEWAY_RATE_LIMIT_PER_MINUTE: '100000',
        ...env,
      },
    })
    let said = ''
    for (const stream of [child.stdout!, child.stderr!])
      stream.on('data', (chunk) => {
        said += chunk
      })
    const gone = new Promise<void>((done) => child.once('exit', () => done()))
    const { url } = await new Promise<{ url: string }>((done, failed) => {
      child.on('message', (message: { type: string; url: string }) => {
        if (message.type === 'ready') done(message)
      })
      child.once('exit', (code) => failed(new Error(`the API ended with ${code}\n${said}`)))
    })
    const api: ApiProcess = {
      url: url.replace('localhost', '127.0.0.1'),
      process: child,
      logged: () => said,
      signal: (signal) => void child.kill(signal),
      async end(signal = 'SIGTERM') {
        if (isAlive(child.pid)) child.kill(signal)
        await gone
      },
    }
    this.apis.push(api)
    return api
  }

  async query<T = Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<T[]> {
    const client = new pg.Client({ connectionString: this.databaseUrl })
    await client.connect()
    try {
      return (await client.query(sql, values)).rows as T[]
    } finally {
      await client.end()
    }
  }

  /** Every row that follows from the chain, by table, in an order of its own. */
  async rows(): Promise<Record<string, string[]>> {
    const found: Record<string, string[]> = {}
    for (const name of FROM_CHAIN)
      found[name] = (
        await this.query<{ row: string }>(`SELECT to_jsonb(t)::text AS row FROM "${name}" t ORDER BY 1`)
      ).map(({ row }) => row)
    return found
  }

  /** Ends all APIs and empties the database. */
  async forget(): Promise<void> {
    await Promise.all(this.apis.splice(0).map((api) => api.end()))
    const [{ tables }] = (await this.query<{ tables: string | null }>(
      `SELECT string_agg(format('%I', tablename), ', ') AS tables FROM pg_tables
       WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'`,
    )) as [{ tables: string | null }]
    if (tables) await this.query(`TRUNCATE ${tables} RESTART IDENTITY CASCADE`)
  }

  /** The rows as an API with an honest node reads them into an empty database. */
  async honestRows(): Promise<Record<string, string[]>> {
    await this.forget()
    const api = await this.startApi()
    await caughtUp(api, await this.chain.provider.getBlockNumber())
    const rows = await this.rows()
    await api.end()
    return rows
  }

  async end(): Promise<void> {
    for (const api of this.apis) if (isAlive(api.process.pid)) api.signal('SIGCONT')
    await Promise.all(this.apis.map((api) => api.end()))
    await this.removeDatabase()
    await this.chain.stop()
  }

  // What people do on the chain by themselves

  /** Some datasets in pool 1, each of an owner of its own, in one transaction. */
  async contribute(count: number): Promise<{ id: Hex; owner: Wallet; content: Hex }[]> {
    const made = Array.from({ length: count }, () => {
      const owner = new Wallet(Wallet.createRandom().privateKey)
      const content = hexlify(randomBytes(32)) as Hex
      return { id: datasetId(owner.address as Address, content), owner, content }
    })
    const messages = made.map(
      ({ owner, content }): MessageOf<'Contribution'> => ({
        owner: owner.address as Address,
        content,
        metadata: hexlify(randomBytes(32)) as Hex,
        pool: 1,
        purposes: purposesToBits(['evaluation']),
        expires: 0,
        flags: contributionFlags({ ask: false, rawRoot: true }),
        deadline: 2n ** 40n - 1n,
      }),
    )
    const signatures = await Promise.all(
      messages.map((message, i) => this.sign(made[i]!.owner, 'Contribution', message)),
    )
    await this.chain.asCouncilUnlimited('datasetRegistry', 'contribute', messages, signatures)
    return made
  }

  sign<N extends MessageName>(wallet: Wallet, name: N, message: MessageOf<N>): Promise<string> {
    return signMessage(wallet, name, message, this.chain.deployment)
  }

  /** A withdrawal as the API takes it. */
  async withdrawal({ owner, content }: { owner: Wallet; content: Hex }) {
    const message = { owner: owner.address as Address, content }
    const signature = await this.sign(owner, 'Withdrawal', message)
    return { withdrawal: messageToJson('Withdrawal', message), signature }
  }
}

/** Where an API is with reading. */
export async function progress(api: Pick<ApiProcess, 'url'>): Promise<{
  block: number
  indexed: number
  behindSeconds: number
  unreadSeconds: number
}> {
  return (await (await fetch(`${api.url}/v1/network`)).json()).head
}

/** Waits until an API has read up to a block. */
export async function caughtUp(api: ApiProcess, block: number, timeoutMs = 40_000): Promise<void> {
  const until = Date.now() + timeoutMs
  for (;;) {
    const head = await progress(api).catch(() => undefined)
    if (head && head.indexed >= block) return
    if (Date.now() > until)
      throw new Error(`the API is at ${JSON.stringify(head)}, not at ${block}\n${api.logged().slice(-4000)}`)
    await sleep(100)
  }
}

/** PGlite in a process of its own, as the embedded network runs it. */
async function embedded(dir: string): Promise<{ url: string; remove(): Promise<void> }> {
  const port = await freePort()
  const child = spawn(process.execPath, [DATABASE, dir, String(port)], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  const gone = new Promise<void>((done) => child.once('exit', () => done()))
  await new Promise<void>((done, failed) => {
    child.once('message', () => done())
    child.once('exit', (code) => failed(new Error(`the database ended with ${code}`)))
  })
  return {
    url: `postgresql://postgres@127.0.0.1:${port}/postgres?sslmode=disable`,
    async remove() {
      child.kill('SIGTERM')
      await gone
    },
  }
}
