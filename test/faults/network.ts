import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  CONTRACT_ABIS,
  DEVELOPMENT_ACCOUNTS,
  DEVELOPMENT_MNEMONIC,
  type Deployment,
  documentDigest,
  type TermsDocument,
} from '@granary/protocol'
import { Contract, JsonRpcProvider, NonceManager, parseEther, Wallet } from 'ethers'
import { anvilBinary } from '../../apps/cli/src/deploy/anvil.js'
import { formCommittee } from '../../apps/cli/src/deploy/committee.js'
import { deploy } from '../../apps/cli/src/deploy/deploy.js'
import { keepSpare, repairState, spareFile, stateFile } from '../../apps/cli/src/embedded/chain-state.js'
import { inheritedEnvironment } from '../../apps/cli/src/environment.js'
import { freePort, until } from '../support/custody.js'
import { FaultyRpc } from '../support/faulty-rpc.js'
import { Balancer } from './balancer.js'
import { type Plan, Program } from './programs.js'
import { CUSTODIANS, STORE } from './schedule.js'
import { type DatabaseServer, embeddedDatabase, openDatabase, openKubo, SmallDisk } from './services.js'

const ROOT = join(import.meta.dirname, '../..')
const CLOCK = join(ROOT, 'test/support/skewed-clock.mjs')
const THRESHOLD = 2
/** so short that requests end, and are given back, within a run */
export const WINDOW_SECONDS = 20
const SAVE_INTERVAL_SECONDS = 1
/** Disks that are filled up, by folder: what is uploaded in a run has room, and what custodians write. */
const SMALL_DISKS_MIB = { [STORE]: 512, 'custodian-1': 96, 'custodian-2': 96 }
const RESERVE_BYTES = 16 << 20
const ENDPOINTS_OF_CUSTODIANS = 3
const RPC_QUORUM = 2
export const PRICE = parseEther('1') + 7n // whose parts do not come out even

const account = (role: string) => DEVELOPMENT_ACCOUNTS().find((one) => one.role === role)!

/**
 * The real programs with their real drivers, each a process of its own: a chain that saves itself, three custodians, two
 * replicas of the API behind a balancer on one database and one block store; on the embedded database a single one. They
 * reach the chain through endpoints that fail on purpose; the tests themselves reach it past them.
 */
export class FaultNetwork {
  readonly programs = new Map<string, Program>()
  readonly disks = new Map<string, SmallDisk>()
  /** whose endpoints: one of the replicas, three of the custodians, who believe two of them */
  readonly rpcs = new Map<'apis' | 'custodians', FaultyRpc[]>()
  readonly endings: (() => unknown)[] = []
  deployment!: Deployment
  database!: DatabaseServer
  balancer!: Balancer
  provider!: JsonRpcProvider
  rpcUrl = ''
  /** base URL through the balancer */
  api = ''
  /** base URLs of the replicas */
  replicas: string[] = []
  custodianUrls: string[] = []
  /** what is real and what embedded, for people */
  services: string[] = []
  private kuboUrl: string | undefined

  private constructor(
    readonly home: string,
    private readonly seed: number,
  ) {}

  /** @param embedded nothing real, even where it is there */
  static async start(home: string, seed: number, embedded: boolean): Promise<FaultNetwork> {
    const network = new FaultNetwork(home, seed)
    mkdirSync(join(home, 'logs'), { recursive: true, mode: 0o700 })
    try {
      await network.bringUp(embedded)
      return network
    } catch (error) {
      await network.end()
      throw error
    }
  }

  program(name: string): Program {
    const program = this.programs.get(name)
    if (!program) throw new Error(`there is no ${name}`)
    return program
  }

  contract(name: keyof typeof CONTRACT_ABIS): Contract {
    return new Contract(this.deployment[name], CONTRACT_ABIS[name], this.provider)
  }

  /**
   * Waits until the chain, which nobody may change meanwhile, has written all that it is to its file, so that a kill costs
   * nothing of it. A kill may meet it in the middle of the next time: so the whole file is the spare one, too.
   */
  async chainSaved(): Promise<void> {
    const folder = this.folder('chain')
    let saved: string | undefined
    const isSaved = async () => {
      if (!this.allRpcs().every(({ isIdle }) => isIdle)) return false
      const head = await this.provider.getBlockNumber()
      saved = existsSync(stateFile(folder)) ? readFileSync(stateFile(folder), 'utf8') : ''
      return saved.includes(`"best_block_number":${head},`) && isWhole(saved)
    }
    await until(isSaved, 'the chain to save itself', 60_000)
    writeFileSync(spareFile(folder), saved!)
  }

