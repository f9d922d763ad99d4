import type { NetworkResource } from '@granary/protocol'
import { Button } from '../../components/button.js'
import { Unread } from '../../components/unread.js'
import type { Wallet } from '../../wallet/wallet.js'
import styles from './earnings.module.css'
import { earnings as text } from './messages.js'
import { useUses } from './rewards.queries.js'
import { UseLine } from './use-line.js'

/** Where each amount came from: which dataset, who used it, for what, under which request, in which settlement. */
export function Earnings({
  wallet,
  network,
  checked,
  dataset,
}: {
  wallet: Wallet
  network: NetworkResource
  /** Whether this page is to hold each line against the chain. */
  checked: boolean
  /** Only of this one; it is then not named in each line. */
  dataset?: string
}) {
  const uses = useUses(wallet.address, dataset)
  const all = uses.data?.pages.flatMap((page) => page.items) ?? []
  const { dataset: named, ...columns } = text.columns
  return (
    <section aria-labelledby="earnings" className={styles.earnings}>
      <h2 id="earnings">{dataset ? text.readers : text.title}</h2>
      {dataset ? <p className={styles.soft}>{text.readersLead}</p> : null}
      <Unread query={uses} title={text.failedTitle}>
        {text.failed}
      </Unread>
      {uses.isPending ? <p className={styles.soft}>{text.loading}</p> : null}
      {uses.isSuccess && all.length === 0 ? (
        <p className={styles.soft}>{dataset ? text.nobody : text.empty}</p>
      ) : null}
      {all.length > 0 ? (
        <table className={styles.table}>
          <thead>
            <tr>
              {[...(dataset ? [] : [named]), ...Object.values(columns)].map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {all.map((use) => (
              <UseLine
                key={`${use.request}/${use.dataset}`}
                use={use}
                wallet={wallet}
                network={network}
                checked={checked}
                named={dataset === undefined}
              />
            ))}
          </tbody>
        </table>
      ) : null}
      {uses.hasNextPage ? (
        <Button busy={uses.isFetchingNextPage} onClick={() => uses.fetchNextPage()}>
          {text.more}
        </Button>
      ) : null}
    </section>
  )
}
