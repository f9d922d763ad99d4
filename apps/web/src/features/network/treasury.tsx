import type { NetworkResource, TreasuryMovement } from '@granary/protocol'
import { Link } from 'wouter'
import { Account } from '../../components/account.js'
import { Button } from '../../components/button.js'
import lines from '../../components/lines.module.css'
import { Notice } from '../../components/notice.js'
import { amount, moment } from '../../lib/format.js'
import { treasury as text } from './messages.js'
import styles from './network.module.css'
import { useTreasury, useTreasuryMovements } from './network.queries.js'

/** What the DAO has together, and what came in and went out. */
export function Treasury({ network }: { network: NetworkResource }) {
  const treasury = useTreasury()
  const movements = useTreasuryMovements()
  const money = (value: string) => amount(value, network.token)
  const items = movements.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <section aria-labelledby="treasury" className={lines.section}>
      <h2 id="treasury">{text.title}</h2>
      <p className={lines.soft}>{text.lead(network.dao.treasuryBps / 100)}</p>
      {treasury.isError || movements.isError ? (
        <Notice tone="trouble" title={text.failedTitle}>
          {text.failed}
        </Notice>
      ) : null}
      {treasury.isPending ? <p role="status">{text.loading}</p> : null}
      {treasury.data ? (
        <>
          <dl className={styles.totals}>
            <div>
              <dt>{text.balance}</dt>
              <dd data-testid="treasury-balance">{money(treasury.data.balance)}</dd>
            </div>
            <div>
              <dt>{text.claimable}</dt>
              <dd>{money(treasury.data.claimable)}</dd>
            </div>
            <div>
              <dt>{text.earned}</dt>
              <dd>{money(treasury.data.earned)}</dd>
            </div>
          </dl>
          <p className={lines.soft}>
            {treasury.data.ofTimelock ? text.ofTimelock : text.elsewhere}{' '}
            <Account address={treasury.data.account} />
          </p>
        </>
      ) : null}
      {movements.isSuccess && items.length === 0 ? <p className={lines.soft}>{text.nothing}</p> : null}
      {items.length > 0 ? (
        <ol className={lines.list} aria-label={text.history}>
          {items.map((item, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a proposal may pay the same twice
            <Movement key={`${item.transaction} ${item.kind} ${place}`} item={item} money={money} />
          ))}
        </ol>
      ) : null}
      {movements.hasNextPage ? (
        <Button busy={movements.isFetchingNextPage} onClick={() => movements.fetchNextPage()}>
          {text.more}
        </Button>
      ) : null}
    </section>
  )
}

function Movement({ item, money }: { item: TreasuryMovement; money: (value: string) => string }) {
  const { kind, time, settlement, proposal, to } = item
  const sign = kind === 'paid' ? '−' : kind === 'earned' ? '+' : ''
  return (
    <li className={lines.line}>
      <div>
        <p>
          {kind === 'earned' ? text.earnedBy(settlement ?? 0) : kind === 'claimed' ? text.claimed : null}
          {kind === 'paid' && to && proposal ? (
            <>
              {text.paidTo} <Account address={to} />,{' '}
              <Link href={`/members/proposals/${proposal}`}>{text.byProposal}</Link>
            </>
          ) : null}
        </p>
        <p className={lines.meta}>
          <time dateTime={time}>{moment(time)}</time>
        </p>
      </div>
      <span className={styles.sum} data-kind={kind}>
        {sign}
        {money(item.amount)}
      </span>
    </li>
  )
}