  /** A replica of the API on another database, to read the chain anew; takes no part otherwise. */
  async reader(database: string): Promise<{ program: Program; url: string }> {
    const port = await freePort()
    const program = new Program(this.apiPlan('reader', port, database))
    this.endings.push(() => program.end('SIGTERM'))
    await program.start()
    return { program, url: `http://127.0.0.1:${port}` }
  }

  async end(): Promise<void> {
    for (const program of this.programs.values()) program.resume()
    await this.balancer?.end()
    const last = ['chain', 'kubo']
    const all = [...this.programs.values()]
    await Promise.all(all.filter(({ name }) => !last.includes(name)).map((program) => program.end('SIGTERM')))
    for (const name of last) await this.programs.get(name)?.end('SIGTERM')
    for (const ending of this.endings.reverse()) await ending()
    this.provider?.destroy()
    for (const rpc of this.allRpcs()) await rpc.end()
    await this.database?.end()
    for (const disk of this.disks.values()) disk.remove()
  }

  allRpcs(): FaultyRpc[] {
    return [...this.rpcs.values()].flat()
  }

  /** Removes all that the run kept. */
  remove(): void {
    rmSync(this.home, { recursive: true, force: true })
  }

  folder(name: string): string {
    return join(this.home, name)
  }

  log(name: string): string {
    return join(this.home, 'logs', `${name}.log`)
  }

  private async bringUp(embedded: boolean): Promise<void> {
    for (const [name, mebibytes] of Object.entries(SMALL_DISKS_MIB)) {
      const disk = SmallDisk.make(this.folder(name), mebibytes)
      if (disk) this.disks.set(name, disk)
    }
    const [database, kubo] = await Promise.all([
      embedded ? embeddedDatabase(this.home) : openDatabase(this.home),
      embedded ? undefined : openKubo(this.folder(STORE), this.log('kubo')),
      this.startChain(),
    ])
    this.database = database
    if (kubo) this.programs.set('kubo', kubo.program)
    this.kuboUrl = kubo?.url
    const endpoints = (count: number) =>
      Promise.all(Array.from({ length: count }, (_, i) => FaultyRpc.start(this.rpcUrl, this.seed + i)))
    this.rpcs.set('apis', await endpoints(1))
    this.rpcs.set('custodians', await endpoints(ENDPOINTS_OF_CUSTODIANS))
    this.services = [database.what, kubo?.what ?? 'blocks as files', 'anvil, which saves itself']
    await this.deployContracts()
    this.balancer = await Balancer.start()
    this.api = `http://localhost:${this.balancer.port}`
    const apiPorts = [await freePort(), ...(database.isForMany ? [await freePort()] : [])]
    this.replicas = apiPorts.map((port) => `http://127.0.0.1:${port}`)
    const custodians = await Promise.all(
      CUSTODIANS.map(async (name) => this.add(this.custodianPlan(name, await freePort()))),
    )
    const apis = apiPorts.map((port, i) => this.add(this.apiPlan(`api-${i + 1}`, port, database.url)))
    this.balancer.watch(apiPorts)
    await Promise.all([...custodians, ...apis].map((program) => program.start()))
    // Nothing disturbs them yet: replicas that meet an empty database together must not trip over each other.
    for (const { name, failedStarts } of this.programs.values())
      if (failedStarts > 0) throw new Error(`${name} failed to start ${failedStarts} times, see its log`)
    await formCommittee({
      signer: this.council(),
      deployment: this.deployment,
      endpoints: this.custodianUrls,
      threshold: THRESHOLD,
      fund: parseEther('100'),
    })
    const isKnown = async () => {
      const through = await fetch(`${this.api}/healthz`).catch(() => undefined)
      if (!through?.ok) return false
      const answers = await Promise.all(this.replicas.map((url) => fetch(`${url}/v1/network`)))
      const bodies = await Promise.all(
        answers.map((answer) => answer.json() as Promise<{ committee: unknown }>),
      )
      return bodies.every(({ committee }) => committee !== null)
    }
    await until(isKnown, 'the committee in both replicas, and a way to them', 60_000)
  }

  private add(plan: Plan): Program {
    const program = new Program(plan)
    this.programs.set(plan.name, program)
    return program
  }

  private council(): NonceManager {
    return new NonceManager(new Wallet(account('council').privateKey, this.provider))
  }

