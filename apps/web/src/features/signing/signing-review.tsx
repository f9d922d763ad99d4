import type { NetworkResource } from '@granary/protocol'
import { lazy, Suspense, useEffect, useSyncExternalStore } from 'react'
import { current, setNetwork, subscribe } from '../../wallet/review.js'

const ReviewDialog = lazy(() => import('./review-dialog.js'))

/** Shows each message in plain words before the wallet is asked for it. There is one in the app. */
export function SigningReview({ network }: { network: NetworkResource | null }) {
  useEffect(() => setNetwork(network), [network])
  const review = useSyncExternalStore(subscribe, current)
  if (!review || !network) return null
  return (
    <Suspense>
      <ReviewDialog key={review.id} review={review} network={network} />
    </Suspense>
  )
}
