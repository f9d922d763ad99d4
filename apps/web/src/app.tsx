import type { NetworkResource } from '@granary/protocol'
import { lazy, useEffect } from 'react'
import styles from './app.module.css'
import { Button } from './components/button.js'
import { Notice } from './components/notice.js'
import { Hero, Steps, Trust } from './features/intro/intro.js'
import { Connect } from './features/session/connect.js'
import { isStale, Lag } from './features/session/lag.js'
import { network as text } from './features/session/messages.js'
import { useNetwork, useSession } from './features/session/session.queries.js'
import { SignIn } from './features/session/sign-in.js'
import { SigningReview } from './features/signing/signing-review.js'
import { Footer, Header } from './frame.js'
import { canSeal, localAddress } from './lib/origin.js'
import { Routes, usePage } from './routes.js'
import { useWallet, WalletProvider } from './wallet/wallet.context.js'
import { sameAddress } from './wallet/wallet.js'

const loadSignedIn = () => import('./signed-in.js').then(({ SignedIn }) => ({ default: SignedIn }))
const SignedIn = lazy(loadSignedIn)

export function App() {
  const network = useNetwork()
  return (
    <WalletProvider development={network.data?.development ? network.data.chainId : null}>
      <Frame network={network.data ?? null} unreachable={network.isError} retry={() => network.refetch()} />
      <SigningReview network={network.data ?? null} />
    </WalletProvider>
  )
}

interface State {
  network: NetworkResource | null
  unreachable: boolean
  retry: () => void
}

function Frame({ network, unreachable, retry }: State) {
  const { wallet, returning } = useWallet()
  const session = useSession()
  const page = usePage()
  // Somebody who has connected is about to sign in: what comes then is fetched while the text is read.
  useEffect(() => {
    if (!wallet) return
    void loadSignedIn().catch(() => {}) // shown when it is needed
    void page?.load().catch(() => {})
  }, [wallet, page])
  const isOpen = page === null || page.open
  // Who was here before is not shown the way in while their session and wallet are looked for.
  const isOwn = wallet !== null && sameAddress(session.data?.address, wallet.address)
  const signedIn = network !== null && wallet !== null && canSeal() && isOwn
  const settling =
    !isOpen &&
    ((session.isPending && (returning || wallet !== null)) ||
      (returning && session.data != null) ||
      (isOwn && network === null))
  const stale = network && isStale(network.head) && !unreachable
  return (
    <>
      <Header
        network={network}
        wallet={signedIn ? wallet : null}
        onField={!signedIn && !isOpen && !settling}
      />
      <main className={styles.main} id="content" tabIndex={-1}>
        {stale ? (
          <div className={`${styles.banner} ${styles.stale}`}>
            <Lag head={network.head} />
          </div>
        ) : null}
        {signedIn || (isOpen && network) ? (
          <>
            {unreachable ? (
              <div className={styles.banner}>
                <Unavailable retry={retry} />
              </div>
            ) : null}
            <Routes wallet={signedIn ? wallet : null} network={network} shell={SignedIn} />
          </>
        ) : settling && !unreachable ? (
          <p className={styles.loading} role="status">
            {text.loading}
          </p>
        ) : (
          <>
            <Hero>
              <Next network={network} unreachable={unreachable} retry={retry} />
            </Hero>
            <Steps />
            <Trust />
          </>
        )}
      </main>
      <Footer />
    </>
  )
}

/** What to do next, beside the first words. */
function Next({ network, unreachable, retry }: State) {
  const { wallet } = useWallet()
  if (!canSeal()) return <Insecure />
  if (network === null)
    return unreachable ? <Unavailable retry={retry} /> : <p role="status">{text.loading}</p>
  if (wallet === null) return <Connect network={network} />
  return <SignIn key={wallet.address} wallet={wallet} network={network} />
}

function Insecure() {
  return (
    <Notice tone="attention" title={text.insecureTitle}>
      <p>{text.insecure}</p>
      <p>{text.insecureAction(localAddress())}</p>
    </Notice>
  )
}

function Unavailable({ retry }: { retry: () => void }) {
  return (
    <Notice
      tone="trouble"
      title={text.unavailableTitle}
      action={<Button onClick={retry}>{text.retry}</Button>}
    >
      {text.unavailable}
    </Notice>
  )
}
