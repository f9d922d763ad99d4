import type { NetworkResource } from '@granary/protocol'
import { Notice } from './components/notice.js'
import { Contribute } from './features/contribute/contribute.js'
import { Datasets } from './features/datasets/datasets.js'
import { Membership } from './features/governance/membership.js'
import { Proposals } from './features/governance/proposals.js'
import { Inbox } from './features/inbox/inbox.js'
import { Recovery, RecoveryWarning } from './features/recovery/recovery.js'
import { Earnings } from './features/rewards/earnings.js'
import { Rewards } from './features/rewards/rewards.js'
import { network as text } from './features/session/messages.js'
import { WrongChain } from './features/session/sign-in.js'
import styles from './home.module.css'
import type { Wallet } from './wallet/wallet.js'

/** The page of somebody who is signed in. */
export function Home({ wallet, network }: { wallet: Wallet; network: NetworkResource }) {
  return (
    <div className={styles.home}>
      <h1 className={styles.title}>Your granary</h1>
      <div className={styles.notices}>
        {wallet.chainId !== network.chainId ? <WrongChain wallet={wallet} network={network} /> : null}
        {network.committee === null ? (
          <Notice tone="attention" title={text.noCommitteeTitle}>
            {text.noCommittee}
          </Notice>
        ) : null}
        <RecoveryWarning wallet={wallet} />
      </div>
      <div className={styles.columns}>
        <div className={styles.work}>
          <Inbox wallet={wallet} network={network} />
          <Contribute wallet={wallet} network={network} />
          <Datasets wallet={wallet} network={network} />
          <Earnings wallet={wallet} network={network} />
          <Proposals wallet={wallet} />
        </div>
        <aside className={styles.side} aria-label="Rewards, votes and recovery">
          <Rewards wallet={wallet} network={network} />
          <Membership wallet={wallet} />
          <Recovery wallet={wallet} />
        </aside>
      </div>
    </div>
  )
}
