import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { type Deployment, type Hex, type MessageOf, messageToJson, signMessage } from '@granary/protocol'
import { openMessage, sealMessage } from '@granary/sealing'
import { keccak256, Wallet } from 'ethers'
import { freePort } from './custody.js'
import type { OwnWorld } from './world.js'

// A custodian that lies: a program at the endpoint of a real one, which runs behind it and whose keys it has. What it
// says about a request is the real one's answer unless the spec has told it a lie for that.

const CUSTODIAN = join(import.meta.dirname, '../../apps/custodian/dist/main.js')

// biome-ignore lint/suspicious/noExplicitAny: bodies are what the lie makes of them
type Body = any
type Step = 'receipts' | 'shares'

/** Makes the answer out of the true one. What it sends itself (and ends, or not) it answers with undefined. */
export type Lie = (truth: { status: number; body: Body }, response: ServerResponse) => Promise<Body> | Body

export class Liar {
  readonly #lies = new Map<string, Lie>()

  private constructor(
    private readonly truth: ChildProcess,
    private readonly truthUrl: string,
    private readonly server: Server,
    private readonly wallet: Wallet,
    private readonly deployment: Deployment,
  ) {}

  /** Takes the place of a custodian of the world, from 1, that was stopped. */
  static async inPlaceOf(world: OwnWorld, member: number): Promise<Liar> {
    const { endpoint, dir } = world.facts.custodians[member - 1]!
    const truth = spawn(process.execPath, [CUSTODIAN], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        GRANARY_CUSTODIAN_DIR: dir,
        PORT: String(await freePort()),
        RPC_URLS: world.rpc,
        DEPLOYMENT: world.facts.deployment,
        GATEWAYS: world.api,
        SETTLE_INTERVAL_SECONDS: '5',
        SETTLE_DELAY_SECONDS: '3',
      },
    })
    const { url } = await new Promise<{ url: string }>((done, failed) => {
      truth.once('message', (message) => done(message as { url: string }))
      truth.once('exit', (code) => failed(new Error(`the custodian ended with ${code}`)))
    })
    const { privateKey } = JSON.parse(readFileSync(join(dir, 'secrets.json'), 'utf8'))
    const server = createServer()
    const liar = new Liar(truth, url, server, new Wallet(privateKey), world.deployment)
    server.on('request', (request, response) => {
      liar.#answer(request, response).catch(() => response.destroy())
    })
    await new Promise<void>((done) => server.listen(Number(new URL(endpoint).port), '127.0.0.1', done))
    return liar
  }

  /** From now on it lies about this request at this step. */
  tell(step: Step, request: Hex, lie: Lie): void {
    this.#lies.set(`${step} ${request}`, lie)
  }

  /** An answer as a custodian seals and signs it, of whatever content. */
  async sealed(truth: Body, content: string | Uint8Array, recipient: string): Promise<Body> {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
    return this.signed(truth, await sealMessage(bytes, recipient))
  }

  /** Any bytes in the place of a sealed answer, signed for. */
  async signed(truth: Body, answer: Uint8Array): Promise<Body> {
    const delivery: MessageOf<'Delivery'> = { ...truth.delivery, answer: keccak256(answer) as Hex }
    return {
      ...truth,
      answer: Buffer.from(answer).toString('base64'),
      delivery: messageToJson('Delivery', delivery),
      signature: await signMessage(this.wallet, 'Delivery', delivery, this.deployment),
    }
  }

  /** A receipt like the true one but for `change`, signed. */
  async receipt(truth: Body, change: Partial<MessageOf<'Receipt'>>): Promise<Body> {
    const receipt: MessageOf<'Receipt'> = { ...truth.receipt, ...change }
    const signature = await signMessage(this.wallet, 'Receipt', receipt, this.deployment)
    return { ...truth, receipt: messageToJson('Receipt', receipt), signature }
  }

  async end(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((done) => this.server.close(done))
    const gone = new Promise((done) => this.truth.once('exit', done))
    this.truth.kill('SIGTERM')
    await gone
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString()
    const answer = await fetch(`${this.truthUrl}${request.url}`, {
      method: request.method ?? 'GET',
      ...(text ? { body: text, headers: { 'content-type': 'application/json' } } : {}),
    })
    const truth = Buffer.from(await answer.arrayBuffer())
    const step = /^\/v1\/(receipts|shares)$/.exec(request.url ?? '')?.[1]
    const lie = step && this.#lies.get(`${step} ${JSON.parse(text).order.order.request}`)
    if (!lie) {
      const type = answer.headers.get('content-type') ?? 'application/json'
      response.writeHead(answer.status, { 'content-type': type }).end(truth)
      return
    }
    const said = await lie({ status: answer.status, body: JSON.parse(truth.toString()) }, response)
    if (said === undefined) return
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(typeof said === 'string' ? said : JSON.stringify(said))
  }
}

/** What a sealed answer of a custodian says, as its trainer reads it. */
export async function contentOf(body: Body, identity: string): Promise<Body> {
  const bytes = await openMessage(Buffer.from(body.answer, 'base64'), identity)
  return JSON.parse(new TextDecoder().decode(bytes))
}
