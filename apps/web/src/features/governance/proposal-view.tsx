import type { NetworkResource } from '@granary/protocol'
import { useState } from 'react'
import lines from '../../components/lines.module.css'
import { Notice } from '../../components/notice.js'
import { codeOf, Trouble } from '../../components/trouble.js'
import type { Wallet } from '../../wallet/wallet.js'
import { useProposal } from './governance.queries.js'
import { page } from './members.messages.js'
import { proposal as text } from './messages.js'
import { ProposalFacts } from './proposal-facts.js'
import styles from './proposals.module.css'
import { StepButtons, StepNotes, useSteps } from './steps.js'

const NEVER = new Date(0).toISOString()
const UNKNOWN = ['GOVERNOR_NONEXISTENT_PROPOSAL', 'VALIDATION_FAILED']

/** One proposal on a page of its own, whose address can be sent to others. */
export function ProposalView({
  id,
  wallet,
  network,
}: {
  id: string
  wallet: Wallet
  network: NetworkResource
}) {
  const [said, setSaid] = useState<string | null>(null)
  const found = useProposal(wallet, id, true)
  const item = { id: id as `0x${string}`, voteStart: found.data?.voteStart ?? NEVER }
  const steps = useSteps(wallet, item, found.data, found.dataUpdatedAt, setSaid)
  if (found.isError && UNKNOWN.includes(codeOf(found.error) ?? ''))
    return (
      <Notice tone="attention" title={page.unknownTitle}>
        {page.unknown}
      </Notice>
    )
  return (
    <section className={lines.section} aria-label={page.title}>
      <p className={lines.soft}>{text.lead}</p>
      {said ? <Notice tone="good" title={said} /> : null}
      {found.isPending ? <p role="status">{text.reading}</p> : null}
      <Trouble error={found.error} title={text.unreadable} rejected={text.rejected} />
      {found.data ? (
        <>
          {steps.mayVote || steps.next || steps.own || steps.isPowerless ? (
            <div className={styles.act}>
              <StepNotes steps={steps} />
              <div className={styles.buttons}>
                <StepButtons steps={steps} />
              </div>
            </div>
          ) : null}
          <ProposalFacts proposal={found.data} network={network} now={found.dataUpdatedAt} />
        </>
      ) : null}
    </section>
  )
}
