import type { AnswerItem, NetworkResource } from '@granary/protocol'
import { Button } from '../../components/button.js'
import lines from '../../components/lines.module.css'
import { Unread } from '../../components/unread.js'
import { amount, moment } from '../../lib/format.js'
import type { Wallet } from '../../wallet/wallet.js'
import { datasets } from '../datasets/messages.js'
import { useDataset, useTrainer } from '../requests/requests.queries.js'
import { group, answers as text } from './group.messages.js'
import { useAnswers } from './inbox.queries.js'
import { inbox } from './messages.js'

/** Every answer that the owner gave, also to requests that are over. */
export function Answers({ wallet, network }: { wallet: Wallet; network: NetworkResource }) {
  const found = useAnswers(wallet.address)
  const items = found.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <section aria-labelledby="answers" className={lines.section}>
      <h2 id="answers">{text.title}</h2>
      <Unread query={found} title={text.failedTitle}>
        {text.failed}
      </Unread>
      {found.isPending ? <p role="status">{group.loading}</p> : null}
      {found.isSuccess && items.length === 0 ? <p className={lines.soft}>{text.none}</p> : null}
      {items.length > 0 ? (
        <ul className={lines.list}>
          {items.map((item) => (
            <Line key={`${item.request.id}/${item.dataset}`} item={item} network={network} />
          ))}
        </ul>
      ) : null}
      {found.hasNextPage ? (
        <Button busy={found.isFetchingNextPage} onClick={() => found.fetchNextPage()}>
          {inbox.more}
        </Button>
      ) : null}
    </section>
  )
}

function Line({ item, network }: { item: AnswerItem; network: NetworkResource }) {
  const dataset = useDataset(item.dataset)
  const trainer = useTrainer(item.request.trainer)
  const title = dataset.data?.metadata?.title || datasets.untitled
  const name = trainer.data?.profile?.name ?? inbox.unnamed
  return (
    <li className={lines.line} data-testid={`answered-${item.dataset}`}>
      <div>
        <p>{text[item.status](name, title)}</p>
        <p className={lines.meta}>
          <time dateTime={item.given.time}>{moment(item.given.time)}</time>
        </p>
      </div>
      {item.earned === null ? (
        item.status === 'granted' ? (
          <span className={lines.meta}>{text.notUsed}</span>
        ) : null
      ) : (
        <strong>{text.earned(amount(item.earned, network.token))}</strong>
      )}
    </li>
  )
}
