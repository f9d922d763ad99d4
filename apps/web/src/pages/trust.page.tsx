import { Page } from '../components/page.js'
import { Ends } from '../features/build/ends.js'
import { ends } from '../features/build/messages.js'
import { Trust } from '../features/intro/intro.js'
import type { OpenPageProps } from '../pages.js'

export function TrustPage({ network }: OpenPageProps) {
  return (
    <Page title={ends.title} lead={<p>{ends.lead}</p>}>
      <Ends network={network} />
      <Trust inPage />
    </Page>
  )
}
