import { asides, pageTitles } from '../app.messages.js'
import { Page } from '../components/page.js'
import { Contribute } from '../features/contribute/contribute.js'
import { Recovery } from '../features/recovery/recovery.js'
import { Rewards } from '../features/rewards/rewards.js'
import type { PageProps } from '../pages.js'

export function ContributePage({ wallet, network }: PageProps) {
  return (
    <Page
      title={pageTitles.contribute}
      sideLabel={asides.contribute}
      side={
        <>
          <Rewards wallet={wallet} network={network} />
          <Recovery wallet={wallet} />
        </>
      }
    >
      <Contribute wallet={wallet} network={network} />
    </Page>
  )
}
