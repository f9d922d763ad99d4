import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { id, Transaction } from 'ethers'

// A node that fails on purpose: it stands before a real one, passes everything on, and spoils what it was told to.

/** What happens to a whole HTTP request. `hang` answers nothing for as long as the asker waits. */
const TRANSPORT = {
  hang: () => {},
  close: (response: ServerResponse) => response.destroy(),
  'http-500': (response: ServerResponse) => response.writeHead(500).end('upstream connect error'),
  'http-429': (response: ServerResponse) => response.writeHead(429).end('slow down'),
  'http-429-later': (response: ServerResponse) =>
    response.writeHead(429, { 'retry-after': '1' }).end('slow down'),
  garbage: (response: ServerResponse) => response.writeHead(200).end('<html>one moment, please</html>'),
}

/** What is answered instead of asking: JSON-RPC errors as nodes in use word them. */
const ERRORS = {
  error: [-32_000, 'internal error'],
  busy: [-32_005, 'daily request count exceeded, request rate limited'],
  'range-too-large': [-32_602, 'block range is too large'],
  'too-many-results': [-32_005, 'query returned more than 10000 results'],
  'nonce-too-low': [-32_000, 'nonce too low'],
  underpriced: [-32_000, 'replacement transaction underpriced'],
  'fee-too-low': [-32_000, 'max fee per gas less than block base fee'],
} as const

/** Errors after the node was asked: the transaction is taken, and who sent it is told otherwise or nothing. */
const ERRORS_AFTER = { 'already-known': [-32_000, 'already known'] } as const

/** What is done to a true answer: of `eth_getLogs`, of counts, receipts and blocks. */
const SPOILED = {
  gap: (logs: Log[], random: () => number) => logs.filter(() => random() < 0.5),
  empty: () => [],
  double: (logs: Log[]) => logs.flatMap((log) => [log, { ...log }]),
  shuffle: (logs: Log[], random: () => number) =>
    logs
      .map((log) => ({ log, key: random() }))
      .sort((a, b) => a.key - b.key)
      .map(({ log }) => log),
  fork: (logs: Log[]) => logs.map((log) => ({ ...log, blockHash: id(`${log.blockHash} on another branch`) })),
  'stale-count': (count: string) => hex(Math.max(Number(count) - 1, 0)),
  'no-receipt': () => null,
  'other-chain': () => '0x1',
  'other-blocks': (block: Block) => ({
    ...block,
    hash: id(`${block.hash} elsewhere`),
    parentHash: id(`${block.parentHash} elsewhere`),
  }),
}

export type Fault =
  | keyof typeof TRANSPORT
  | keyof typeof ERRORS
  | keyof typeof ERRORS_AFTER
  | keyof typeof SPOILED
  /** answers half a second late */
  | 'slow'
  /** a transaction: its hash is answered, and nobody else ever hears of it */
  | 'drop'
  /** a transaction: the node takes it, and the connection closes before the answer */
  | 'lost-answer'

interface Log {
  blockHash: string
}

interface Block {
  hash: string
  parentHash: string
}

/** Which requests a fault meets, and how often. */
export interface When {
  /** JSON-RPC methods; without it what the fault is about, else all */
  methods?: readonly string[]
  /** of ten matching requests, say, three: 0.3; 1 unless said otherwise */
  chance?: number
  /** so many times and never again */
  times?: number
  /** for `range-too-large` and `too-many-results`: only ranges of more blocks than this */
  blocks?: number
}

const LOGS = ['eth_getLogs']
const SENDING = ['eth_sendRawTransaction']
/** What a fault is about unless the test says otherwise. */
const ABOUT: Partial<Record<Fault, readonly string[]>> = {
  ...Object.fromEntries(
    ['gap', 'empty', 'double', 'shuffle', 'fork', 'range-too-large', 'too-many-results'].map((fault) => [
      fault,
      LOGS,
    ]),
  ),
  ...Object.fromEntries(
    ['drop', 'lost-answer', 'nonce-too-low', 'underpriced', 'fee-too-low', 'already-known'].map((fault) => [
      fault,
      SENDING,
    ]),
  ),
  'stale-count': ['eth_getTransactionCount'],
  'no-receipt': ['eth_getTransactionReceipt', 'eth_getBlockReceipts'],
  'other-chain': ['eth_chainId', 'net_version'],
  'other-blocks': ['eth_getBlockByNumber'],
}

