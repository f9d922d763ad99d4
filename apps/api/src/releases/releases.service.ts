import { type CustodianAnswers, errorCode, GranaryError, problem } from '@granary/protocol'
import type { Outgoing } from '@granary/protocol/node'
import { Inject, Injectable } from '@nestjs/common'
import { OUTGOING } from '../app.tokens.js'
import { CommitteeService } from '../chain/committee.service.js'

const TIMEOUT_MS = 30_000
/** What a member still gets once a threshold of others has answered: one that stalls must not hold up a release. */
const GRACE_MS = 3_000
const MOST_BYTES = 8 * 1024 * 1024

/**
 * Passes orders on to the custodians, for clients that cannot reach them. It decides nothing: each custodian checks the
 * order for itself, and shares come sealed to the recipient on chain, an owner's to the one that the owner signed.
 */
@Injectable()
export class ReleasesService {
  constructor(
    private readonly committee: CommitteeService,
    @Inject(OUTGOING) private readonly outgoing: Outgoing,
  ) {}

  /** @throws GranaryError MESSAGE_INVALID when the order is for another request, COMMITTEE_MISSING */
  async forward(
    request: string,
    step: 'receipts' | 'shares',
    body: { order: unknown },
  ): Promise<CustodianAnswers> {
    const { order } = body.order as { order?: { request?: unknown } }
    if (typeof order?.request !== 'string' || order.request.toLowerCase() !== request)
      throw new GranaryError('MESSAGE_INVALID', 'the order is for another request')
    return this.askAll(step, body)
  }

  /**
   * The same body to every custodian of the current epoch.
   *
   * @throws GranaryError COMMITTEE_MISSING
   */
  async askAll(path: 'receipts' | 'shares' | 'owner-releases', body: unknown): Promise<CustodianAnswers> {
    const { members, threshold } = await this.committee.require()
    const text = JSON.stringify(body)
    const late = new AbortController()
    let timer = setTimeout(() => late.abort(), TIMEOUT_MS)
    let answered = 0
    const custodians = await Promise.all(
      members.map(async ({ index, endpoint }) => {
        const answer = await this.ask(`${endpoint.replace(/\/$/, '')}/v1/${path}`, text, late.signal)
        if (answer.status === 200) answered += 1
        if (answer.status === 200 && answered === threshold) {
          clearTimeout(timer)
          timer = setTimeout(() => late.abort(), GRACE_MS)
        }
        return { member: index, endpoint, ...answer }
      }),
    )
    clearTimeout(timer)
    return { custodians }
  }

  private async ask(
    url: string,
    body: string,
    signal: AbortSignal,
  ): Promise<{ status: number; body: unknown }> {
    try {
      const { status, bytes } = await this.outgoing(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body,
        timeoutMs: TIMEOUT_MS,
        maxBytes: MOST_BYTES,
        signal,
      })
      return { status, body: JSON.parse(Buffer.from(bytes).toString('utf8')) }
    } catch (error) {
      const code = errorCode(error) === 'URL_REFUSED' ? 'URL_REFUSED' : 'UNREACHABLE'
      return { status: 0, body: problem(new GranaryError(code)) }
    }
  }
}
