import { pageTitles } from '../app.messages.js'
import { Page } from '../components/page.js'
import { Datasets } from '../features/datasets/datasets.js'
import { Export } from '../features/export/export.js'
import { Recovery } from '../features/recovery/recovery.js'
import type { PageProps } from '../pages.js'

export function DataPage({ wallet, network }: PageProps) {
  return (
    <Page title={pageTitles.data}>
      <Datasets wallet={wallet} network={network} />
      <Export wallet={wallet} />
      <Recovery wallet={wallet} />
    </Page>
  )
}
