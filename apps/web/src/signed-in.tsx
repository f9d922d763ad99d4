import type { NetworkResource } from '@granary/protocol'
import type { ReactNode } from 'react'
import { Notice } from './components/notice.js'
import { ContributionsProvider } from './features/contribute/contributions.context.js'
import { InboxWatcher } from './features/inbox/watcher.js'
import { RecoveryWarning } from './features/recovery/recovery.js'
import { network as text } from './features/session/messages.js'
import { WrongChain } from './features/session/sign-in.js'
import styles from './signed-in.module.css'
import type { Wallet } from './wallet/wallet.js'

/** What stays while somebody who is signed in goes from page to page: contributions under way, and what they must know. */
export function SignedIn({
  wallet,
  network,
  children,
}: {
  wallet: Wallet
  network: NetworkResource
  children: ReactNode
}) {
  return (
    <ContributionsProvider wallet={wallet}>
      <InboxWatcher owner={wallet.address} />
      <div className={styles.page}>
        <div className={styles.notices}>
          {wallet.chainId !== network.chainId ? <WrongChain wallet={wallet} network={network} /> : null}
          {network.committee === null ? (
            <Notice tone="attention" title={text.noCommitteeTitle}>
              {text.noCommittee}
            </Notice>
          ) : null}
          <RecoveryWarning wallet={wallet} />
        </div>
        {children}
      </div>
    </ContributionsProvider>
  )
}
