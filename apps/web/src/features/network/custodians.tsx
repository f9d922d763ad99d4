import type { CustodianState, NetworkResource } from '@granary/protocol'
import { Account } from '../../components/account.js'
import lines from '../../components/lines.module.css'
import { Notice } from '../../components/notice.js'
import { ago, moment } from '../../lib/format.js'
import { custodians as text } from './messages.js'
import styles from './network.module.css'
import { useCustodians } from './network.queries.js'

const TONES = { ready: 'good', waiting: 'bad', other: 'bad', unreachable: 'bad' } as const

/** Whether the custodians can release what owners consented to: each of them, and how many of how many needed. */
export function Custodians({ network }: { network: NetworkResource }) {
  const found = useCustodians(network.committee !== null)
  const { ready = 0, threshold = 0, epoch, members = [] } = found.data ?? {}
  return (
    <section aria-labelledby="custodians" className={lines.section}>
      <h2 id="custodians">{text.title}</h2>
      <p className={lines.soft}>{text.lead}</p>
      {network.committee === null ? <p>{text.none}</p> : null}
      {found.isError ? (
        <Notice tone="trouble" title={text.failedTitle}>
          {text.failed}
        </Notice>
      ) : null}
      {found.isLoading ? <p role="status">{text.asking}</p> : null}
      {found.data ? (
        <>
          <div className={styles.health} data-tone={ready >= threshold ? 'good' : 'bad'}>
            <ol className={styles.seats} aria-hidden="true">
              {members.map(({ index, state }) => (
                <li key={index} data-state={state} />
              ))}
            </ol>
            <p>
              <strong>{text.ready(ready, members.length)}</strong>{' '}
              {ready >= threshold ? text.enough(threshold) : text.tooFew(threshold)}
            </p>
          </div>
          <ul className={lines.list}>
            {members.map((member) => (
              <Member key={member.index} member={member} epoch={epoch ?? 0} />
            ))}
          </ul>
          <p className={lines.soft}>{text.seenBy(moment(found.data.checked))}</p>
        </>
      ) : null}
    </section>
  )
}

function Member({ member, epoch }: { member: CustodianState; epoch: number }) {
  const { index, account, endpoint, state, code, version, epochs, lastSeen } = member
  return (
    <li className={lines.line} data-testid={`custodian-${index}`}>
      <div>
        <h3>{text.member(index)}</h3>
        <p className={lines.meta}>
          <Account address={account} /> · {endpoint}
        </p>
        <p className={lines.meta}>
          {[
            version === null ? null : text.version(version.replace(/^granary\/custodian\//, '')),
            version === null ? null : epochs.includes(epoch) ? text.holds(epoch) : text.lacks(epoch),
            state === 'ready' ? null : lastSeen ? text.lastSeen(ago(lastSeen)) : text.neverSeen,
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </div>
      <span className={lines.standing} data-tone={TONES[state]}>
        {text.state[state]}
        {code ? <span className={lines.meta}> {text.codes[code] ?? code}</span> : null}
      </span>
    </li>
  )
}
