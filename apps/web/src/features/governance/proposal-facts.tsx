import type { NetworkResource, ProposalDetail } from '@granary/protocol'
import { Account } from '../../components/account.js'
import lines from '../../components/lines.module.css'
import { amount } from '../../lib/format.js'
import { callText } from './calls.js'
import { Changes } from './change-list.js'
import { proposals, proposal as text } from './messages.js'
import styles from './proposals.module.css'
import { Tally } from './tally.js'
import { TimelineList } from './timeline-list.js'

const GRAIN = { symbol: 'GRAIN', decimals: 18 }
/** States in which what it changes has not happened: only then is what is in effect now the state before. */
const OPEN = ['pending', 'active', 'succeeded', 'queued']

/** One proposal: what it does in words, its text, the votes and its life. `now`: when it was read. */
export function ProposalFacts({
  proposal,
  network,
  now,
}: {
  proposal: ProposalDetail
  network: NetworkResource
  now: number
}) {
  const { calls, voters, state } = proposal
  return (
    <dl className={lines.facts}>
      <div>
        <dt>{text.does}</dt>
        <dd>
          <ul>
            {calls.map((call, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the calls of a proposal never change
              <li key={place}>
                <strong>{callText(call, network.token)}</strong>
                {OPEN.includes(state) ? <Changes call={call} network={network} /> : null}
                <details className={styles.detail}>
                  <summary>{text.raw}</summary>
                  <code className={styles.raw}>{`${call.target} ${call.value} ${call.data}`}</code>
                </details>
              </li>
            ))}
          </ul>
        </dd>
      </div>
      <div>
        <dt>{text.says}</dt>
        <dd className={styles.text}>{proposal.description}</dd>
      </div>
      <div>
        <dt>{text.by}</dt>
        <dd>
          <code>{proposal.proposer}</code>
        </dd>
      </div>
      <div>
        <dt>{text.votes}</dt>
        <dd>
          <Tally proposal={proposal} />
        </dd>
      </div>
      <div>
        <dt>{text.time}</dt>
        <dd>
          <p>
            <strong>{proposals.state[state]}</strong>
          </p>
          <TimelineList proposal={proposal} network={network} now={now} />
        </dd>
      </div>
      {voters.length > 0 ? (
        <div>
          <dt>{text.voters}</dt>
          <dd>
            <ul>
              {voters.map(({ voter, choice, weight }) => (
                <li key={voter}>
                  <Account address={voter} /> {text.counted(choice, amount(weight, GRAIN))}
                </li>
              ))}
            </ul>
          </dd>
        </div>
      ) : null}
    </dl>
  )
}
