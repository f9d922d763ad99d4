import { Link } from 'wouter'
import { Page } from '../components/page.js'
import { draft as text } from '../features/governance/draft.messages.js'
import { page } from '../features/governance/members.messages.js'
import { NewProposal } from '../features/governance/new-proposal.js'
import type { PageProps } from '../pages.js'

export function NewProposalPage({ wallet, network }: PageProps) {
  return (
    <Page title={text.title} lead={<Link href="/members">← {page.list}</Link>}>
      <NewProposal wallet={wallet} network={network} />
    </Page>
  )
}