/** A request that is held up. */
export interface Held {
  /** resolves when the first one came */
  reached: Promise<void>
  /** cuts off those that are held; later ones pass */
  letGo(): void
}

interface Hold {
  method: string
  side: 'before' | 'after'
  fits: (result: unknown) => boolean
  came: () => void
  gone: Promise<never>
}

interface Rule {
  fault: Fault
  methods: readonly string[] | undefined
  chance: number
  left: number
  blocks: number
}

interface Question {
  id: unknown
  method: string
  // biome-ignore lint/suspicious/noExplicitAny: whatever a client sends
  params: any[]
}

export class FaultyRpc {
  /** How many requests each fault has met. */
  readonly met = new Map<Fault, number>()
  /** How often each method was asked. */
  readonly asked = new Map<string, number>()
  private rules: Rule[] = []
  private readonly holds = new Set<Hold>()
  private behind = 0
  private underWay = 0

  private constructor(
    readonly url: string,
    private readonly upstream: string,
    private readonly server: Server,
    private readonly random: () => number,
  ) {}

  /** In front of the node at `upstream`; the same seed and the same requests meet the same faults. */
  static async start(upstream: string, seed = 1): Promise<FaultyRpc> {
    const server = createServer()
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const rpc = new FaultyRpc(url, upstream, server, randomOf(seed))
    server.on('request', async (request, response) => {
      const chunks: Buffer[] = []
      rpc.underWay += 1
      try {
        for await (const chunk of request) chunks.push(chunk as Buffer)
        await rpc.answer(Buffer.concat(chunks).toString(), response)
      } catch {
        response.destroy()
      }
      rpc.underWay -= 1
    })
    return rpc
  }

  /** From now on. Faults that were named before go on. */
  fail(fault: Fault, { methods = ABOUT[fault], chance = 1, times = Infinity, blocks = 0 }: When = {}): this {
    this.rules.push({ fault, methods, chance, left: times, blocks })
    return this
  }

  /** From now on it is so many blocks behind the real node, as one of many behind a load balancer may be. */
  lag(blocks: number): this {
    this.behind = blocks
    return this
  }

  /**
   * Holds every request of a method until it is let go: `before` the node hears of it, or `after`, with the answer in hand;
   * only those whose answer `fits`. Whoever asks waits, and can be ended meanwhile.
   */
  hold(method: string, side: 'before' | 'after', fits: (result: unknown) => boolean = () => true): Held {
    let came = () => {}
    let letGo = () => {}
    const reached = new Promise<void>((done) => {
      came = done
    })
    const gone = new Promise<never>((_, failed) => {
      letGo = () => failed(new Error('let go'))
    })
    gone.catch(() => {})
    const hold: Hold = { method, side, fits, came, gone }
    this.holds.add(hold)
    return {
      reached,
      letGo: () => {
        this.holds.delete(hold)
        letGo()
      },
    }
  }

  /** Honest and quick again. */
  heal(): this {
    this.rules = []
    this.behind = 0
    return this
  }

  /** Whether nothing that was asked is still with the node. */
  get isIdle(): boolean {
    return this.underWay === 0
  }

  async end(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((done) => this.server.close(done))
  }

