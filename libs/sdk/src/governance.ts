import {
  type ActionArguments,
  type Address,
  type BallotBody,
  buildCall,
  type Call,
  type DelegationBody,
  type DelegationTerms,
  type DelegatorsPage,
  type Deployment,
  delegationTypedData,
  describeCall,
  GranaryError,
  type Hex,
  type JoinBody,
  type MemberResource,
  type MessageOf,
  messageToJson,
  type ProposalBody,
  type ProposalCall,
  type ProposalDetail,
  type ProposalResource,
  type ProposalState,
  type ProposedResource,
  proposalId,
  type RelayedResource,
  signMessage,
  TOKEN_DECIMALS,
  VOTE_CHOICES,
  type VoteChoice,
  type VoteResource,
} from '@granary/protocol'
import { id as textHash, verifyTypedData } from 'ethers'
import type { Done } from './chain.js'
import { allPages, type Context, MESSAGE_LIFETIME, now, until } from './context.js'
import { type Relayed, waitForRelay } from './relay.js'

/** What is proposed: an action of the catalogue by name, or a bare call. */
export type Wanted = { action: string; arguments: ActionArguments } | Call

/** What a member may propose: calls, which happen together or not at all, and why. */
export interface Draft {
  calls: readonly Wanted[]
  description: string
}

/** Proposals, votes and membership; everything but `cancel` is relayed and costs no gas of one's own. */
export interface Governance {
  /** As the API tells, newest first. */
  list(filter?: { state?: ProposalState }): AsyncGenerator<ProposalResource>
  /**
   * One proposal whose calls and text are those that its id was made of; what they do is said by this program, not by
   * the API. A text that does not fit is left out. Throws GOVERNOR_NONEXISTENT_PROPOSAL, PROPOSAL_MISMATCH.
   */
  get(id: Hex): Promise<ProposalDetail>
  votes(id: Hex): AsyncGenerator<VoteResource>
  /** What a draft would do, in words. Throws ACTION_UNKNOWN, ARGUMENT_INVALID. Signs nothing. */
  describe(calls: readonly Wanted[]): Promise<ProposalCall[]>
  /** Signs a proposal and has it relayed. */
  create(draft: Draft): Promise<Relayed & { id: Hex }>
  /** Signs a vote, which is final, after checking what the proposal is. */
  vote(id: Hex, choice: VoteChoice): Promise<Relayed>
  /** Has a proposal that passed put into the Timelock. Anybody may. */
  queue(id: Hex): Promise<Relayed>
  /** Has a queued proposal executed once its delay is over. Anybody may. */
  execute(id: Hex): Promise<Relayed>
  /** Takes one's own proposal back before its vote begins: a transaction of one's own. */
  cancel(id: Hex): Promise<Done>
  /**
   * Takes the votes that the signer has earned by claiming rewards, and waits until they count: the Governor reads votes
   * as they were a second ago. Throws NOTHING_TO_MINT.
   */
  join(): Promise<Relayed & { minted: bigint; member: MemberResource }>
  member(address: Address): Promise<MemberResource>
  /**
   * Has the signer's votes count for `to`, its own address to have them back, in votes that begin later. Relayed; a
   * contract wallet sends a transaction of its own. Waits until the API shows it.
   */
  delegate(to: Address): Promise<{ transaction: Hex; member: MemberResource }>
  /** Whose votes go to an account. */
  delegators(address: Address): AsyncGenerator<DelegatorsPage['items'][number]>
}

export function createGovernance(context: Context): Governance {
  const path = (id: Hex, rest = '') => `/v1/proposals/${id}${rest}`
  const member = (address: Address) => context.call<MemberResource>(`/v1/members/${address}`)
  async function relayed(to: string, body: object): Promise<Relayed> {
    const answer = await context.callSigned<RelayedResource>(to, { method: 'POST', body, idempotent: true })
    return waitForRelay(context, answer.relay)
  }
  return {
    list: ({ state } = {}) => allPages(context, '/v1/proposals', { state }),
    get: (id) => get(context, id),
    votes: (id) => allPages(context, path(id, '/votes'), {}),
    describe: async (calls) => inWords(context, await callsOf(context, calls)),
    create: (draft) => create(context, draft),
    async vote(id, choice) {
      await get(context, id)
      const ballot: MessageOf<'Ballot'> = {
        proposalId: BigInt(id),
        support: VOTE_CHOICES.indexOf(choice),
        voter: await context.account(),
        nonce: 0n,
      }
      const { deployment } = await context.network()
      const signature = await signMessage(context.signer(), 'Ballot', ballot, deployment)
      const body: BallotBody = { ballot: messageToJson('Ballot', ballot), signature }
      return relayed(path(id, '/votes'), body)
    },
    queue: (id) => relayed(path(id, '/queue'), {}),
    execute: (id) => relayed(path(id, '/execute'), {}),
    async cancel(id) {
      const { calls, descriptionHash } = await get(context, id)
      const columns = [calls.map((call) => call.target), calls.map((call) => BigInt(call.value))]
      const data = calls.map((call) => call.data)
      const chain = await context.chain()
      const done = await chain.send('governor', 'cancel', [...columns, data, descriptionHash])
      await until(`proposal ${id} as canceled`, async () =>
        (await get(context, id)).state === 'canceled' ? true : undefined,
      )
      return done
    },
    async join() {
      const account = await context.account()
      const before = await member(account)
      const { deployment } = await context.network()
      const join: MessageOf<'Join'> = { account, deadline: BigInt(now() + MESSAGE_LIFETIME) }
      const signature = await signMessage(context.signer(), 'Join', join, deployment)
      const body: JoinBody = { join: messageToJson('Join', join), signature }
      const done = await relayed('/v1/members', body)
      const after = await member(account)
      await until('the new votes to count', async () => {
        const then = await context.call<MemberResource>(`/v1/members/${account}?at=${aSecondAgo()}`)
        return then.votes === after.votes ? true : undefined
      })
      return { ...done, minted: BigInt(after.grain) - BigInt(before.grain), member: after }
    },
    member,
    delegate: (to) => delegate(context, to),
    delegators: (address) => allPages(context, `/v1/members/${address}/delegators`, {}),
  }
}

