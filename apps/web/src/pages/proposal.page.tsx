import { Link, useRoute } from 'wouter'
import { Page } from '../components/page.js'
import { page as text } from '../features/governance/members.messages.js'
import { ProposalView } from '../features/governance/proposal-view.js'
import type { PageProps } from '../pages.js'

export function ProposalPage({ wallet, network }: PageProps) {
  const [, params] = useRoute('/members/proposals/:id')
  const id = params?.id ?? ''
  return (
    <Page title={text.title} lead={<Link href="/members">← {text.list}</Link>}>
      <ProposalView key={id} id={id} wallet={wallet} network={network} />
    </Page>
  )
}
