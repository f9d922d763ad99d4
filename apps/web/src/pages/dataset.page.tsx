import { Link, useLocation } from 'wouter'
import { Notice } from '../components/notice.js'
import { Page } from '../components/page.js'
import { AskFor, DatasetCard } from '../features/catalogue/dataset.js'
import { catalogue, dataset as text } from '../features/catalogue/messages.js'
import { useDataset } from '../features/requests/requests.queries.js'
import type { OpenPageProps } from '../pages.js'

export function DatasetPage({ network }: OpenPageProps) {
  const [path] = useLocation()
  const dataset = useDataset(path.split('/')[2] ?? '')
  const back = (
    <p>
      <Link href="/catalogue">← {text.back}</Link>
    </p>
  )
  if (dataset.data)
    return (
      <Page
        title={dataset.data.metadata?.title || catalogue.untitled}
        lead={back}
        side={<AskFor dataset={dataset.data} network={network} />}
        sideLabel={text.price}
        sideFirst
      >
        <DatasetCard dataset={dataset.data} network={network} />
      </Page>
    )
  if (dataset.isPending) return <p role="status">{catalogue.loading}</p>
  const { code } = dataset.error as { code?: string }
  const missing = code === 'DATASET_UNKNOWN' || code === 'VALIDATION_FAILED'
  return (
    <Page title={missing ? text.missingTitle : catalogue.failedTitle} lead={back}>
      <Notice tone="calm" title={missing ? text.missing : dataset.error.message} />
    </Page>
  )
}
