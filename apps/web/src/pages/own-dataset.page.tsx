import { useState } from 'react'
import { Link, useRoute } from 'wouter'
import { Button } from '../components/button.js'
import { Notice } from '../components/notice.js'
import { Page } from '../components/page.js'
import { codeOf } from '../components/trouble.js'
import { usePools } from '../features/contribute/pools.queries.js'
import { Line } from '../features/datasets/datasets.js'
import styles from '../features/datasets/datasets.module.css'
import { History } from '../features/datasets/history.js'
import { one as text, datasets as words } from '../features/datasets/messages.js'
import { useDataset } from '../features/requests/requests.queries.js'
import { EarnedChart } from '../features/rewards/earned-chart.js'
import { Earnings } from '../features/rewards/earnings.js'
import { verified } from '../features/rewards/verified.messages.js'
import type { PageProps } from '../pages.js'
import { sameAddress } from '../wallet/wallet.js'

/** One dataset: its consent, how it is kept, who read it and for what, what it earned, and all that happened to it. */
export function OwnDatasetPage({ wallet, network }: PageProps) {
  const [, route] = useRoute('/data/:id')
  const id = (route as { id?: string } | null)?.id ?? ''
  const found = useDataset(id)
  const pools = usePools()
  const [said, setSaid] = useState<string | null>(null)
  const [checked, setChecked] = useState(false)
  const dataset = found.data
  const title = dataset?.metadata?.title || words.untitled
  const isMine = dataset !== undefined && sameAddress(dataset.owner, wallet.address)
  return (
    <Page
      title={dataset ? title : text.title}
      lead={
        <p>
          <Link href="/data">← {text.back}</Link>
        </p>
      }
    >
      {found.isPending ? <p className={styles.soft}>{text.loading}</p> : null}
      {found.isError ? (
        <Notice
          tone="trouble"
          title={
            ['DATASET_UNKNOWN', 'VALIDATION_FAILED'].includes(codeOf(found.error) ?? '')
              ? text.unknown
              : text.failed
          }
        />
      ) : null}
      {dataset && !isMine ? (
        <Notice tone="attention" title={text.notYours}>
          <Link href={`/catalogue/${id}`}>{text.publicPage}</Link>
        </Notice>
      ) : null}
      {dataset && isMine ? (
        <>
          <section className={styles.datasets} aria-label={title}>
            {said === null ? null : <Notice tone="calm" title={said} />}
            <ul className={styles.list}>
              <Line
                dataset={dataset}
                pool={pools.data?.find((pool) => pool.id === dataset.pool)?.title ?? null}
                network={network}
                wallet={wallet}
                onSaid={setSaid}
              />
            </ul>
          </section>
          <EarnedChart address={wallet.address} network={network} dataset={id} />
          <div className={styles.datasets}>
            <Earnings wallet={wallet} network={network} checked={checked} dataset={id} />
            {checked || dataset.uses === 0 ? null : (
              <Button onClick={() => setChecked(true)}>{verified.start}</Button>
            )}
          </div>
          <History id={id} />
        </>
      ) : null}
    </Page>
  )
}
