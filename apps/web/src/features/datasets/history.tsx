import type { HistoryItem, HistoryPage } from '@granary/protocol'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Button } from '../../components/button.js'
import { Unread } from '../../components/unread.js'
import { get } from '../../lib/api.js'
import { day, moment, short } from '../../lib/format.js'
import { purposeTitles } from '../contribute/messages.js'
import styles from './datasets.module.css'
import { history as text } from './messages.js'

/** Everything that ever happened to a dataset on chain, newest first. */
export function History({ id }: { id: string }) {
  const list = useInfiniteQuery({
    queryKey: ['datasets', 'history', id],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      get<HistoryPage>(
        `/v1/datasets/${id}/history?limit=20${pageParam ? `&cursor=${pageParam}` : ''}`,
        signal,
      ),
    getNextPageParam: (page) => page.next,
    refetchInterval: 30_000,
  })
  const items = list.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <section aria-labelledby="history" className={styles.datasets}>
      <h2 id="history">{text.title}</h2>
      <Unread query={list} title={text.failed} />
      {list.isPending ? <p className={styles.soft}>{text.loading}</p> : null}
      <ol className={styles.history}>
        {items.map((item, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: several things of one transaction may be alike
          <li key={`${item.transaction} ${place}`}>
            <time dateTime={item.time}>{moment(item.time)}</time>
            <span>
              {words(item)} <code title={item.transaction}>{short(item.transaction)}</code>
            </span>
          </li>
        ))}
      </ol>
      {list.hasNextPage ? (
        <Button busy={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
          {text.more}
        </Button>
      ) : null}
    </section>
  )
}

function words(item: HistoryItem): string {
  const named = (purposes: (keyof typeof purposeTitles)[]) =>
    purposes.map((purpose) => purposeTitles[purpose]).join(', ')
  switch (item.type) {
    case 'contributed':
      return text.contributed(named(item.purposes), item.expires && day(item.expires))
    case 'consent-updated':
      return text.changed(named(item.purposes), item.expires && day(item.expires), item.ask)
    case 'withdrawn':
      return text.withdrawn
    case 'approval':
      return item.granted ? text.granted : text.refused
    case 'released':
      return text.released(named(item.purposes), item.settlement)
  }
}
