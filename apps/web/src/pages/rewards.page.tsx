import { useState } from 'react'
import { pageTitles } from '../app.messages.js'
import { Page } from '../components/page.js'
import { BalanceCheck } from '../features/rewards/balance-check.js'
import { EarnedChart } from '../features/rewards/earned-chart.js'
import { Earnings } from '../features/rewards/earnings.js'
import { Rewards } from '../features/rewards/rewards.js'
import type { PageProps } from '../pages.js'

export function RewardsPage({ wallet, network }: PageProps) {
  const [checked, setChecked] = useState(false)
  return (
    <Page title={pageTitles.rewards}>
      <Rewards wallet={wallet} network={network} />
      <EarnedChart address={wallet.address} network={network} />
      <BalanceCheck wallet={wallet} network={network} on={checked} start={() => setChecked(true)} />
      <Earnings wallet={wallet} network={network} checked={checked} />
    </Page>
  )
}
