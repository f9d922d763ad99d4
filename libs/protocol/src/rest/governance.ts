// Proposals from their making to their execution, votes, and members.
import { z } from 'zod'
import { messageSchema } from '../messages/index.js'
import {
  addressSchema,
  amountSchema,
  bytes32Schema,
  bytesSchema,
  signatureSchema,
  timeSchema,
} from '../scalars.js'
import { onChainSchema, pageQuerySchema, pageSchema } from './common.js'

/** As the Governor has them: `pending` before the vote, `active` during it, `queued` while the Timelock waits. */
export const PROPOSAL_STATES = [
  'pending',
  'active',
  'canceled',
  'defeated',
  'succeeded',
  'queued',
  'executed',
] as const
export type ProposalState = (typeof PROPOSAL_STATES)[number]

/** In the order of the Governor's numbers 0, 1, 2. */
export const VOTE_CHOICES = ['against', 'for', 'abstain'] as const
export type VoteChoice = (typeof VOTE_CHOICES)[number]

/** POST /v1/proposals. */
export const proposalBodySchema = z.object({
  proposal: messageSchema('Proposal'),
  signature: bytesSchema,
})
export type ProposalBody = z.input<typeof proposalBodySchema>

/** 202 of POST /v1/proposals. */
export const proposedSchema = z.object({ id: bytes32Schema, relay: z.string() })
export type ProposedResource = z.infer<typeof proposedSchema>

/** POST /v1/proposals/{id}/votes. */
export const ballotBodySchema = z.object({ ballot: messageSchema('Ballot'), signature: bytesSchema })
export type BallotBody = z.input<typeof ballotBodySchema>

/** POST /v1/members. */
export const joinBodySchema = z.object({ join: messageSchema('Join'), signature: bytesSchema })
export type JoinBody = z.input<typeof joinBodySchema>

/**
 * One call of the Timelock: raw, and in `text` what it does in plain words. `action` is its name in the catalogue of
 * actions, `contract` and `method` what of Granary it calls; null where the calldata is none that Granary knows.
 */
export const proposalCallSchema = z.object({
  target: addressSchema,
  value: amountSchema,
  data: z.string(),
  text: z.string(),
  action: z.string().nullable(),
  contract: z.string().nullable(),
  method: z.string().nullable(),
  arguments: z.array(z.object({ name: z.string(), value: z.string() })),
})
export type ProposalCall = z.infer<typeof proposalCallSchema>

/**
 * `voteStart`: votes count as they were then, and voting begins right after it; `voteEnd`: the last moment to vote.
 * `queuedFor`: from when it may be executed, null unless it was queued. `quorum`: what for and abstain must reach
 * together, null until the vote begins.
 */
export const proposalSchema = z.object({
  id: bytes32Schema,
  proposer: addressSchema,
  description: z.string(),
  descriptionHash: bytes32Schema,
  calls: z.array(proposalCallSchema),
  state: z.enum(PROPOSAL_STATES),
  voteStart: timeSchema,
  voteEnd: timeSchema,
  queuedFor: timeSchema.nullable(),
  votes: z.object({ for: amountSchema, against: amountSchema, abstain: amountSchema }),
  quorum: amountSchema.nullable(),
  quorumReached: z.boolean(),
  created: onChainSchema,
})
export type ProposalResource = z.infer<typeof proposalSchema>

export const voteSchema = onChainSchema.extend({
  voter: addressSchema,
  choice: z.enum(VOTE_CHOICES),
  weight: amountSchema,
  reason: z.string(),
})
export type VoteResource = z.infer<typeof voteSchema>
export const votesPageSchema = pageSchema(voteSchema)
export type VotesPage = z.infer<typeof votesPageSchema>

/** GET /v1/proposals/{id}. `voters` are the newest 200 votes; all of them are under `…/votes`. */
export const proposalDetailSchema = proposalSchema.extend({ voters: z.array(voteSchema) })
export type ProposalDetail = z.infer<typeof proposalDetailSchema>

export const proposalsQuerySchema = pageQuerySchema.extend({ state: z.enum(PROPOSAL_STATES).optional() })
export type ProposalsQuery = z.input<typeof proposalsQuerySchema>
export const proposalsPageSchema = pageSchema(proposalSchema)
export type ProposalsPage = z.infer<typeof proposalsPageSchema>

/** `votes` is what was delegated to the account, `mintable` what joining (again) would mint. All in GRAIN. */
export const memberSchema = z.object({
  address: addressSchema,
  grain: amountSchema,
  votes: amountSchema,
  delegate: addressSchema.nullable(),
  mintable: amountSchema,
})
export type MemberResource = z.infer<typeof memberSchema>

/** GET /v1/members/{address}. With `at`, `votes` are those of then. */
export const memberQuerySchema = z.object({ at: timeSchema.optional() })
export type MemberQuery = z.input<typeof memberQuerySchema>

/**
 * POST /v1/members/{address}/delegations. `delegation` is a `Delegation` of GrainToken, signed by the account's key;
 * `nonce` is `nonces(account)` there.
 */
export const delegationBodySchema = z.object({
  delegation: z.strictObject({
    delegatee: addressSchema,
    nonce: amountSchema,
    expiry: amountSchema,
  }),
  signature: signatureSchema,
})
export type DelegationBody = z.input<typeof delegationBodySchema>

/** Accounts whose votes go to this one, and how many each brings. */
export const delegatorsPageSchema = pageSchema(z.object({ address: addressSchema, grain: amountSchema }))
export type DelegatorsPage = z.infer<typeof delegatorsPageSchema>
