import { pageTitles } from '../app.messages.js'
import { Page } from '../components/page.js'
import { Inbox } from '../features/inbox/inbox.js'
import type { PageProps } from '../pages.js'

export function InboxPage({ wallet, network }: PageProps) {
  return (
    <Page title={pageTitles.inbox}>
      <Inbox wallet={wallet} network={network} />
    </Page>
  )
}
