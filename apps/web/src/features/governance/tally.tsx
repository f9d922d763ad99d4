import type { ProposalResource } from '@granary/protocol'
import { amount } from '../../lib/format.js'
import { tally as text } from './members.messages.js'
import styles from './tally.module.css'

const GRAIN = { symbol: 'GRAIN', decimals: 18 }
const PARTS = ['for', 'against', 'abstain'] as const
/** Units of the picture's width: bars are SVG, since the page's policy takes no inline style. */
const WIDTH = 1000

/** The votes so far as bars, against each other and against the quorum, and in numbers. */
export function Tally({ proposal }: { proposal: ProposalResource }) {
  const { votes, quorum, quorumReached } = proposal
  const all = PARTS.reduce((sum, part) => sum + BigInt(votes[part]), 0n)
  const taking = BigInt(votes.for) + BigInt(votes.abstain)
  const needed = quorum === null ? null : BigInt(quorum)
  const isOver = proposal.state !== 'pending' && proposal.state !== 'active'
  let from = 0
  return (
    <div className={styles.tally}>
      <svg className={styles.bar} viewBox={`0 0 ${WIDTH} 16`} preserveAspectRatio="none" aria-hidden="true">
        <rect className={styles.ground} width={WIDTH} height="16" />
        {PARTS.map((part) => {
          const width = share(BigInt(votes[part]), all)
          const x = from
          from += width
          return <rect key={part} className={styles[part]} x={x} width={width} height="16" />
        })}
      </svg>
      <ul className={styles.legend}>
        {PARTS.map((part) => (
          <li key={part} data-part={part}>
            {text.counted(part, amount(votes[part], GRAIN))}
            {all > 0n ? ` · ${Math.round(share(BigInt(votes[part]), all) / 10)}\u00a0%` : ''}
          </li>
        ))}
      </ul>
      {needed === null ? (
        <p>{text.later}</p>
      ) : (
        <>
          <svg
            className={styles.bar}
            viewBox={`0 0 ${WIDTH} 16`}
            preserveAspectRatio="none"
            aria-hidden="true"
            data-reached={quorumReached}
          >
            <rect className={styles.ground} width={WIDTH} height="16" />
            <rect
              className={quorumReached ? styles.for : styles.missing}
              width={taking >= needed ? WIDTH : share(taking, needed)}
              height="16"
            />
          </svg>
          <p>
            {text.quorum(amount(String(taking), GRAIN), amount(String(needed), GRAIN), quorumReached, isOver)}
          </p>
        </>
      )}
    </div>
  )
}

const share = (part: bigint, whole: bigint) => (whole === 0n ? 0 : Number((part * BigInt(WIDTH)) / whole))
