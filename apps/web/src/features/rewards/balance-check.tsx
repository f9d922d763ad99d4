import type { NetworkResource } from '@granary/protocol'
import { Button } from '../../components/button.js'
import { amount } from '../../lib/format.js'
import type { Wallet } from '../../wallet/wallet.js'
import { useRewards, useVerifiedBalance } from './rewards.queries.js'
import { Facts, Verified } from './verified.js'
import { verified as text } from './verified.messages.js'
import styles from './verified.module.css'

/** Holds the balance against the chain once its person asks; from then on the lines below are checked, too. */
export function BalanceCheck({
  wallet,
  network,
  on,
  start,
}: {
  wallet: Wallet
  network: NetworkResource
  on: boolean
  start: () => void
}) {
  const rewards = useRewards(wallet.address)
  const balance = useVerifiedBalance(wallet, rewards.data, on)
  const money = (smallest: string) => amount(smallest, network.token)
  return (
    <section aria-labelledby="check" className={styles.panel}>
      <h2 id="check">{text.title}</h2>
      <p className={styles.lead}>{text.lead}</p>
      {on ? (
        <div data-testid="balance-check">
          <Verified
            query={balance}
            facts={(data) => (
              <>
                {data.proof === null ? <p>{text.nothing}</p> : null}
                {data.proof && data.proof.behind > 0 ? <p>{text.behind(data.proof.behind)}</p> : null}
                <Facts lines={text.balance(data, money)} endpoint={data.endpoint} />
              </>
            )}
          />
        </div>
      ) : (
        <Button onClick={start}>{text.start}</Button>
      )}
    </section>
  )
}
