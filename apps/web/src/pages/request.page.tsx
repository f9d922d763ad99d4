import { Link, useLocation } from 'wouter'
import { Notice } from '../components/notice.js'
import { Page } from '../components/page.js'
import { usePool } from '../features/catalogue/catalogue.queries.js'
import { catalogue } from '../features/catalogue/messages.js'
import { CommandLine } from '../features/training/command-line.js'
import { Fetch } from '../features/training/fetch.js'
import { InvoiceCard } from '../features/training/invoice-card.js'
import { requests, request as text } from '../features/training/messages.js'
import { Refund } from '../features/training/refund.js'
import { Agreed } from '../features/training/request-card.js'
import { useLiveRequest } from '../features/training/training.queries.js'
import { moment } from '../lib/format.js'
import type { PageProps } from '../pages.js'
import { sameAddress } from '../wallet/wallet.js'

export function RequestPage({ wallet, network }: PageProps) {
  const [path] = useLocation()
  const id = path.split('/')[2] ?? ''
  const request = useLiveRequest(id)
  const pool = usePool(request.data?.pool ?? null)
  const back = (
    <p>
      <Link href="/training">← {text.back}</Link>
    </p>
  )
  if (request.data) {
    const { status, expires, trainer, recipient } = request.data
    const mine = sameAddress(trainer, wallet.address)
    const state = status === 'open' ? text.state.open(moment(expires)) : text.state[status]
    const lead = (
      <>
        {back}
        <p data-testid="request-state">{state}</p>
      </>
    )
    return (
      <Page title={text.of(pool.data?.title ?? catalogue.poolName(request.data.pool))} lead={lead}>
        {mine ? null : <Notice tone="attention" title={text.notYours} />}
        {mine ? <Refund request={request.data} wallet={wallet} network={network} /> : null}
        {mine ? <Fetch request={request.data} wallet={wallet} /> : null}
        <Agreed request={request.data} network={network} />
        <InvoiceCard request={request.data} network={network} />
        {mine && status === 'open' ? (
          <CommandLine request={id} recipient={recipient} wallet={wallet} />
        ) : null}
      </Page>
    )
  }
  if (request.isPending) return <p role="status">{text.loading}</p>
  const { code } = request.error as { code?: string }
  const missing = code === 'REQUEST_UNKNOWN' || code === 'VALIDATION_FAILED'
  return (
    <Page title={missing ? text.missingTitle : requests.failedTitle} lead={back}>
      <Notice tone="calm" title={missing ? text.missing : request.error.message} />
    </Page>
  )
}
