import type { NetworkResource, ProposalResource } from '@granary/protocol'
import { useState } from 'react'
import { Link } from 'wouter'
import { Button } from '../../components/button.js'
import lines from '../../components/lines.module.css'
import { Notice } from '../../components/notice.js'
import { moment } from '../../lib/format.js'
import type { Wallet } from '../../wallet/wallet.js'
import { callText } from './calls.js'
import { useProposals } from './governance.queries.js'
import { page } from './members.messages.js'
import { proposals as text } from './messages.js'
import { Proposal } from './proposal.js'
import styles from './proposals.module.css'

/** Everything that is proposed to the DAO. */
export function Proposals({ wallet, network }: { wallet: Wallet; network: NetworkResource }) {
  const found = useProposals()
  const [said, setSaid] = useState<string | null>(null)
  const items = found.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <section aria-labelledby="proposals" className={lines.section}>
      <div className={styles.head}>
        <h2 id="proposals">{text.title}</h2>
        <Link href="/members/proposals/new">{page.propose}</Link>
      </div>
      {said === null ? null : <Notice tone="good" title={said} />}
      {found.isError ? (
        <Notice tone="trouble" title={text.failedTitle}>
          {text.failed}
        </Notice>
      ) : null}
      {found.isSuccess ? <p className={lines.soft}>{items.length === 0 ? text.none : text.lead}</p> : null}
      {items.length > 0 ? (
        <ul className={lines.list}>
          {items.map((item) => (
            <Line key={item.id} item={item} wallet={wallet} network={network} onSaid={setSaid} />
          ))}
        </ul>
      ) : null}
      {found.hasNextPage ? (
        <Button busy={found.isFetchingNextPage} onClick={() => found.fetchNextPage()}>
          {text.more}
        </Button>
      ) : null}
    </section>
  )
}

const TONES: Partial<Record<ProposalResource['state'], string>> = {
  active: 'open',
  succeeded: 'good',
  queued: 'good',
  executed: 'good',
  defeated: 'bad',
}

function Line({
  item,
  wallet,
  network,
  onSaid,
}: {
  item: ProposalResource
  wallet: Wallet
  network: NetworkResource
  onSaid: (said: string) => void
}) {
  const [first, ...rest] = item.calls
  const does = [first && callText(first, network.token), rest.length > 0 ? text.and(rest.length) : null]
    .filter(Boolean)
    .join(', ')
  return (
    <li className={`${lines.line} ${styles.line}`} data-testid={`proposal-${item.id}`}>
      <div>
        <h3>
          <Link href={`/members/proposals/${item.id}`}>{does}</Link>
        </h3>
        <p className={lines.meta}>
          <span className={lines.standing} data-tone={TONES[item.state]}>
            {text.state[item.state]}
          </span>
          {item.state === 'active' ? `\u00a0· ${text.until(moment(item.voteEnd))}` : null}
        </p>
      </div>
      <Proposal item={item} does={does} wallet={wallet} network={network} onSaid={onSaid} />
    </li>
  )
}
