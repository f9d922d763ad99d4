import {
  type CustodianState,
  type CustodiansResource,
  custodianIdentitySchema,
  type Hex,
  problemSchema,
} from '@granary/protocol'
import type { Outgoing } from '@granary/protocol/node'
import { Inject, Injectable } from '@nestjs/common'
import { OUTGOING } from '../app.tokens.js'
import { asUnavailable } from '../chain/chain.errors.js'
import { type Committee, CommitteeService } from '../chain/committee.service.js'

const TIMEOUT_MS = 5_000
/** However many ask, each custodian is asked so often only. */
const KEPT_MS = 5_000
const MOST_BYTES = 16 * 1024

type Member = Committee['members'][number]

const nameOf = ({ account, endpoint }: Member) => `${account} ${endpoint}`

/** How the committee's members answer. It shows what this server sees; whether a release works custodians decide. */
@Injectable()
export class CustodiansService {
  private kept: { at: number; answer: Promise<CustodiansResource> } | null = null
  /** When each member of the committee last answered. */
  private seen = new Map<string, Date>()

  constructor(
    private readonly committee: CommitteeService,
    @Inject(OUTGOING) private readonly outgoing: Outgoing,
  ) {}

  /** @throws GranaryError COMMITTEE_MISSING, CHAIN_UNAVAILABLE */
  get(): Promise<CustodiansResource> {
    if (this.kept && Date.now() - this.kept.at < KEPT_MS) return this.kept.answer
    const answer = this.look()
    const kept = { at: Date.now(), answer }
    this.kept = kept
    answer.catch(() => {
      if (this.kept === kept) this.kept = null
    })
    return answer
  }

  private async look(): Promise<CustodiansResource> {
    const committee = await this.committee.require().catch(asUnavailable)
    const members = await Promise.all(committee.members.map((member) => this.ask(member)))
    const names = new Set(committee.members.map(nameOf))
    this.seen = new Map([...this.seen].filter(([name]) => names.has(name)))
    return {
      epoch: committee.epoch,
      threshold: committee.threshold,
      ready: members.filter(({ state }) => state === 'ready').length,
      checked: new Date().toISOString(),
      members,
    }
  }

  private async ask(member: Member): Promise<CustodianState> {
    const { index, account, endpoint } = member
    const about = { index, account: account as Hex, endpoint }
    const base = endpoint.replace(/\/$/, '')
    const [identity, ready] = await Promise.all([
      this.read(`${base}/v1/identity`),
      this.read(`${base}/readyz`),
    ])
    const found = custodianIdentitySchema.safeParse(identity?.body)
    const answered = identity !== null && ready !== null && found.success
    const isMember = found.success && found.data.address === account
    const name = nameOf(member)
    if (answered && isMember) this.seen.set(name, new Date())
    const told = {
      ...about,
      version: found.success ? found.data.version : null,
      epochs: found.success ? found.data.epochs.map(({ epoch }) => epoch) : [],
      lastSeen: this.seen.get(name)?.toISOString() ?? null,
    }
    if (!answered) return { ...told, state: 'unreachable', code: null }
    if (!isMember) return { ...told, state: 'other', code: null }
    if (ready.status === 200) return { ...told, state: 'ready', code: null }
    const problem = problemSchema.safeParse(ready.body)
    return { ...told, state: 'waiting', code: problem.success ? problem.data.code : null }
  }

  /** null when nothing that can be read came. */
  private async read(url: string): Promise<{ status: number; body: unknown } | null> {
    try {
      const { status, bytes } = await this.outgoing(url, {
        headers: { accept: 'application/json' },
        timeoutMs: TIMEOUT_MS,
        maxBytes: MOST_BYTES,
      })
      return { status, body: JSON.parse(Buffer.from(bytes).toString('utf8')) }
    } catch {
      return null
    }
  }
}
