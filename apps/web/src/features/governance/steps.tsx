// What somebody may do with a proposal: vote, or have the next step done.
import type { ProposalDetail, ProposalResource, VoteChoice } from '@granary/protocol'
import { useState } from 'react'
import { Button } from '../../components/button.js'
import { Notice } from '../../components/notice.js'
import { Trouble } from '../../components/trouble.js'
import { amount } from '../../lib/format.js'
import { sameAddress, type Wallet } from '../../wallet/wallet.js'
import { useMember, useStep } from './governance.queries.js'
import { proposal as text } from './messages.js'

const GRAIN = { symbol: 'GRAIN', decimals: 18 }
const CHOICES: readonly VoteChoice[] = ['against', 'abstain', 'for']

export type Steps = ReturnType<typeof useSteps>

/** Only what would work is offered. `detail` is what was read at `readAt` (ms), undefined before. */
export function useSteps(
  wallet: Wallet,
  item: Pick<ProposalResource, 'id' | 'voteStart'>,
  detail: ProposalDetail | undefined,
  readAt: number,
  onDone: (said: string) => void,
) {
  const [choice, setChoice] = useState<VoteChoice | null>(null)
  const power = useMember(wallet.address, item.voteStart)
  const step = useStep(wallet, item.id)
  const own = detail?.voters.find(({ voter }) => sameAddress(voter, wallet.address))
  const votes = power.data?.votes ?? '0'
  const isOpen = detail?.state === 'active' && !own
  const done = (said: string) => {
    setChoice(null)
    onDone(said)
  }
  return {
    choice: isOpen ? choice : null,
    setChoice,
    votes,
    own: own?.choice ?? null,
    mayVote: isOpen && votes !== '0',
    isPowerless: isOpen && power.isSuccess && votes === '0',
    next: detail ? nextStep(detail, readAt) : null,
    error: step.error,
    isBusy: step.isPending,
    vote: () => choice && step.mutate(choice, { onSuccess: () => done(text.voted) }),
    go: (next: 'queue' | 'execute') =>
      step.mutate(next, { onSuccess: () => done(next === 'queue' ? text.queued : text.executed) }),
    reset: () => {
      step.reset()
      setChoice(null)
    },
  }
}

/** What may be done with a proposal, as it was read at `time`. */
function nextStep({ state, queuedFor }: ProposalDetail, time: number): 'queue' | 'execute' | null {
  if (state === 'succeeded') return 'queue'
  return state === 'queued' && queuedFor !== null && Date.parse(queuedFor) <= time ? 'execute' : null
}

/** How one has voted, why one cannot, and what one is about to sign. */
export function StepNotes({ steps }: { steps: Steps }) {
  const { own, isPowerless, next, choice, votes, error } = steps
  return (
    <>
      {own ? <p>{text.yours(own)}</p> : null}
      {isPowerless ? <p>{text.powerless}</p> : null}
      {next ? <p>{next === 'queue' ? text.queueNote : text.executeNote}</p> : null}
      {choice ? (
        <Notice tone="attention" title={text.finalTitle[choice]}>
          {text.final(amount(votes, GRAIN))}
        </Notice>
      ) : null}
      <Trouble error={error} title={text.failed} rejected={text.rejected} />
    </>
  )
}

export function StepButtons({ steps }: { steps: Steps }) {
  const { choice, setChoice, mayVote, next, isBusy } = steps
  if (choice)
    return (
      <>
        <Button busy={isBusy} onClick={() => setChoice(null)}>
          {text.back}
        </Button>
        <Button look="main" busy={isBusy} onClick={steps.vote}>
          {isBusy ? text.voting : text.confirm}
        </Button>
      </>
    )
  return (
    <>
      {mayVote
        ? CHOICES.map((each) => (
            <Button key={each} look={each === 'for' ? 'main' : 'plain'} onClick={() => setChoice(each)}>
              {text.choose[each]}
            </Button>
          ))
        : null}
      {next ? (
        <Button look="main" busy={isBusy} onClick={() => steps.go(next)}>
          {isBusy ? text.voting : next === 'queue' ? text.queue : text.execute}
        </Button>
      ) : null}
    </>
  )
}
