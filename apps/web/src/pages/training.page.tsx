import { pageTitles } from '../app.messages.js'
import { Page } from '../components/page.js'
import { Applications } from '../features/training/applications.js'
import { KeyCard } from '../features/training/key-card.js'
import { key } from '../features/training/messages.js'
import { Requests } from '../features/training/requests.js'
import { Standing } from '../features/training/standing.js'
import type { PageProps } from '../pages.js'

export function TrainingPage({ wallet, network }: PageProps) {
  return (
    <Page title={pageTitles.training} side={<KeyCard wallet={wallet} />} sideLabel={key.title}>
      <Applications wallet={wallet} network={network} />
      <Standing wallet={wallet} network={network} />
      <Requests wallet={wallet} network={network} />
    </Page>
  )
}
