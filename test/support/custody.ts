import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, createServer as createSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Address,
  CONTRACT_ABIS,
  DEVELOPMENT_MNEMONIC,
  type Deployment,
  type Hex,
  type SettlementDocument,
  settlementDocumentSchema,
} from '@granary/protocol'
import { Contract, HDNodeWallet, JsonRpcProvider, Mnemonic, NonceManager, parseEther, Wallet } from 'ethers'
import { anvilBinary } from '../../apps/cli/src/deploy/anvil.js'
import { deploy } from '../../apps/cli/src/deploy/deploy.js'
import { callAsTimelock } from '../../apps/cli/src/deploy/set-up.js'

// A committee alone: a chain, the contracts, custodians as processes, and a gateway that serves whatever blocks the
// test put there. No API, no database: what custodians promise they promise without them.

const CUSTODIAN = join(import.meta.dirname, '../../apps/custodian/dist/main.js')
export const PRICE = parseEther('2')
export const WINDOW = 60
/** Ample: what a transaction costs may change between its estimate and its block, when custodians settle meanwhile. */
const GAS = 3_000_000

export interface CustodianProcess {
  dir: string
  url: string
  address: Address
  recipient: string
  process: ChildProcess
  /** What it logged so far. */
  logged(): string
}

/** A small network of real programs, for specs that attack custodians. */
export class CustodyNetwork {
  readonly dir = mkdtempSync(join(tmpdir(), 'granary-custody-'))
  /** What the gateway serves, by CID. */
  readonly blocks = new Map<string, Uint8Array>()
  readonly custodians: CustodianProcess[] = []
  readonly council: NonceManager
  readonly councilAddress: Address
  readonly treasury = Wallet.createRandom().address as Address
  deployment!: Deployment
  #environments: NodeJS.ProcessEnv[] = []

  private constructor(
    readonly provider: JsonRpcProvider,
    readonly rpcUrl: string,
    private readonly chain: ChildProcess,
    private readonly gateway: Server,
  ) {
    const mnemonic = Mnemonic.fromPhrase(DEVELOPMENT_MNEMONIC)
    const council = HDNodeWallet.fromMnemonic(mnemonic, "m/44'/60'/0'/0/0").connect(provider)
    this.council = new NonceManager(council)
    this.councilAddress = council.address as Address
  }

  /** With three custodians and a key that two of them can use. */
  static async twoOfThree(): Promise<CustodyNetwork> {
    const network = await CustodyNetwork.start()
    try {
      for (let i = 0; i < 3; i++) await network.addCustodian()
      await network.formCommittee(2)
      return network
    } catch (error) {
      await network.stop()
      throw error
    }
  }

  /** Chain, contracts with one pool, gateway. No custodian yet. The council is the guardian, too. */
  static async start(options: { claimDelay?: number } = {}): Promise<CustodyNetwork> {
    const port = await freePort()
    const rpcUrl = `http://127.0.0.1:${port}`
    const chain = spawn(anvilBinary(), ['--port', String(port), '--silent', '--chain-id', '31337'], {
      stdio: 'ignore',
    })
    const provider = new JsonRpcProvider(rpcUrl, 31_337, { staticNetwork: true, cacheTimeout: -1 })
    provider.pollingInterval = 50
    const blocks: { served?: Map<string, Uint8Array> } = {}
    const gateway = createServer((request, response) => {
      const cid = /^\/ipfs\/([a-z0-9]+)/.exec(request.url ?? '')?.[1] ?? ''
      const bytes = blocks.served?.get(cid)
      response.writeHead(bytes ? 200 : 404, { 'content-type': 'application/vnd.ipld.raw' }).end(bytes)
    })
    await new Promise<void>((done) => gateway.listen(0, '127.0.0.1', done))
    await until(
      () =>
        provider.getBlockNumber().then(
          () => true,
          () => false,
        ),
      'the chain',
    )
    const network = new CustodyNetwork(provider, rpcUrl, chain, gateway)
    blocks.served = network.blocks
    const { council, councilAddress, treasury } = network
    network.deployment = await deploy({
      signer: council,
      council: councilAddress,
      treasury,
      guardian: councilAddress,
      fees: { treasuryBps: 500, custodiansBps: 1000 },
      window: WINDOW,
      claimDelay: options.claimDelay ?? 0,
      governance: { votingDelay: 1, votingPeriod: 20, threshold: 1n, quorumPercent: 4, quorumMinimum: 1n },
      pools: [{ terms: `0x${'11'.repeat(32)}`, lowestPrice: 1n, price: PRICE }],
    })
    writeFileSync(join(network.dir, 'deployment.json'), JSON.stringify(network.deployment))
    return network
  }