async function delegate(
  context: Context,
  to: Address,
): Promise<{ transaction: Hex; member: MemberResource }> {
  const account = await context.account()
  const { deployment } = await context.network()
  const chain = await context.chain()
  const nonce = await chain.votesNonce(account)
  const terms = { delegatee: to, nonce, expiry: BigInt(now() + MESSAGE_LIFETIME) }
  const { domain, types, message } = delegationTypedData(terms, deployment)
  const signature = context.isContractWallet
    ? null
    : await context.signer().signTypedData(domain, types, message)
  let transaction: Hex
  // GrainToken takes the signature of a key only; a contract wallet may look like a key until it signs.
  if (signature === null || !isOfKey(signature, account, terms, deployment)) {
    transaction = (await chain.send('grainToken', 'delegate', [to])).transaction
  } else {
    const body: DelegationBody = {
      delegation: { delegatee: to, nonce: String(nonce), expiry: String(terms.expiry) },
      signature,
    }
    const path = `/v1/members/${account}/delegations`
    const answer = await context.callSigned<RelayedResource>(path, { method: 'POST', body, idempotent: true })
    transaction = (await waitForRelay(context, answer.relay)).transaction as Hex
  }
  const member = await until(`the votes of ${account} with ${to}`, async () => {
    const found = await context.call<MemberResource>(`/v1/members/${account}`)
    return found.delegate?.toLowerCase() === to.toLowerCase() ? found : undefined
  })
  return { transaction, member }
}

function isOfKey(
  signature: string,
  account: Address,
  terms: DelegationTerms,
  deployment: Deployment,
): boolean {
  const { domain, types, message } = delegationTypedData(terms, deployment)
  try {
    return verifyTypedData(domain, types, message, signature) === account
  } catch {
    return false
  }
}

async function get(context: Context, id: Hex): Promise<ProposalDetail> {
  const told = await context.call<ProposalDetail>(`/v1/proposals/${id}`)
  const calls = told.calls.map(({ target, value, data }) => ({
    target: target as Address,
    value: BigInt(value),
    data: data as Hex,
  }))
  if (told.id !== id || proposalId(calls, told.descriptionHash as Hex) !== id)
    throw new GranaryError('PROPOSAL_MISMATCH')
  const description = textHash(told.description) === told.descriptionHash ? told.description : UNREADABLE
  return { ...told, description, calls: await inWords(context, calls) }
}

const aSecondAgo = () => new Date((now() - 1) * 1000).toISOString()

const UNREADABLE = '(This proposal has a text that cannot be shown.)'

async function create(context: Context, draft: Draft): Promise<Relayed & { id: Hex }> {
  const { deployment } = await context.network()
  const calls = await callsOf(context, draft.calls)
  const proposal: MessageOf<'Proposal'> = {
    proposer: await context.account(),
    targets: calls.map(({ target }) => target),
    values: calls.map(({ value }) => value),
    calldatas: calls.map(({ data }) => data),
    description: draft.description,
    deadline: BigInt(now() + MESSAGE_LIFETIME),
  }
  const signature = await signMessage(context.signer(), 'Proposal', proposal, deployment)
  const body: ProposalBody = { proposal: messageToJson('Proposal', proposal), signature }
  const answer = await context.callSigned<ProposedResource>('/v1/proposals', {
    method: 'POST',
    body,
    idempotent: true,
  })
  const id = proposalId(calls, textHash(draft.description) as Hex)
  return { id, ...(await waitForRelay(context, answer.relay)) }
}

async function callsOf(context: Context, calls: readonly Wanted[]): Promise<Call[]> {
  const { deployment } = await context.network()
  return calls.map((call) =>
    'action' in call ? buildCall(call.action, call.arguments, deployment) : { ...call },
  )
}

async function inWords(context: Context, calls: readonly Call[]): Promise<ProposalCall[]> {
  const { deployment, display } = await context.network()
  const words = { token: { symbol: display.token.symbol, decimals: TOKEN_DECIMALS } }
  return calls.map((call) => describeCall(call, deployment, words))
}
