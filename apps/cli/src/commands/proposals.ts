import {
  GranaryError,
  type Hex,
  PROPOSAL_STATES,
  type ProposalDetail,
  type ProposalResource,
  type ProposalState,
  VOTE_CHOICES,
  type VoteChoice,
} from '@granary/protocol'
import type { Command } from 'commander'
import { formatUnits } from 'ethers'
import { reader, signer } from '../client.js'
import { action } from '../command.js'
import { confirm } from '../confirm.js'
import { printable, toId } from '../values.js'
import { registerCreate } from './proposals.create.js'

/** `granary proposals …`: what the DAO decides, from a proposal to its execution. */
export function registerProposals(program: Command): void {
  const group = program
    .command('proposals')
    .description('see what is proposed to the DAO, propose, vote, and carry out what passed')
    .addHelpText(
      'after',
      `
Votes are GRAIN: \`granary join\` takes those that your claimed rewards have earned. Nothing here costs you gas.

Examples:
  granary proposals
  granary proposals show 0x…
  granary proposals create pool-price --pool 1 --price 2000000000000000000 --text "Wheat got dearer"
  granary proposals vote 0x… for
  granary proposals queue 0x…
  granary proposals execute 0x…`,
    )
  registerList(group)
  registerShow(group)
  registerCreate(group)
  registerVote(group)
  registerStep(group, 'queue', 'have a proposal that passed put into the Timelock; anybody may', 'Queued')
  registerStep(
    group,
    'execute',
    'have a queued proposal carried out after its delay; anybody may',
    'Executed',
  )
  registerCancel(group)
}

function registerList(group: Command): void {
  const command = group
    .command('list', { isDefault: true })
    .description('every proposal, newest first')
    .option('--state <state>', PROPOSAL_STATES.join(', '))
  action<{ state?: string }>(command, async (context, { state }) => {
    if (state !== undefined && !PROPOSAL_STATES.includes(state as ProposalState))
      throw new GranaryError('ARGUMENT_INVALID', `--state is one of ${PROPOSAL_STATES.join(', ')}`)
    const proposals: ProposalResource[] = []
    const filter = state ? { state: state as ProposalState } : {}
    for await (const one of reader(context).governance.list(filter)) proposals.push(one)
    context.output.result({ proposals }, () =>
      proposals.length === 0
        ? 'No proposals. `granary proposals create --help` says what can be proposed.'
        : proposals.map(brief).join('\n'),
    )
  })
}

function registerShow(group: Command): void {
  const command = group
    .command('show')
    .argument('<id>')
    .description('one proposal: what it does in words, its votes, its times, who voted what')
  action<object, [string]>(command, async (context, _options, text) => {
    const proposal = await reader(context).governance.get(toId(text))
    context.output.result(proposal, () => whole(proposal).join('\n'))
  })
}

function registerVote(group: Command): void {
  const command = group
    .command('vote')
    .argument('<id>')
    .argument('<choice>', VOTE_CHOICES.join(', '))
    .description('vote with the votes you had when the vote began; a vote is final')
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      '\nThe proposal is shown before anything is signed.\n\nExamples:\n  granary proposals vote 0x… for\n  granary proposals vote 0x… abstain --yes',
    )
  action<{ yes?: boolean }, [string, string]>(command, async (context, options, text, choice) => {
    const id = toId(text)
    if (!VOTE_CHOICES.includes(choice as VoteChoice))
      throw new GranaryError('ARGUMENT_INVALID', `a vote is one of ${VOTE_CHOICES.join(', ')}`)
    const { client, address } = signer(context)
    const before = await client.governance.get(id)
    for (const line of whole({ ...before, voters: [] })) context.output.log(line)
    if (!options.yes) await confirm(`Sign a vote "${choice}" on this proposal? It cannot be changed.`)
    const done = await client.governance.vote(id, choice as VoteChoice)
    const { votes, state } = await client.governance.get(id)
    context.output.result(
      { id, choice, voter: address, state, votes, ...done },
      `Voted ${choice}. Transaction ${done.transaction}`,
    )
  })
}

function registerStep(group: Command, name: 'queue' | 'execute', about: string, said: string): void {
  const command = group
    .command(name)
    .argument('<id>')
    .description(about)
    .addHelpText('after', `\nExample:\n  granary proposals ${name} 0x…`)
  action<object, [string]>(command, async (context, _options, text) => {
    const id = toId(text)
    const { client } = signer(context)
    const done = await client.governance[name](id)
    const { state, queuedFor } = await client.governance.get(id)
    const rest = state === 'queued' ? `; it may be executed from ${queuedFor} on` : ''
    context.output.result(
      { id, state, queuedFor, ...done },
      `${said}${rest}. Transaction ${done.transaction}`,
    )
  })
}

function registerCancel(group: Command): void {
  const command = group
    .command('cancel')
    .argument('<id>')
    .description('take your own proposal back before its vote begins; a transaction of your account')
  action<object, [string]>(command, async (context, _options, text) => {
    const id = toId(text)
    const done = await signer(context).client.governance.cancel(id)
    context.output.result({ id, state: 'canceled', ...done }, `Canceled. Transaction ${done.transaction}`)
  })
}

const grain = (amount: string) => `${formatUnits(amount, 18).replace(/\.0$/, '')} GRAIN`

function brief({ id, state, calls, votes, voteEnd }: ProposalResource): string {
  const does = calls.map((call) => printable(call.text)).join('; ')
  const until = state === 'active' ? `, vote until ${voteEnd}` : ''
  return `${id}  ${state}${until}\n  ${does}\n  for ${grain(votes.for)}, against ${grain(votes.against)}, abstaining ${grain(votes.abstain)}`
}

function whole(proposal: ProposalDetail): string[] {
  const { id, state, proposer, description, calls, votes, quorum, quorumReached, voters } = proposal
  return [
    `proposal    ${id as Hex}, ${state}`,
    `by          ${proposer}`,
    `does        ${calls.map((call) => printable(call.text)).join('\n            ')}`,
    `says        ${description.split('\n').map(printable).join('\n            ')}`,
    `vote        after ${proposal.voteStart}, until ${proposal.voteEnd}`,
    ...(proposal.queuedFor ? [`executable  from ${proposal.queuedFor}`] : []),
    `votes       for ${grain(votes.for)}, against ${grain(votes.against)}, abstaining ${grain(votes.abstain)}`,
    `quorum      ${quorum === null ? 'known once the vote begins' : `${grain(quorum)}, ${quorumReached ? 'reached' : 'not reached'}`}`,
    ...voters.map(({ voter, choice, weight }) => `            ${voter} ${choice} with ${grain(weight)}`),
  ]
}
