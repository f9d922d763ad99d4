import type { NetworkResource } from '@granary/protocol'
import { useMutation } from '@tanstack/react-query'
import { Button } from '../../components/button.js'
import { Notice } from '../../components/notice.js'
import { amount } from '../../lib/format.js'
import { granary } from '../../lib/sdk.js'
import { signing, type Wallet } from '../../wallet/wallet.js'
import { approval as text } from './messages.js'
import { TrainerTrouble } from './trouble.js'

/** What a contract wallet does in place of a permit, which it cannot sign: a transaction of its own, for exactly `total`. */
export function ApprovePayment({
  total,
  wallet,
  network,
  onApproved,
}: {
  /** In the token's smallest unit. */
  total: string
  wallet: Wallet
  network: NetworkResource
  onApproved: () => void
}) {
  const sum = amount(total, network.token)
  const approval = useMutation({
    mutationFn: () => signing(async () => (await granary(wallet)).requests.approvePayment(BigInt(total))),
    onSuccess: onApproved,
  })
  return (
    <>
      <Notice
        tone="attention"
        title={text.title}
        action={
          <Button busy={approval.isPending} onClick={() => approval.mutate()}>
            {approval.isPending ? text.sending : text.approve(sum)}
          </Button>
        }
      >
        {text.why(sum)}
      </Notice>
      <TrainerTrouble error={approval.error} title={text.failed} rejected={text.rejected} />
    </>
  )
}
