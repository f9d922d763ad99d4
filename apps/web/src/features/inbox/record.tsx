import type { NetworkResource } from '@granary/protocol'
import lines from '../../components/lines.module.css'
import { amount, day } from '../../lib/format.js'
import { record as text } from './group.messages.js'
import { useRecord } from './inbox.queries.js'

/** What a trainer has done so far, as the server tells it. */
export function Record({ trainer, network }: { trainer: string; network: NetworkResource }) {
  const { data } = useRecord(trainer)
  if (!data) return null
  return (
    <p className={lines.meta}>
      {data.approvedSince ? text.since(day(data.approvedSince)) : text.notApproved}{' '}
      {data.requests > 0
        ? text.before(data.requests, data.asked, data.uses, amount(data.paid, network.token))
        : null}
    </p>
  )
}
