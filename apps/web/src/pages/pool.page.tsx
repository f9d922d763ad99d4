import { Link, useLocation } from 'wouter'
import { Notice } from '../components/notice.js'
import { Page } from '../components/page.js'
import { Catalogue } from '../features/catalogue/catalogue.js'
import { usePool } from '../features/catalogue/catalogue.queries.js'
import { catalogue, dataset, pool as text } from '../features/catalogue/messages.js'
import { PoolFacts } from '../features/catalogue/pool.js'
import type { OpenPageProps } from '../pages.js'

export function PoolPage({ network }: OpenPageProps) {
  const [path] = useLocation()
  const id = Number(path.split('/')[3])
  const pool = usePool(Number.isInteger(id) && id > 0 && id < 65_536 ? id : 0)
  const back = (
    <p>
      <Link href="/catalogue">← {dataset.back}</Link>
    </p>
  )
  if (pool.data)
    return (
      <Page
        title={pool.data.title ?? catalogue.poolName(id)}
        lead={
          <>
            {back}
            {pool.data.description ? <p>{pool.data.description}</p> : null}
          </>
        }
      >
        <PoolFacts pool={pool.data} network={network} />
        <Catalogue network={network} pool={id} />
      </Page>
    )
  if (pool.isPending) return <p role="status">{catalogue.loading}</p>
  const { code } = pool.error as { code?: string }
  const missing = code === 'POOL_UNKNOWN' || code === 'VALIDATION_FAILED'
  return (
    <Page title={missing ? text.missingTitle : catalogue.failedTitle} lead={back}>
      <Notice tone="calm" title={missing ? text.missing : pool.error.message} />
    </Page>
  )
}
