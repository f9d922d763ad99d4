import { Link } from 'wouter'
import { Page } from '../components/page.js'
import { KeyCard } from '../features/training/key-card.js'
import { key, request, order as text } from '../features/training/messages.js'
import { OrderForm } from '../features/training/order-form.js'
import type { PageProps } from '../pages.js'

export function NewRequestPage({ wallet, network }: PageProps) {
  const lead = (
    <>
      <p>
        <Link href="/training">← {request.back}</Link>
      </p>
      <p>{text.lead}</p>
    </>
  )
  return (
    <Page title={text.title} lead={lead} side={<KeyCard wallet={wallet} />} sideLabel={key.title}>
      <OrderForm wallet={wallet} network={network} />
    </Page>
  )
}
