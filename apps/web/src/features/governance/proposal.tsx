import type { ProposalDetail, ProposalResource, VoteChoice } from '@granary/protocol'
import { useState } from 'react'
import { Button } from '../../components/button.js'
import { Dialog, DialogActions, DialogClose } from '../../components/dialog.js'
import lines from '../../components/lines.module.css'
import { Notice } from '../../components/notice.js'
import { Trouble } from '../../components/trouble.js'
import { amount, moment, short } from '../../lib/format.js'
import { sameAddress, type Wallet } from '../../wallet/wallet.js'
import { useMember, useProposal, useStep } from './governance.queries.js'
import { proposals, proposal as text } from './messages.js'
import styles from './proposals.module.css'

const GRAIN = { symbol: 'GRAIN', decimals: 18 }
const CHOICES: readonly VoteChoice[] = ['against', 'abstain', 'for']
const sum = (value: string) => amount(value, GRAIN)

/** One proposal in words, with a vote or the next step where that would work. */
export function Proposal({
  item,
  does,
  wallet,
  onSaid,
}: {
  item: ProposalResource
  does: string
  wallet: Wallet
  onSaid: (said: string) => void
}) {
  const [open, setOpen] = useState(false)
  const [choice, setChoice] = useState<VoteChoice | null>(null)
  const found = useProposal(wallet, item.id, open)
  const power = useMember(wallet.address, item.voteStart)
  const step = useStep(wallet, item.id)
  const detail = found.data
  const own = detail?.voters.find(({ voter }) => sameAddress(voter, wallet.address))
  const votes = power.data?.votes ?? '0'
  const mayVote = detail?.state === 'active' && !own && votes !== '0'
  const close = (said: string) => {
    setOpen(false)
    setChoice(null)
    onSaid(said)
  }
  const next = detail ? nextStep(detail, found.dataUpdatedAt) : null

  return (
    <Dialog
      open={open}
      busy={step.isPending}
      onOpenChange={(now) => {
        step.reset()
        setChoice(null)
        setOpen(now)
      }}
      trigger={<Button aria-label={proposals.seeLabel(does)}>{proposals.see}</Button>}
      title={text.title}
      description={<p>{text.lead}</p>}
    >
      {found.isPending ? <p role="status">{text.reading}</p> : null}
      <Trouble error={found.error} title={text.unreadable} rejected={text.rejected} />
      {detail ? <Facts proposal={detail} /> : null}
      {own ? <p>{text.yours(own.choice)}</p> : null}
      {detail?.state === 'active' && !own && power.isSuccess && votes === '0' ? (
        <p>{text.powerless}</p>
      ) : null}
      {next ? <p>{next === 'queue' ? text.queueNote : text.executeNote}</p> : null}
      {choice ? (
        <Notice tone="attention" title={text.finalTitle[choice]}>
          {text.final(sum(votes))}
        </Notice>
      ) : null}
      <Trouble error={step.error} title={text.failed} rejected={text.rejected} />
      <DialogActions>
        {choice ? (
          <>
            <Button busy={step.isPending} onClick={() => setChoice(null)}>
              {text.back}
            </Button>
            <Button
              look="main"
              busy={step.isPending}
              onClick={() => step.mutate(choice, { onSuccess: () => close(text.voted) })}
            >
              {step.isPending ? text.voting : text.confirm}
            </Button>
          </>
        ) : (
          <>
            <DialogClose asChild>
              <Button busy={step.isPending}>{text.close}</Button>
            </DialogClose>
            {mayVote
              ? CHOICES.map((each) => (
                  <Button key={each} look={each === 'for' ? 'main' : 'plain'} onClick={() => setChoice(each)}>
                    {text.choose[each]}
                  </Button>
                ))
              : null}
            {next ? (
              <Button
                look="main"
                busy={step.isPending}
                onClick={() =>
                  step.mutate(next, {
                    onSuccess: () => close(next === 'queue' ? text.queued : text.executed),
                  })
                }
              >
                {step.isPending ? text.voting : next === 'queue' ? text.queue : text.execute}
              </Button>
            ) : null}
          </>
        )}
      </DialogActions>
    </Dialog>
  )
}

/** What may be done with a proposal, as it was read at `time`. */
function nextStep({ state, queuedFor }: ProposalDetail, time: number): 'queue' | 'execute' | null {
  if (state === 'succeeded') return 'queue'
  return state === 'queued' && queuedFor !== null && Date.parse(queuedFor) <= time ? 'execute' : null
}

function Facts({ proposal }: { proposal: ProposalDetail }) {
  const { calls, votes, quorum, quorumReached, voters, queuedFor } = proposal
  return (
    <dl className={lines.facts}>
      <div>
        <dt>{text.does}</dt>
        <dd>
          <ul>
            {calls.map((call, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the calls of a proposal never change
              <li key={place}>
                <strong>{call.text}</strong>
                <details className={styles.detail}>
                  <summary>{text.raw}</summary>
                  <code className={styles.raw}>{`${call.target} ${call.value} ${call.data}`}</code>
                </details>
              </li>
            ))}
          </ul>
        </dd>
      </div>
      <div>
        <dt>{text.says}</dt>
        <dd className={styles.text}>{proposal.description}</dd>
      </div>
      <div>
        <dt>{text.by}</dt>
        <dd>
          <code>{proposal.proposer}</code>
        </dd>
      </div>
      <div>
        <dt>{text.time}</dt>
        <dd>
          <strong>{proposals.state[proposal.state]}</strong>
          <p>{text.between(moment(proposal.voteStart), moment(proposal.voteEnd))}</p>
        </dd>
      </div>
      {queuedFor ? (
        <div>
          <dt>{text.from}</dt>
          <dd>{moment(queuedFor)}</dd>
        </div>
      ) : null}
      <div>
        <dt>{text.votes}</dt>
        <dd>
          {(['for', 'against', 'abstain'] as const)
            .map((each) => text.counted(each, sum(votes[each])))
            .join(', ')}
          <p>{quorum === null ? text.quorumLater : text.quorum(sum(quorum), quorumReached)}</p>
        </dd>
      </div>
      {voters.length > 0 ? (
        <div>
          <dt>{text.voters}</dt>
          <dd>
            <ul>
              {voters.map(({ voter, choice, weight }) => (
                <li key={voter}>
                  <code title={voter}>{short(voter)}</code> {text.counted(choice, sum(weight))}
                </li>
              ))}
            </ul>
          </dd>
        </div>
      ) : null}
    </dl>
  )
}
