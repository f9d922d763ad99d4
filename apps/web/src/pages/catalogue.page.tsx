import { pageTitles } from '../app.messages.js'
import { Page } from '../components/page.js'
import { Catalogue } from '../features/catalogue/catalogue.js'
import { catalogue } from '../features/catalogue/messages.js'
import type { OpenPageProps } from '../pages.js'

export function CataloguePage({ network }: OpenPageProps) {
  return (
    <Page title={pageTitles.catalogue} lead={<p>{catalogue.lead}</p>}>
      <Catalogue network={network} pool={null} />
    </Page>
  )
}
