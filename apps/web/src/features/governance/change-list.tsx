import type { NetworkResource, ProposalCall } from '@granary/protocol'
import { usePools } from '../contribute/pools.queries.js'
import { useTrainer } from '../requests/requests.queries.js'
import { type Change, changesOf } from './changes.js'
import { changes as text } from './members.messages.js'
import styles from './proposals.module.css'

/** How what a call changes is now, and how it would be. Shows nothing for what cannot be put side by side. */
export function Changes({
  call,
  network,
}: {
  call: Pick<ProposalCall, 'action' | 'arguments'>
  network: NetworkResource
}) {
  const pools = usePools()
  const isTrainer = call.action?.startsWith('trainer-') ?? false
  const trainer = useTrainer(isTrainer ? call.arguments[0]?.value : undefined)
  const now = { network, pools: pools.data ?? [], trainer: () => trainer.data }
  const changes = changesOf(call, now)
  if (changes.length === 0) return null
  return (
    <ul className={styles.changes}>
      {changes.map((change) => (
        <Line key={change.what} change={change} />
      ))}
    </ul>
  )
}

function Line({ change: { what, before, after } }: { change: Change }) {
  return (
    <li>
      <span className={styles.changed}>{what}</span>
      {before === after ? (
        <span>{text.same(after)}</span>
      ) : (
        <span>
          <span className={styles.unseen}>{text.now} </span>
          <del>{before ?? text.unknown}</del>
          <span aria-hidden="true"> → </span>
          <span className={styles.unseen}> {text.becomes} </span>
          <ins>{after}</ins>
        </span>
      )}
    </li>
  )
}
