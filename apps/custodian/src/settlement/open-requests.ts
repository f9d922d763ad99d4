// Which access requests are open: read from the chain's events by cursor, so that each can be marked final in time.
import { join } from 'node:path'
import { accessRequestsAbi, type Deployment, GranaryError, type Hex } from '@granary/protocol'
import { Interface } from 'ethers'
import type { Chain, View } from '../chain/chain.js'
import { JsonLines } from '../state/json-lines.js'

const BLOCKS_AT_ONCE = 2_000
/** Blocks without a request after which the cursor is written all the same. */
const CURSOR_EVERY = 20_000
const LINES_AT_ONCE = 200

const requests = new Interface(accessRequestsAbi)
const TOPIC = requests.getEvent('RequestOpened')!.topicHash

/** One step of the cursor: what was opened up to this block. */
interface Step {
  block: number
  hash: Hex
  opened: { request: Hex; expires: number }[]
}

/**
 * The events come from one endpoint: one that hides them delays a refund until the request's window is over, no more.
 * Whether a request is really open is asked of the chain each time it matters.
 */
export class OpenRequests {
  #chain: Chain
  #deployment: Deployment
  #lines: JsonLines
  #expires: Map<Hex, number>
  #block: number
  #hash: Hex | undefined
  #written: number

  private constructor(
    chain: Chain,
    deployment: Deployment,
    lines: JsonLines,
    expires: Map<Hex, number>,
    last?: Step,
  ) {
    this.#chain = chain
    this.#deployment = deployment
    this.#lines = lines
    this.#expires = expires
    this.#block = last?.block ?? deployment.startBlock - 1
    this.#hash = last?.hash
    this.#written = this.#block
  }

  static async open(dir: string, chain: Chain, deployment: Deployment): Promise<OpenRequests> {
    const expires = new Map<Hex, number>()
    let last: Step | undefined
    const lines = await JsonLines.open(join(dir, 'requests.jsonl'), (value) => {
      last = value as Step
      for (const { request, expires: time } of last.opened) expires.set(request, time)
    })
    return new OpenRequests(chain, deployment, lines, expires, last)
  }

  /** Reads what was opened since the last time. A chain that went back is read again from the deployment on. */
  async follow(view: View): Promise<void> {
    if (this.#hash !== undefined && !(await this.#isCanonical(view))) {
      this.#block = this.#deployment.startBlock - 1
      this.#hash = undefined
    }
    while (this.#block < view.block.number) {
      const from = this.#block + 1
      const to = Math.min(view.block.number, this.#block + BLOCKS_AT_ONCE)
      const opened = await this.#read(from, to)
      const hash = to === view.block.number ? view.block.hash : await this.#hashOf(to)
      if (opened.length > 0 || to - this.#written >= CURSOR_EVERY) {
        await this.#lines.append({ block: to, hash, opened } satisfies Step)
        this.#written = to
      }
      for (const { request, expires } of opened) this.#expires.set(request, expires)
      this.#block = to
      this.#hash = hash
    }
  }

  /** Knows again every request on disk, those that were closed, too: what closed them may have been voided. */
  async replay(): Promise<void> {
    for (let from = 0; from < this.#lines.count; from += LINES_AT_ONCE) {
      for (const step of (await this.#lines.slice(from, LINES_AT_ONCE)) as Step[]) {
        for (const { request, expires } of step.opened) this.#expires.set(request, expires)
      }
    }
  }

  /** Requests that expired before `time` and are not known to be closed. */
  expiredBefore(time: number): Hex[] {
    return [...this.#expires].filter(([, expires]) => expires < time).map(([request]) => request)
  }

  /** The chain says that the request is final or refunded, or knows it no more. */
  close(request: Hex): void {
    this.#expires.delete(request)
  }

  async #isCanonical(view: View): Promise<boolean> {
    return this.#block <= view.block.number && (await this.#hashOf(this.#block)) === this.#hash
  }

  async #hashOf(block: number): Promise<Hex> {
    const found = await this.#chain.any('eth_getBlockByNumber', [`0x${block.toString(16)}`, false])
    if (found === null) throw new GranaryError('CHAIN_UNAVAILABLE', { block })
    return (found as { hash: Hex }).hash
  }

  async #read(from: number, to: number): Promise<Step['opened']> {
    const { accessRequests: address } = this.#deployment
    const logs = await this.#chain.logs({ address, topics: [TOPIC], from, to })
    return logs.flatMap((log) => {
      const event = requests.parseLog(log)
      return event === null
        ? []
        : [{ request: event.args.request as Hex, expires: Number(event.args.expires) }]
    })
  }
}