  /**
   * Starts one more custodian, with a wallet of its own that has gas. What `PASSPHRASE_ON_FD_4` holds is not a variable
   * of the program: it is written to its file descriptor 4.
   */
  async addCustodian(environment: NodeJS.ProcessEnv = {}): Promise<CustodianProcess> {
    const place = this.custodians.length
    this.#environments[place] = environment
    const custodian = await this.#spawn(place)
    this.custodians[place] = custodian
    await this.send(this.council.sendTransaction({ to: custodian.address, value: parseEther('10') }))
    return custodian
  }

  /** Names all running custodians as the next epoch; waits until it is active unless told not to. */
  async formCommittee(threshold: number, wait = true): Promise<number> {
    const members = this.custodians.filter(isRunning).map(({ address, url, recipient }) => ({
      account: address,
      endpoint: url,
      recipient,
    }))
    await this.asDao('custodianCommittee', 'propose', threshold, members)
    const epoch = Number(await this.contract('custodianCommittee').getFunction('epochCount')())
    if (wait) await this.active(epoch)
    return epoch
  }

  async active(epoch: number, timeoutMs = 30_000): Promise<void> {
    const isActive = async () =>
      (await this.contract('custodianCommittee').getFunction('epoch')(epoch)).active
    await until(isActive, `epoch ${epoch}`, timeoutMs)
    await until(async () => {
      const held = await Promise.all(
        this.custodians.filter(isRunning).map(async ({ url }) => (await get(url, '/v1/identity')).body),
      )
      return held.every(({ epochs }) => epochs.some((known: { epoch: number }) => known.epoch === epoch))
    }, 'the shares')
  }

  /** Ends a custodian at once, as a power cut does. */
  async kill(place: number, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const { process } = this.custodians[place]!
    if (process.exitCode !== null || process.signalCode !== null) return
    const gone = new Promise((done) => process.once('exit', done))
    process.kill(signal)
    await gone
  }

  /** Starts a custodian again in its folder, at the same address. */
  async restart(place: number, environment?: NodeJS.ProcessEnv): Promise<void> {
    await this.kill(place)
    if (environment) this.#environments[place] = environment
    this.custodians[place] = await this.#spawn(place)
  }

  contract(name: keyof typeof CONTRACT_ABIS, runner: Contract['runner'] = this.provider): Contract {
    return new Contract(this.deployment[name], CONTRACT_ABIS[name], runner)
  }

  /** Waits until a transaction is mined. */
  async send<T extends { wait(): Promise<unknown> }>(sent: Promise<T>): Promise<T> {
    const transaction = await sent
    await transaction.wait()
    return transaction
  }

  /** A council's transaction. */
  async asCouncil(name: keyof typeof CONTRACT_ABIS, method: string, ...args: unknown[]): Promise<void> {
    await this.send(this.contract(name, this.council).getFunction(method)(...args, { gasLimit: GAS }))
  }

  /** A council's transaction with as much gas as it takes. */
  async asCouncilUnlimited(name: keyof typeof CONTRACT_ABIS, method: string, ...args: unknown[]) {
    await this.send(this.contract(name, this.council).getFunction(method)(...args))
  }

  /** What the DAO decides; here the set-up never ends, so the account that deployed acts in its name. */
  async asDao(name: keyof typeof CONTRACT_ABIS, method: string, ...args: unknown[]): Promise<void> {
    await callAsTimelock(this.council, this.deployment, [{ contract: name, method, args }])
  }

  /** Moves the chain's clock. */
  async passTime(seconds: number): Promise<void> {
    await this.provider.send('evm_increaseTime', [seconds])
    await this.provider.send('evm_mine', [])
  }

