import type { InboxItem, NetworkResource } from '@granary/protocol'
import { useState } from 'react'
import { Button } from '../../components/button.js'
import lines from '../../components/lines.module.css'
import { Notice } from '../../components/notice.js'
import { day } from '../../lib/format.js'
import type { Wallet } from '../../wallet/wallet.js'
import { purposeTitles } from '../contribute/messages.js'
import { datasets } from '../datasets/messages.js'
import { useDataset, useTrainer } from '../requests/requests.queries.js'
import { useInbox } from './inbox.queries.js'
import { inbox as text } from './messages.js'
import { Review } from './review.js'

/** What waits for the owner's answer. */
export function Inbox({ wallet, network }: { wallet: Wallet; network: NetworkResource }) {
  const inbox = useInbox(wallet.address)
  const [said, setSaid] = useState<string | null>(null)
  const items = inbox.data?.pages.flatMap((page) => page.items) ?? []
  const waiting = items.filter(({ status }) => status === 'pending').length
  return (
    <section aria-labelledby="inbox" className={lines.section}>
      <h2 id="inbox">{text.title}</h2>
      {said === null ? null : <Notice tone="calm" title={said} />}
      {inbox.isError ? (
        <Notice tone="trouble" title={text.failedTitle}>
          {text.failed}
        </Notice>
      ) : null}
      {inbox.isSuccess && items.length === 0 ? <p className={lines.soft}>{text.none}</p> : null}
      {waiting > 0 ? <p className={lines.soft}>{text.waiting(waiting)}</p> : null}
      {items.length > 0 ? (
        <ul className={lines.list}>
          {items.map((item) => (
            <Line
              key={`${item.request.id}/${item.dataset}`}
              item={item}
              wallet={wallet}
              network={network}
              onSaid={setSaid}
            />
          ))}
        </ul>
      ) : null}
      {inbox.hasNextPage ? (
        <Button busy={inbox.isFetchingNextPage} onClick={() => inbox.fetchNextPage()}>
          {text.more}
        </Button>
      ) : null}
    </section>
  )
}

const TONES = { pending: 'open', granted: 'good', refused: 'bad' } as const

function Line({
  item,
  wallet,
  network,
  onSaid,
}: {
  item: InboxItem
  wallet: Wallet
  network: NetworkResource
  onSaid: (said: string) => void
}) {
  const { request, status } = item
  const dataset = useDataset(item.dataset)
  const trainer = useTrainer(request.trainer)
  const title = dataset.data?.metadata?.title || datasets.untitled
  const name = trainer.data?.profile?.name ?? text.unnamed
  return (
    <li className={lines.line} data-testid={`asks-${item.dataset}`}>
      <div>
        <h3>{text.asks(name, title)}</h3>
        <p className={lines.meta}>
          <span className={lines.standing} data-tone={TONES[status]}>
            {text.status[status]}
          </span>
          {`\u00a0· ${text.for} ${request.purposes.map((purpose) => purposeTitles[purpose]).join(', ')}`}
          {`\u00a0· ${text.until(day(request.expires))}`}
        </p>
      </div>
      {status === 'refused' ? null : (
        <Review item={item} title={title} trainer={name} wallet={wallet} network={network} onSaid={onSaid} />
      )}
    </li>
  )
}
