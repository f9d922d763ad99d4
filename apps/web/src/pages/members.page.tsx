import { asides, pageTitles } from '../app.messages.js'
import { Page } from '../components/page.js'
import { Membership } from '../features/governance/membership.js'
import { Proposals } from '../features/governance/proposals.js'
import { Custodians } from '../features/network/custodians.js'
import { Treasury } from '../features/network/treasury.js'
import type { PageProps } from '../pages.js'

export function MembersPage({ wallet, network }: PageProps) {
  return (
    <Page title={pageTitles.members} sideLabel={asides.members} side={<Membership wallet={wallet} />}>
      <Proposals wallet={wallet} network={network} />
      <Treasury network={network} />
      <Custodians network={network} />
    </Page>
  )
}
