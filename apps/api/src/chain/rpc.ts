import { setTimeout as sleep } from 'node:timers/promises'
import { GranaryError } from '@granary/protocol'
import { FetchRequest, type JsonRpcPayload, JsonRpcProvider, type JsonRpcResult, Network } from 'ethers'

/** What can go wrong between the API and a node. */
export const RPC_FAULTS = [
  'timeout',
  'connection',
  'http',
  'rate-limited',
  'malformed',
  'wrong-chain',
  'refused',
] as const
export type RpcFault = (typeof RPC_FAULTS)[number]

/** How long an endpoint that failed is asked last: doubled with each failure, from one second to thirty. */
const REST_MS = 1_000
const LONGEST_REST_MS = 30_000
/** Before the only endpoint is asked a second time, half of it to all of it. */
const PAUSE_MS = 300

type Answers = JsonRpcResult[]

/**
 * JSON-RPC over one of several endpoints: the first is asked, the next when it fails; one that failed is asked last for
 * a while. An endpoint on another chain than ours is never believed: each says its chain's id before anything else, and
 * again after every failure and every doubt. Every request has a time limit and is tried a bounded number of times;
 * sending the same signed transaction twice is harmless.
 */
export class Rpc extends JsonRpcProvider {
  /** How often what went wrong since the start. */
  readonly faults = new Map<RpcFault, number>()
  private readonly endpoints: Endpoint[]

  constructor(urls: readonly string[], chainId: number, timeoutMs: number) {
    const network = Network.from(chainId)
    // Nothing may be cached: a block that was read a moment ago may be gone.
    super(urls[0], network, { staticNetwork: network, cacheTimeout: -1 })
    this.endpoints = urls.map((url) => new Endpoint(url, chainId, timeoutMs))
  }

  /** @throws GranaryError CHAIN_UNAVAILABLE */
  override async _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<Answers> {
    const now = Date.now()
    const rested = (endpoint: Endpoint) => Math.max(endpoint.restsUntil - now, 0)
    const order = [...this.endpoints].sort((a, b) => rested(a) - rested(b))
    let last: unknown
    for (const endpoint of order.length > 1 ? order : [...order, ...order]) {
      if (last !== undefined && order.length === 1) await sleep(PAUSE_MS * (0.5 + Math.random() / 2))
      try {
        const answers = await endpoint.ask(payload)
        if (answers.some((answer) => 'error' in answer)) this.count('refused')
        return answers
      } catch (error) {
        last = error
        const fault = faultOf(error)
        this.count(fault)
        // Asking the only one again would double the time for which a person waits.
        if (fault === 'timeout' && order.length === 1) break
      }
    }
    throw last
  }

  /** Each endpoint says on which chain it is before it is believed again: one that changed it may not have failed. */
  doubt(): void {
    for (const endpoint of this.endpoints) endpoint.doubt()
  }

  private count(fault: RpcFault): void {
    this.faults.set(fault, (this.faults.get(fault) ?? 0) + 1)
  }
}

class RpcFailure extends GranaryError {
  /** how long the node asked to be left alone, in milliseconds */
  readonly restMs: number

  constructor(
    readonly fault: RpcFault,
    { cause, restMs = 0 }: { cause?: unknown; restMs?: number } = {},
  ) {
    super('CHAIN_UNAVAILABLE', `the chain's node: ${fault}`, { cause })
    this.restMs = restMs
  }
}

/** What kind of failure a call of `Rpc` ended in. */
export const faultOf = (error: unknown): RpcFault => (error instanceof RpcFailure ? error.fault : 'malformed')

class Endpoint {
  restsUntil = 0
  private failures = 0
  private isOurs = false
  private readonly request: FetchRequest

  constructor(
    url: string,
    private readonly chainId: number,
    timeoutMs: number,
  ) {
    this.request = new FetchRequest(url)
    this.request.timeout = timeoutMs
    this.request.setHeader('content-type', 'application/json')
    // Ethers takes Retry-After for milliseconds and tries twelve times; here who is told to slow down goes elsewhere.
    this.request.retryFunc = async () => false
  }

  /** @throws RpcFailure */
  async ask(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<Answers> {
    try {
      if (!this.isOurs) await this.introduce()
      const answers = await this.post(payload)
      if (answers.some(isRateLimit)) throw new RpcFailure('rate-limited')
      this.failures = 0
      this.restsUntil = 0
      return answers
    } catch (error) {
      this.isOurs = false
      const rest = Math.min(REST_MS * 2 ** this.failures, LONGEST_REST_MS)
      this.failures += 1
      const asked = error instanceof RpcFailure ? Math.min(error.restMs, LONGEST_REST_MS) : 0
      this.restsUntil = Date.now() + Math.max(rest * (0.5 + Math.random() / 2), asked)
      throw error
    }
  }

  doubt(): void {
    this.isOurs = false
  }

  private async introduce(): Promise<void> {
    const [answer] = await this.post({ jsonrpc: '2.0', id: 0, method: 'eth_chainId', params: [] })
    const { result } = answer as { result?: unknown }
    if (result === undefined) throw new RpcFailure('malformed')
    if (Number(result) !== this.chainId) throw new RpcFailure('wrong-chain')
    this.isOurs = true
  }

  private async post(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<Answers> {
    const request = this.request.clone()
    request.body = JSON.stringify(payload)
    const response = await request.send().catch((error: { code?: string }) => {
      throw new RpcFailure(error.code === 'TIMEOUT' ? 'timeout' : 'connection', { cause: error })
    })
    if (response.statusCode === 429)
      throw new RpcFailure('rate-limited', {
        restMs: 1000 * Number(response.headers['retry-after'] ?? 0) || 0,
      })
    if (!response.ok()) throw new RpcFailure('http')
    const body = parsed(response.bodyText)
    const answers = Array.isArray(body) ? body : [body]
    if (!answers.every(isAnswer)) throw new RpcFailure('malformed')
    return answers
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new RpcFailure('malformed', { cause: error })
  }
}

const isAnswer = (each: unknown): each is JsonRpcResult =>
  typeof each === 'object' && each !== null && ('result' in each || 'error' in each)

/** Asking for less would not help: the node wants to be asked later, or somebody else. */
const isRateLimit = (each: unknown): boolean => {
  const { error } = each as { error?: { code?: number; message?: string } }
  return (
    !!error &&
    (error.code === 429 || /rate.?limit|too many requests|request count exceeded/i.test(error.message ?? ''))
  )
}
