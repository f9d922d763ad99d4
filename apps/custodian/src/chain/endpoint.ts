// One JSON-RPC endpoint. What it says is not believed alone: see chain.ts.
import { GranaryError, type Hex } from '@granary/protocol'
import { inTime } from '@granary/protocol/node'

const TIMEOUT_MS = 10_000
const MAX_ANSWER_BYTES = 32 << 20

/** What one call of a batch gave: a result, or the error that the node answered with. */
export type RpcOutcome = { result: unknown } | { error: { code: number; message: string; data?: Hex } }

interface RpcAnswer {
  id?: number
  result?: unknown
  error?: { code?: number; message?: string; data?: unknown }
}

/** A JSON-RPC endpoint over HTTP. */
export class Endpoint {
  #url: string
  #id = 0

  constructor(url: string) {
    this.#url = url
  }

  /** One call. @throws GranaryError CHAIN_UNAVAILABLE, also when the node answers with an error */
  async call(method: string, params: unknown[]): Promise<unknown> {
    const [outcome] = await this.batch([{ method, params }])
    if (outcome !== undefined && 'result' in outcome) return outcome.result
    throw new GranaryError('CHAIN_UNAVAILABLE', `${method}: ${outcome?.error.message ?? 'no answer'}`, {
      cause: outcome?.error,
    })
  }

  /** Several calls in one message, in their order. @throws GranaryError CHAIN_UNAVAILABLE */
  async batch(calls: readonly { method: string; params: unknown[] }[]): Promise<RpcOutcome[]> {
    if (calls.length === 0) return []
    const first = this.#id + 1
    const messages = calls.map((call) => ({ jsonrpc: '2.0', id: ++this.#id, ...call }))
    const answers = await this.#post(messages.length === 1 ? messages[0] : messages)
    const list = (Array.isArray(answers) ? answers : [answers]) as RpcAnswer[]
    const byId = new Map(list.map((answer) => [answer?.id, answer]))
    return calls.map((_, place) => outcome(byId.get(first + place)))
  }

  async #post(body: unknown): Promise<unknown> {
    try {
      const text = await inTime(TIMEOUT_MS, async (signal) => {
        const response = await fetch(this.#url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
          signal,
        })
        return response.text()
      })
      if (text.length > MAX_ANSWER_BYTES) throw new Error('the answer is too long')
      return JSON.parse(text)
    } catch (cause) {
      throw new GranaryError('CHAIN_UNAVAILABLE', undefined, { cause })
    }
  }
}

function outcome(answer: RpcAnswer | undefined): RpcOutcome {
  if (answer !== undefined && answer.error === undefined && 'result' in answer)
    return { result: answer.result }
  const { code = 0, message = 'no answer', data } = answer?.error ?? {}
  return { error: { code, message, ...(typeof data === 'string' ? { data: data as Hex } : {}) } }
}