  private async answer(body: string, response: ServerResponse): Promise<void> {
    const asked = JSON.parse(body) as Question | Question[]
    const questions = Array.isArray(asked) ? asked : [asked]
    for (const { method } of questions) this.asked.set(method, (this.asked.get(method) ?? 0) + 1)
    const transport = this.meets(Object.keys(TRANSPORT) as (keyof typeof TRANSPORT)[], questions)
    if (transport) return void TRANSPORT[transport](response)
    if (this.meets(['slow'], questions)) await sleep(500)
    const isLost = this.meets(['lost-answer'], questions)
    const answers = await Promise.all(questions.map((question) => this.one(question)))
    if (isLost) return void response.destroy()
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify(Array.isArray(asked) ? answers : answers[0]))
  }

  private async one(question: Question): Promise<object> {
    const { id: number, method, params } = question
    const told = (fault: readonly [number, string]) => ({
      jsonrpc: '2.0',
      id: number,
      error: { code: fault[0], message: fault[1] },
    })
    const error = this.meets(Object.keys(ERRORS) as (keyof typeof ERRORS)[], [question])
    if (error) return told(ERRORS[error])
    if (this.meets(['drop'], [question]))
      return { jsonrpc: '2.0', id: number, result: Transaction.from(params[0]).hash }
    await this.heldUp(method, 'before')
    const answer = await this.pass(await this.asOfThen(question))
    await this.heldUp(method, 'after', answer.result)
    const after = this.meets(Object.keys(ERRORS_AFTER) as (keyof typeof ERRORS_AFTER)[], [question])
    if (after) return told(ERRORS_AFTER[after])
    if ('error' in answer) return answer
    let { result } = answer
    if (this.behind > 0) result = await this.hideNew(method, result)
    for (const fault of Object.keys(SPOILED) as (keyof typeof SPOILED)[])
      if (result !== null && this.meets([fault], [question]))
        result = SPOILED[fault](result as never, this.random)
    return { ...answer, result }
  }

  private async heldUp(method: string, side: Hold['side'], result?: unknown): Promise<void> {
    for (const hold of this.holds) {
      if (hold.method !== method || hold.side !== side || (side === 'after' && !hold.fits(result))) continue
      hold.came()
      await hold.gone
    }
  }

  /** The first of these faults that meets one of the questions. */
  private meets<F extends Fault>(faults: readonly F[], questions: Question[]): F | undefined {
    for (const rule of this.rules) {
      if (!faults.includes(rule.fault as F) || rule.left <= 0) continue
      const fits = ({ method, params }: Question) =>
        (!rule.methods || rule.methods.includes(method)) && rule.blocks < blocksOf(method, params)
      if (!questions.some(fits) || this.random() >= rule.chance) continue
      rule.left -= 1
      this.met.set(rule.fault, (this.met.get(rule.fault) ?? 0) + 1)
      return rule.fault as F
    }
    return undefined
  }

  /** The question as a node would understand it whose newest block is an old one. */
  private async asOfThen(question: Question): Promise<Question> {
    if (this.behind === 0) return question
    const head = hex(await this.head())
    const params = question.params.map((each) => (each === 'latest' || each === 'pending' ? head : each))
    if (question.method === 'eth_getLogs' && Number(params[0]?.toBlock) > Number(head))
      params[0] = { ...params[0], toBlock: head }
    return { ...question, params }
  }

  private async hideNew(method: string, result: unknown): Promise<unknown> {
    const head = await this.head()
    if (method === 'eth_blockNumber') return hex(head)
    const told = Array.isArray(result) ? result[0] : result
    const number = told?.blockNumber ?? (method.startsWith('eth_getBlockBy') ? told?.number : undefined)
    return number !== undefined && Number(number) > head ? (Array.isArray(result) ? [] : null) : result
  }

  private async head(): Promise<number> {
    const { result } = await this.pass({ id: 0, method: 'eth_blockNumber', params: [] })
    return Math.max(Number(result) - this.behind, 0)
  }

  private async pass({ id: number, method, params }: Question): Promise<{ result?: unknown }> {
    const answer = await fetch(this.upstream, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: number, method, params }),
    })
    return (await answer.json()) as { result?: unknown }
  }
}

const hex = (number: number) => `0x${number.toString(16)}`

/** How many blocks a question is about; of anything but logs, endlessly many. */
function blocksOf(method: string, [filter]: Question['params']): number {
  if (method !== 'eth_getLogs' || !filter?.fromBlock) return Infinity
  return Number(filter.toBlock) - Number(filter.fromBlock) + 1
}

/** Numbers from 0 to 1 that follow from a seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
