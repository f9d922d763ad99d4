import type { DatasetResource, NetworkResource } from '@granary/protocol'
import { useState } from 'react'
import { Link } from 'wouter'
import { Button } from '../../components/button.js'
import { Ear, KERNELS } from '../../components/ear.js'
import { Notice } from '../../components/notice.js'
import { Unread } from '../../components/unread.js'
import { amount, day } from '../../lib/format.js'
import type { Wallet } from '../../wallet/wallet.js'
import { purposeTitles } from '../contribute/messages.js'
import { usePools } from '../contribute/pools.queries.js'
import { OpenDataset } from '../open/open-dataset.js'
import { ReceiptButton } from '../receipt/receipt-button.js'
import { selection as chosenText, find as findText } from './bulk.messages.js'
import { ChangeConsent } from './change-consent.js'
import styles from './datasets.module.css'
import { Erase } from './erase.js'
import { Find } from './find.js'
import { one as oneText, datasets as text } from './messages.js'
import { EVERYTHING, type Filter, isFiltered, useOwned } from './owned.queries.js'
import { SelectionBar, useSelection } from './selection.js'
import { Storage } from './storage.js'
import { useStorage } from './storage.queries.js'
import { Withdraw } from './withdraw.js'

/** The account's datasets: what each is allowed for, how often it was used, what it earned. */
export function Datasets({ wallet, network }: { wallet: Wallet; network: NetworkResource }) {
  const [filter, setFilter] = useState(EVERYTHING)
  const list = useOwned(wallet.address, filter)
  const pools = usePools()
  const [said, setSaid] = useState<string | null>(null)
  const { selection, select, selectAll, clear } = useSelection()
  const all = list.data?.pages.flatMap((page) => page.items) ?? []
  const total = list.data?.pages[0]?.total ?? 0
  const isChosen = (id: string) => selection.all || selection.chosen.has(id)
  const find = (next: Filter) => {
    setFilter(next)
    clear()
  }
  const poolTitle = (id: number) => pools.data?.find((pool) => pool.id === id)?.title ?? text.pool(id)
  return (
    <section aria-labelledby="datasets" className={styles.datasets}>
      <h2 id="datasets">{text.title}</h2>
      {said === null ? null : <Notice tone="calm" title={said} />}
      <Unread query={list} title={text.failedTitle}>
        {text.failed}
      </Unread>
      {list.isPending ? <p className={styles.soft}>{text.loading}</p> : null}
      {total > 0 || isFiltered(filter) ? (
        <>
          <Find
            filter={filter}
            pools={(pools.data ?? []).map(({ id }) => ({ id, title: poolTitle(id) }))}
            onChange={find}
          />
          <div className={styles.found}>
            {all.length > 0 ? (
              <label className={styles.choose}>
                <input
                  type="checkbox"
                  checked={all.every(({ id }) => isChosen(id))}
                  onChange={({ target }) => (target.checked ? select(all, true, all) : clear())}
                />
                {chosenText.shown}
              </label>
            ) : null}
            <p className={styles.soft} role="status">
              {findText.found(total)}
            </p>
          </div>
          <SelectionBar
            selection={selection}
            shown={all.length}
            total={total}
            filter={filter}
            wallet={wallet}
            onSelectAll={selectAll}
            onClear={clear}
            onSaid={setSaid}
          />
        </>
      ) : null}
      {list.isSuccess && all.length === 0 && isFiltered(filter) ? (
        <p className={styles.empty}>
          <span>{findText.nothing}</span>
          <Button look="quiet" onClick={() => find({ ...EVERYTHING, order: filter.order })}>
            {findText.clear}
          </Button>
        </p>
      ) : null}
      {list.isSuccess && all.length === 0 && !isFiltered(filter) ? (
        <p className={styles.empty}>
          <Ear ripe={0} size={56} />
          <span>
            {text.empty} <Link href="/">{text.first}</Link>
          </span>
        </p>
      ) : null}
      {all.length > 0 ? (
        <ul className={styles.list}>
          {all.map((dataset) => (
            <Line
              key={dataset.id}
              dataset={dataset}
              pool={pools.data?.find((each) => each.id === dataset.pool)?.title ?? null}
              network={network}
              wallet={wallet}
              onSaid={setSaid}
              chosen={isChosen(dataset.id)}
              onChoose={(on) => select([dataset], on, all)}
            />
          ))}
        </ul>
      ) : null}
      {list.hasNextPage ? (
        <Button busy={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
          {text.more}
        </Button>
      ) : null}
    </section>
  )
}

/** One dataset with all that can be done with it. With `onChoose` it can be selected, and its title leads to its page. */
export function Line({
  dataset,
  pool,
  network,
  wallet,
  onSaid,
  chosen = false,
  onChoose,
}: {
  dataset: DatasetResource
  /** its title; null while it is not known */
  pool: string | null
  network: NetworkResource
  wallet: Wallet
  onSaid: (said: string) => void
  chosen?: boolean
  onChoose?: (on: boolean) => void
}) {
  const title = dataset.metadata?.title || text.untitled
  const storage = useStorage(dataset.id)
  const erasure = storage.data?.erasure?.state
  const erased = erasure === 'erasing' || erasure === 'erased'
  return (
    <li className={styles.line} data-status={dataset.status} data-testid={dataset.id}>
      <div className={styles.mark}>
        {onChoose ? (
          <input
            type="checkbox"
            checked={chosen}
            aria-label={chosenText.one(title)}
            onChange={({ target }) => onChoose(target.checked)}
          />
        ) : null}
        <Ear ripe={Math.min(dataset.uses, KERNELS)} size={56} />
      </div>
      <div className={styles.about}>
        {onChoose ? (
          <h3>
            <Link href={`/data/${dataset.id}`}>{title}</Link>
          </h3>
        ) : (
          <h2>{oneText.stands}</h2>
        )}
        <p className={styles.meta}>
          <span className={styles.status}>{text.status[dataset.status]}</span>
          {[
            end(dataset),
            pool === null ? text.pool(dataset.pool) : text.inPool(pool),
            dataset.ask ? text.ask : null,
          ]
            .filter(Boolean)
            .map((part) => `\u00a0· ${part}`)
            .join('')}
        </p>
        <p className={styles.purposes}>
          {dataset.status === 'active' ? text.allowed : text.wasAllowed}{' '}
          {dataset.purposes.map((purpose) => purposeTitles[purpose]).join(', ')}
        </p>
        <Storage query={storage} />
        <div className={styles.actions}>
          {erased ? null : <OpenDataset dataset={dataset} title={title} wallet={wallet} onOpened={onSaid} />}
          <ReceiptButton dataset={dataset.id} title={title} wallet={wallet} />
          {dataset.status === 'withdrawn' && storage.data && !erased ? (
            <Erase dataset={dataset} title={title} wallet={wallet} onErased={onSaid} />
          ) : null}
          {dataset.status === 'withdrawn' ? null : (
            <>
              <ChangeConsent dataset={dataset} title={title} wallet={wallet} onChanged={onSaid} />
              <Withdraw dataset={dataset} title={title} wallet={wallet} onWithdrawn={onSaid} />
            </>
          )}
        </div>
      </div>
      <p className={styles.earned}>
        <strong>{amount(dataset.earned, network.token)}</strong>
        <span>{dataset.uses > 0 ? text.earned(dataset.uses) : text.neverUsed}</span>
      </p>
    </li>
  )
}

/** When consent ends or ended; null for a withdrawn dataset. */
function end(dataset: DatasetResource): string | null {
  if (dataset.status === 'withdrawn') return null
  if (dataset.expires === null) return text.noEnd
  return (dataset.status === 'expired' ? text.ended : text.until)(day(dataset.expires))
}
