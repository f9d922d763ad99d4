import { Button } from '../../components/button.js'
import { Notice } from '../../components/notice.js'
import { Trouble } from '../../components/trouble.js'
import { amount } from '../../lib/format.js'
import type { Wallet } from '../../wallet/wallet.js'
import { Delegation, Delegators } from './delegate.js'
import { useJoin, useMember } from './governance.queries.js'
import styles from './membership.module.css'
import { membership as text } from './messages.js'

const GRAIN = { symbol: 'GRAIN', decimals: 18 }

/** The account's votes, and the one button that takes those it has earned. */
export function Membership({ wallet }: { wallet: Wallet }) {
  const member = useMember(wallet.address)
  const join = useJoin(wallet)
  const { votes, grain, mintable = '0', delegate } = member.data ?? {}
  const isMember = grain !== undefined && grain !== '0'
  const something = mintable !== '0'
  const sum = (value: string | undefined) => (value === undefined ? '…' : amount(value, GRAIN))
  return (
    <section aria-labelledby="dao" className={styles.membership}>
      <h2 id="dao">{text.title}</h2>
      {member.isError ? <p>{text.unavailable}</p> : null}
      <dl>
        <div>
          <dt>{text.votes}</dt>
          <dd data-testid="votes">{sum(votes)}</dd>
        </div>
        {something ? (
          <div>
            <dt>{text.mintable}</dt>
            <dd data-testid="mintable">{sum(mintable)}</dd>
          </div>
        ) : null}
      </dl>
      {isMember ? <Delegation wallet={wallet} delegate={delegate ?? null} /> : null}
      <Delegators address={wallet.address} />
      {something ? (
        <>
          <p className={styles.soft}>{text.means}</p>
          <p className={styles.soft}>{text.signs(sum(mintable))}</p>
          <Button look="main" busy={join.isPending} onClick={() => join.mutate()}>
            {join.isPending ? text.joining : isMember ? text.more : text.join}
          </Button>
        </>
      ) : member.isSuccess && !join.isSuccess ? (
        <p className={styles.soft}>{isMember ? text.member : text.none}</p>
      ) : null}
      {join.isSuccess ? <Notice tone="good" title={text.done(sum(String(join.data.minted)))} /> : null}
      <Trouble error={join.error} title={text.failed} rejected={text.rejected} />
    </section>
  )
}
