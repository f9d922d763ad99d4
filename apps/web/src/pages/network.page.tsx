import { pageTitles } from '../app.messages.js'
import { Page } from '../components/page.js'
import { Custodians } from '../features/network/custodians.js'
import { network as text } from '../features/network/messages.js'
import { Statistics } from '../features/network/statistics.js'
import type { OpenPageProps } from '../pages.js'

export function NetworkPage({ network }: OpenPageProps) {
  return (
    <Page title={pageTitles.network} lead={<p>{text.lead}</p>}>
      <Statistics network={network} />
      <Custodians network={network} />
    </Page>
  )
}