  /**
   * A settlement's document as one custodian serves it, once it does: who was not asked for its signature in time reads
   * it from the others, after the chain has taken it.
   */
  async documentOf(
    place: number,
    number: number,
    isMeant: (document: SettlementDocument) => boolean = () => true,
  ): Promise<SettlementDocument> {
    let document: SettlementDocument | undefined
    await until(async () => {
      const { status, body } = await get(this.custodians[place]!.url, `/v1/settlements/${number}`)
      document = status === 200 ? settlementDocumentSchema.parse(body.document) : undefined
      return document !== undefined && isMeant(document)
    }, `the document of settlement ${number}`)
    return document!
  }

  async now(): Promise<number> {
    return (await this.provider.getBlock('latest'))!.timestamp
  }

  async stop(): Promise<void> {
    await Promise.all(this.custodians.map((_, place) => this.kill(place, 'SIGTERM')))
    this.provider.destroy()
    this.gateway.closeAllConnections()
    this.gateway.close()
    const gone = new Promise((done) => this.chain.once('exit', done))
    this.chain.kill('SIGKILL')
    await gone
    rmSync(this.dir, { recursive: true, force: true })
  }

  async #spawn(place: number): Promise<CustodianProcess> {
    const dir = join(this.dir, `custodian-${place + 1}`)
    const gateway = `http://127.0.0.1:${(this.gateway.address() as AddressInfo).port}`
    const { PASSPHRASE_ON_FD_4: typed, ...environment } = this.#environments[place] ?? {}
    const child = spawn(process.execPath, [CUSTODIAN], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc', typed === undefined ? 'ignore' : 'pipe'],
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        GRANARY_CUSTODIAN_DIR: dir,
        RPC_URLS: this.rpcUrl,
        DEPLOYMENT: join(this.dir, 'deployment.json'),
        GATEWAYS: gateway,
        SETTLE_INTERVAL_SECONDS: '1',
        SETTLE_DELAY_SECONDS: '3600',
        SETTLE_AFTER_SECONDS: '3',
        FINAL_AFTER_SECONDS: '5',
        LOG_LEVEL: 'debug',
        ...environment,
      },
    })
    if (typed !== undefined) (child.stdio[4] as Writable).end(typed)
    let said = ''
    child.stdout!.on('data', (chunk) => {
      said += chunk
    })
    child.stderr!.on('data', (chunk) => {
      said += chunk
    })
    const ready = await new Promise<{ url: string; address: Address; recipient: string }>((done, failed) => {
      child.once('message', (message) => done(message as never))
      child.once('exit', (code) => failed(new Error(`the custodian ended with ${code}\n${said}`)))
    })
    const { url, address, recipient } = ready
    return { dir, url, address, recipient, process: child, logged: () => said }
  }
}

function isRunning({ process }: CustodianProcess): boolean {
  return process.exitCode === null && process.signalCode === null
}

export interface Answer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: whatever the custodian said
  body: any
}

export async function get(url: string, path: string): Promise<Answer> {
  const response = await fetch(`${url}${path}`)
  return { status: response.status, body: JSON.parse(await response.text()) }
}

export async function post(url: string, path: string, body: unknown = {}): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body, (_, value) => (typeof value === 'bigint' ? value.toString() : value)),
  })
  return { status: response.status, body: JSON.parse(await response.text()) }
}

/** Waits until `isSo` says yes. @throws Error that names what did not come */
export async function until(
  isSo: () => Promise<boolean> | boolean,
  what: string,
  timeoutMs = 30_000,
): Promise<void> {
  const end = Date.now() + timeoutMs
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`${what} did not come within ${timeoutMs} ms`)
    await sleep(100)
  }
}

/** The lines of an append-only file. */
// biome-ignore lint/suspicious/noExplicitAny: whatever the file holds
export function readLines(path: string): any[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}

/** Ports that were given out and may not be listened on yet. */
const given = new Set<number>()

export async function freePort(): Promise<number> {
  for (;;) {
    // Below those that the system gives to whoever asks for any: nobody takes it before it is used.
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    if (given.has(port)) continue
    const socket = createSocket()
    const isFree = await new Promise<boolean>((done) => {
      socket.once('error', () => done(false))
      socket.listen(port, '127.0.0.1', () => done(true))
    })
    if (!isFree) continue
    given.add(port)
    await new Promise((done) => socket.close(done))
    return port
  }
}

/** A digest of something that nobody looks at. */
export const SOME_DIGEST: Hex = `0x${'22'.repeat(32)}`
