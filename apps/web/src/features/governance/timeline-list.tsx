import type { NetworkResource, ProposalResource } from '@granary/protocol'
import { moment } from '../../lib/format.js'
import { timeline as text } from './members.messages.js'
import { timelineOf } from './timeline.js'
import styles from './timeline.module.css'

/** The life of a proposal with its times: what was, where it stands, what is to come. */
export function TimelineList({
  proposal,
  network,
  now,
}: {
  proposal: ProposalResource
  network: NetworkResource
  now: number
}) {
  return (
    <ol className={styles.timeline}>
      {timelineOf(proposal, network.dao, now).map(({ name, at, status }) => (
        <li key={name} data-status={status} aria-current={status === 'now' ? 'step' : undefined}>
          <span>{text[status === 'future' ? 'coming' : 'happened'][name]}</span>
          {at ? <time dateTime={at}>{moment(at)}</time> : null}
        </li>
      ))}
    </ol>
  )
}
