import { pageTitles } from '../app.messages.js'
import { Page } from '../components/page.js'
import { Answers } from '../features/inbox/answers.js'
import { Inbox } from '../features/inbox/inbox.js'
import { Notify } from '../features/inbox/notify.js'
import type { PageProps } from '../pages.js'

export function InboxPage({ wallet, network }: PageProps) {
  return (
    <Page title={pageTitles.inbox} lead={<Notify />}>
      <Inbox wallet={wallet} network={network} />
      <Answers wallet={wallet} network={network} />
    </Page>
  )
}
