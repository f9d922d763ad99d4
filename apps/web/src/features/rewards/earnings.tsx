import type { NetworkResource, RewardsResource } from '@granary/protocol'
import { useState } from 'react'
import { Button } from '../../components/button.js'
import { Notice } from '../../components/notice.js'
import { amount, day, moment, short } from '../../lib/format.js'
import type { Wallet } from '../../wallet/wallet.js'
import { purposeTitles } from '../contribute/messages.js'
import { datasets } from '../datasets/messages.js'
import { useDataset, useRequest, useTrainer } from '../requests/requests.queries.js'
import styles from './earnings.module.css'
import { earnings as text } from './messages.js'
import { useRewards } from './rewards.queries.js'

const STEP = 10

/** Where each amount came from: which dataset, who used it, for what, under which request, in which settlement. */
export function Earnings({ wallet, network }: { wallet: Wallet; network: NetworkResource }) {
  const rewards = useRewards(wallet.address)
  const [shown, setShown] = useState(STEP)
  const entries = rewards.data?.entries ?? []
  const ready = new Map(rewards.data?.pending.map(({ settlement, from }) => [settlement, from]))
  return (
    <section aria-labelledby="earnings" className={styles.earnings}>
      <h2 id="earnings">{text.title}</h2>
      {rewards.isError ? (
        <Notice tone="trouble" title={text.failedTitle}>
          {text.failed}
        </Notice>
      ) : null}
      {rewards.isSuccess && entries.length === 0 ? <p className={styles.soft}>{text.empty}</p> : null}
      {entries.length > 0 ? (
        <table className={styles.table}>
          <thead>
            <tr>
              {Object.values(text.columns).map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {entries.slice(0, shown).map((entry) => (
              <Line
                key={`${entry.request}/${entry.dataset}`}
                entry={entry}
                readyFrom={ready.get(entry.settlement)}
                network={network}
              />
            ))}
          </tbody>
        </table>
      ) : null}
      {entries.length > shown ? <Button onClick={() => setShown(shown + STEP)}>{text.more}</Button> : null}
      {entries.length >= 200 && shown >= entries.length ? <p className={styles.soft}>{text.newest}</p> : null}
    </section>
  )
}

function Line({
  entry,
  readyFrom,
  network,
}: {
  entry: RewardsResource['entries'][number]
  /** While its settlement is not in effect. */
  readyFrom: string | undefined
  network: NetworkResource
}) {
  const dataset = useDataset(entry.dataset)
  const request = useRequest(entry.request)
  const trainer = useTrainer(request.data?.trainer)
  const { columns } = text
  return (
    <tr data-testid={`earned-${entry.dataset}`}>
      <th scope="row">{dataset.data ? dataset.data.metadata?.title || datasets.untitled : '…'}</th>
      <td data-label={columns.trainer}>
        {trainer.data?.profile?.name ?? text.unnamed}{' '}
        {request.data ? (
          <code className={styles.fine} title={request.data.trainer}>
            {short(request.data.trainer)}
          </code>
        ) : null}
      </td>
      <td data-label={columns.purpose}>
        {request.data ? request.data.purposes.map((purpose) => purposeTitles[purpose]).join(', ') : '…'}
      </td>
      <td data-label={columns.proof}>
        {text.settlement(entry.settlement)}{' '}
        <span className={styles.fine}>
          {text.request} <code title={entry.request}>{short(entry.request)}</code>
          {request.data ? text.opened(day(request.data.opened.time)) : null}
        </span>
      </td>
      <td data-label={columns.amount} className={styles.amount}>
        {amount(entry.amount, network.token)}
        {readyFrom ? <span className={styles.fine}>{text.readyFrom(moment(readyFrom))}</span> : null}
      </td>
    </tr>
  )
}
