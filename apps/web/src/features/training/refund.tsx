import type { Hex, NetworkResource, RequestResource } from '@granary/protocol'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button } from '../../components/button.js'
import lines from '../../components/lines.module.css'
import { Notice } from '../../components/notice.js'
import { amount, moment } from '../../lib/format.js'
import { granary } from '../../lib/sdk.js'
import { signing, type Wallet } from '../../wallet/wallet.js'
import { escrowLeft } from './invoice.js'
import { request as text } from './messages.js'
import { TrainerTrouble } from './trouble.js'

/** What was not used, from when it comes back, and how. Anybody may ask for it; it goes to the trainer. */
export function Refund({
  request,
  wallet,
  network,
}: {
  request: RequestResource
  wallet: Wallet
  network: NetworkResource
}) {
  const client = useQueryClient()
  const left = escrowLeft(request)
  const refund = useMutation({
    mutationFn: () => signing(async () => (await granary(wallet)).requests.refund(request.id as Hex)),
    onSettled: () => client.invalidateQueries({ queryKey: ['request', 'live', request.id] }),
  })
  const sum = (value: bigint | string) => amount(String(value), network.token)
  const due = Date.parse(request.refundableAt) <= Date.now()
  if (request.status === 'open' || (left === 0n && request.status !== 'refunded')) return null
  return (
    <section aria-labelledby="refund" className={lines.section}>
      <h2 id="refund">{text.refundTitle}</h2>
      {request.status === 'refunded' ? (
        <Notice tone="good" title={text.refunded(sum(request.refunded))} />
      ) : (
        <>
          <p className={lines.soft}>
            {due ? text.refundText : text.windowText(moment(request.refundableAt))}
          </p>
          <TrainerTrouble error={refund.error} title={text.refundFailed} rejected={text.rejected} />
          {due ? (
            <Button look="main" busy={refund.isPending} onClick={() => refund.mutate()}>
              {refund.isPending ? text.refunding : text.refund(sum(left))}
            </Button>
          ) : null}
        </>
      )}
    </section>
  )
}
