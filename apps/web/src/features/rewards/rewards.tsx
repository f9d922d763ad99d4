import type { NetworkResource, RelayedResource } from '@granary/protocol'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button } from '../../components/button.js'
import { unread } from '../../components/messages.js'
import { Notice } from '../../components/notice.js'
import { Trouble } from '../../components/trouble.js'
import { post } from '../../lib/api.js'
import { amount, moment } from '../../lib/format.js'
import { granary } from '../../lib/sdk.js'
import type { Wallet } from '../../wallet/wallet.js'
import { rewards as text } from './messages.js'
import styles from './rewards.module.css'
import { useRewards } from './rewards.queries.js'

/** What the account's datasets earned, and the claim, which goes by relay. */
export function Rewards({ wallet, network }: { wallet: Wallet; network: NetworkResource }) {
  const client = useQueryClient()
  const rewards = useRewards(wallet.address)
  const claim = useMutation({
    mutationFn: async (claimable: string) => {
      // Anybody may ask for a claim: it pays this account and nobody else, and the contract checks the proof.
      const { relay } = await post<RelayedResource>(`/v1/rewards/${wallet.address}/claims`, {})
      await (await granary(wallet)).relay.wait(relay)
      return claimable
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['rewards'] }),
  })
  const sum = (value: string | undefined) => (value === undefined ? '…' : amount(value, network.token))
  const claimable = rewards.data?.claimable
  const pending = rewards.data?.pending ?? []
  const [first, last] = [pending[0], pending.at(-1)]
  const something = claimable !== undefined && BigInt(claimable) > 0n
  return (
    <section aria-labelledby="rewards" className={styles.rewards}>
      <h2 id="rewards">{text.title}</h2>
      {rewards.isError ? <p role="status">{rewards.data ? unread.old : text.unavailable}</p> : null}
      {rewards.isError && !rewards.data ? null : (
        <dl>
          <div className={styles.main}>
            <dt>{text.claimable}</dt>
            <dd data-testid="claimable">{sum(claimable)}</dd>
          </div>
          <div>
            <dt>{text.earned}</dt>
            <dd data-testid="earned">{sum(rewards.data?.earned)}</dd>
          </div>
          <div>
            <dt>{text.claimed}</dt>
            <dd data-testid="claimed">{sum(rewards.data?.claimed)}</dd>
          </div>
          {first && last ? (
            <div className={styles.pending}>
              <dt>{text.pending}</dt>
              <dd data-testid="pending">
                {sum(String(pending.reduce((total, part) => total + BigInt(part.amount), 0n)))}
                <span>
                  {text.pendingFrom(moment(first.from), first === last ? undefined : moment(last.from))}
                </span>
              </dd>
            </div>
          ) : null}
        </dl>
      )}
      {something ? (
        <>
          <Button look="main" busy={claim.isPending} onClick={() => claim.mutate(claimable)}>
            {claim.isPending ? text.claiming : text.claim}
          </Button>
          <p className={styles.soft}>{text.free}</p>
        </>
      ) : rewards.isSuccess && !claim.isSuccess && !first ? (
        <p className={styles.soft}>{text.nothing}</p>
      ) : null}
      {claim.isSuccess ? <Notice tone="good" title={text.done(sum(claim.data))} /> : null}
      <Trouble error={claim.error} title={text.failedTitle} rejected={text.failedTitle} />
    </section>
  )
}