  private async startChain(): Promise<void> {
    const port = await freePort()
    const folder = this.folder('chain')
    mkdirSync(folder, { recursive: true })
    this.rpcUrl = `http://127.0.0.1:${port}`
    this.provider = new JsonRpcProvider(this.rpcUrl, 31_337, {
      staticNetwork: true,
      cacheTimeout: -1,
      pollingInterval: 100,
    })
    const chain = this.add({
      name: 'chain',
      command: anvilBinary(),
      args: [
        ...['--port', String(port), '--chain-id', '31337', '--mnemonic', DEVELOPMENT_MNEMONIC],
        ...['--state', stateFile(folder), '--state-interval', String(SAVE_INTERVAL_SECONDS)],
        ...['--cache-path', join(folder, 'cache'), '--quiet'],
      ],
      env: inheritedEnvironment(),
      log: this.log('chain'),
      isReady: async () => {
        const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_blockNumber', params: [] })
        const headers = { 'content-type': 'application/json' }
        const signal = AbortSignal.timeout(2_000)
        return (await fetch(this.rpcUrl, { method: 'POST', headers, body, signal })).ok
      },
    })
    await chain.start()
    this.endings.push(keepSpare(folder))
  }

  /** Starts the chain again on what it saved. Its clock, which may be ahead of ours, does not go back. */
  async startChainAgain(): Promise<void> {
    repairState(this.folder('chain'))
    await this.program('chain').start()
    const ahead = (await this.chainTime()) - Math.floor(Date.now() / 1000)
    if (ahead > 0) await this.provider.send('evm_increaseTime', [ahead])
  }

  /** The newest block's time in Unix seconds. */
  async chainTime(): Promise<number> {
    return (await this.provider.getBlock('latest'))!.timestamp
  }

  private async deployContracts(): Promise<void> {
    const terms: TermsDocument = {
      version: 'granary/terms/v1',
      title: 'A pool',
      description: '',
      terms: 'Tests.',
    }
    const { digest } = await documentDigest(terms)
    const signer = this.council()
    this.deployment = await deploy({
      signer,
      council: account('council').address,
      guardian: account('guardian').address,
      fees: { treasuryBps: 500, custodiansBps: 1_000 },
      window: WINDOW_SECONDS,
      claimDelay: 0,
      governance: {
        votingDelay: 1,
        votingPeriod: 20,
        threshold: parseEther('0.1'),
        quorumPercent: 4,
        quorumMinimum: parseEther('0.2'),
      },
      pools: [
        { terms: digest, lowestPrice: 1n, price: PRICE },
        { terms: digest, lowestPrice: 1n, price: 3n },
      ],
    })
    writeFileSync(this.folder('deployment.json'), JSON.stringify(this.deployment))
  }

  private custodianPlan(name: string, port: number): Plan {
    const url = `http://127.0.0.1:${port}`
    this.custodianUrls.push(url)
    return this.nodePlan(name, 'apps/custodian/dist/main.js', {
      GRANARY_CUSTODIAN_DIR: this.folder(name),
      HOST: '127.0.0.1',
      PORT: String(port),
      ENDPOINT: url,
      RPC_URLS: this.rpcs
        .get('custodians')!
        .map(({ url }) => url)
        .join(','),
      RPC_QUORUM: String(RPC_QUORUM),
      CONFIRMATIONS: '0',
      DEPLOYMENT: this.folder('deployment.json'),
      GATEWAYS: this.replicas.join(','),
      SETTLE_INTERVAL_SECONDS: '2',
      SETTLE_DELAY_SECONDS: '2',
      SETTLE_AFTER_SECONDS: '6',
      FINAL_AFTER_SECONDS: '5',
    })
  }

  private apiPlan(name: string, port: number, database: string): Plan {
    return this.nodePlan(name, 'apps/api/dist/main.js', {
      HOST: '127.0.0.1',
      PORT: String(port),
      PUBLIC_URL: this.api,
      DATABASE_URL: database,
      RPC_URL: this.rpcs.get('apis')![0]!.url,
      DEPLOYMENT: this.folder('deployment.json'),
      ...(this.kuboUrl
        ? { BLOCKSTORE: 'kubo', KUBO_URL: this.kuboUrl }
        : { BLOCKSTORE: 'embedded', BLOCKSTORE_DIR: this.folder(STORE) }),
      RELAYER_PRIVATE_KEY: account('operator').privateKey,
      STORAGE_RESERVE_BYTES: String(RESERVE_BYTES),
      CONFIRMATIONS: '0',
      DEVELOPMENT: '1',
      RATE_LIMIT_PER_MINUTE: '100000',
      ACCOUNT_RATE_LIMIT_PER_MINUTE: '100000',
      SIGN_IN_RATE_LIMIT_PER_MINUTE: '100000',
      GATEWAY_RATE_LIMIT_PER_MINUTE: '100000',
    })
  }

  private nodePlan(name: string, script: string, env: Record<string, string>): Plan {
    return {
      name,
      command: process.execPath,
      args: ['--import', CLOCK, join(ROOT, script)],
      env: { ...inheritedEnvironment(), ...env },
      log: this.log(name),
      isReady: 'message',
    }
  }
}

function isWhole(json: string): boolean {
  try {
    JSON.parse(json)
    return true
  } catch {
    return false
  }
}
