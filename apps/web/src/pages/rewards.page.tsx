import { pageTitles } from '../app.messages.js'
import { Page } from '../components/page.js'
import { Earnings } from '../features/rewards/earnings.js'
import { Rewards } from '../features/rewards/rewards.js'
import type { PageProps } from '../pages.js'

export function RewardsPage({ wallet, network }: PageProps) {
  return (
    <Page title={pageTitles.rewards}>
      <Rewards wallet={wallet} network={network} />
      <Earnings wallet={wallet} network={network} />
    </Page>
  )
}
