import type { NetworkResource, ProposalResource } from '@granary/protocol'
import { useState } from 'react'
import { Link } from 'wouter'
import { Button } from '../../components/button.js'
import { Dialog, DialogActions, DialogClose } from '../../components/dialog.js'
import { Trouble } from '../../components/trouble.js'
import type { Wallet } from '../../wallet/wallet.js'
import { useProposal } from './governance.queries.js'
import { page } from './members.messages.js'
import { proposals, proposal as text } from './messages.js'
import { ProposalFacts } from './proposal-facts.js'
import { StepButtons, StepNotes, useSteps } from './steps.js'

/** One proposal in words, over the list, with a vote or the next step where that would work. */
export function Proposal({
  item,
  does,
  wallet,
  network,
  onSaid,
}: {
  item: ProposalResource
  does: string
  wallet: Wallet
  network: NetworkResource
  onSaid: (said: string) => void
}) {
  const [open, setOpen] = useState(false)
  const found = useProposal(wallet, item.id, open)
  const steps = useSteps(wallet, item, found.data, found.dataUpdatedAt, (said) => {
    setOpen(false)
    onSaid(said)
  })
  return (
    <Dialog
      open={open}
      busy={steps.isBusy}
      onOpenChange={(now) => {
        steps.reset()
        setOpen(now)
      }}
      trigger={<Button aria-label={proposals.seeLabel(does)}>{proposals.see}</Button>}
      title={text.title}
      description={<p>{text.lead}</p>}
    >
      {found.isPending ? <p role="status">{text.reading}</p> : null}
      <Trouble error={found.error} title={text.unreadable} rejected={text.rejected} />
      {found.data ? (
        <>
          <ProposalFacts proposal={found.data} network={network} now={found.dataUpdatedAt} />
          <p>
            <Link href={`/members/proposals/${item.id}`}>{page.link}</Link>
          </p>
        </>
      ) : null}
      <StepNotes steps={steps} />
      <DialogActions>
        {steps.choice ? null : (
          <DialogClose asChild>
            <Button busy={steps.isBusy}>{text.close}</Button>
          </DialogClose>
        )}
        <StepButtons steps={steps} />
      </DialogActions>
    </Dialog>
  )
}
