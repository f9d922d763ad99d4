import type { NetworkResource } from '@granary/protocol'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '../../components/button.js'
import { Dialog, DialogActions } from '../../components/dialog.js'
import { Notice } from '../../components/notice.js'
import { amount } from '../../lib/format.js'
import type { Review } from '../../wallet/review.js'
import { Refusal } from '../session/connect.js'
import { session } from '../session/messages.js'
import { Facts } from './facts.js'
import { cannot, labels, transaction, signing as words } from './messages.js'
import styles from './review-dialog.module.css'

const ETHER = { symbol: 'ETH', decimals: 18 }

/** What is about to be signed or sent, worked out from itself; nothing reaches the wallet before a yes here. */
export default function ReviewDialog({ review, network }: { review: Review; network: NetworkResource }) {
  const { description, wallet, following } = review
  const cost = 'cost' in description ? description.cost : null
  const text = cost === null ? words : { ...words, ...transaction }
  const [like, setLike] = useState(false)
  const wrongChain = review.chainId !== network.chainId
  const change = useMutation({
    mutationFn: () =>
      wallet.changeChain({
        chainId: network.chainId,
        name: session.chainName(network.chainId, network.development),
        rpcUrl: network.rpcUrl,
      }),
  })
  const here = wallet.kind === 'development'
  return (
    <Dialog
      kind="question"
      open
      busy={false}
      onOpenChange={(open) => {
        if (!open) review.stop()
      }}
      title={labels[description.name].intent}
      description={<p>{here ? text.leadHere : text.lead(wallet.name)}</p>}
    >
      <div className={styles.review} data-testid="signing-review" data-message={description.name}>
        <Facts
          facts={description.facts}
          message={description.name}
          account={wallet.address}
          network={network}
        />
        {cost === null ? null : (
          <p data-testid="signing-cost">
            {cost.fee === null ? transaction.costUnknown : transaction.cost(amount(String(cost.fee), ETHER))}
          </p>
        )}
        <div className={styles.cannot}>
          <h3>{text.cannot}</h3>
          <ul>
            {description.cannot.map((code) => (
              <li key={code}>{cannot[code]}</li>
            ))}
          </ul>
        </div>
        <details className={styles.details}>
          <summary>{text.details}</summary>
          <Facts
            facts={description.facts}
            message={description.name}
            account={wallet.address}
            network={network}
            details={description}
          />
        </details>
        {wrongChain ? (
          <Notice
            tone="attention"
            title={session.chainTitle}
            action={
              <Button busy={change.isPending} onClick={() => change.mutate()}>
                {session.chainAction}
              </Button>
            }
          >
            <p>{session.chainText(session.chainName(network.chainId, network.development))}</p>
            <Refusal error={change.error} />
          </Notice>
        ) : null}
        {following === 0 ? null : (
          <label className={styles.like}>
            <input type="checkbox" checked={like} onChange={(event) => setLike(event.target.checked)} />
            <span>
              {text.like(following)}
              <span className={styles.note}>{text.likeNote}</span>
            </span>
          </label>
        )}
      </div>
      <DialogActions>
        <Button onClick={() => review.stop()}>{text.stop}</Button>
        <Button look="main" busy={wrongChain} onClick={() => review.go(like)}>
          {here ? text.goHere : text.go}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
