import { asides, pageTitles } from '../app.messages.js'
import { Page } from '../components/page.js'
import { Membership } from '../features/governance/membership.js'
import { Proposals } from '../features/governance/proposals.js'
import type { PageProps } from '../pages.js'

export function MembersPage({ wallet }: PageProps) {
  return (
    <Page title={pageTitles.members} sideLabel={asides.members} side={<Membership wallet={wallet} />}>
      <Proposals wallet={wallet} />
    </Page>
  )
}
