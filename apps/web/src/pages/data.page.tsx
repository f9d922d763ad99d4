import { pageTitles } from '../app.messages.js'
import { Page } from '../components/page.js'
import { Datasets } from '../features/datasets/datasets.js'
import type { PageProps } from '../pages.js'

export function DataPage({ wallet, network }: PageProps) {
  return (
    <Page title={pageTitles.data}>
      <Datasets wallet={wallet} network={network} />
    </Page>
  )
}
