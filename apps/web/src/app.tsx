import type { NetworkResource } from '@granary/protocol'
import { lazy, Suspense, useEffect } from 'react'
import styles from './app.module.css'
import { Button } from './components/button.js'
import { Ear } from './components/ear.js'
import { Notice } from './components/notice.js'
import { Hero, Steps, Trust } from './features/intro/intro.js'
import { Connect } from './features/session/connect.js'
import { isStale, Lag } from './features/session/lag.js'
import { session as sessionText, network as text } from './features/session/messages.js'
import { useNetwork, useSession, useSignOut } from './features/session/session.queries.js'
import { SignIn } from './features/session/sign-in.js'
import { short } from './lib/format.js'
import { canSeal, localAddress } from './lib/origin.js'
import { useWallet, WalletProvider } from './wallet/wallet.context.js'
import { sameAddress } from './wallet/wallet.js'

const loadHome = () => import('./home.js').then(({ Home }) => ({ default: Home }))
const Home = lazy(loadHome)

export function App() {
  const network = useNetwork()
  return (
    <WalletProvider development={network.data?.development ? network.data.chainId : null}>
      <Page network={network.data ?? null} unreachable={network.isError} retry={() => network.refetch()} />
    </WalletProvider>
  )
}

interface PageState {
  network: NetworkResource | null
  unreachable: boolean
  retry: () => void
}

function Page({ network, unreachable, retry }: PageState) {
  const { wallet } = useWallet()
  const session = useSession()
  // Somebody who has connected is about to sign in: what comes then is fetched while the text is read.
  useEffect(() => {
    if (wallet) void loadHome().catch(() => {}) // shown when it is needed
  }, [wallet])
  const signedIn = network !== null && wallet !== null && sameAddress(session.data?.address, wallet.address)
  return (
    <>
      <Header
        network={network}
        address={signedIn ? (session.data?.address ?? null) : null}
        name={signedIn ? wallet.name : null}
      />
      <main className={styles.main}>
        {network && isStale(network.head) && !unreachable ? (
          <div className={`${styles.banner} ${styles.stale}`}>
            <Lag head={network.head} />
          </div>
        ) : null}
        {signedIn && canSeal() ? (
          <Suspense fallback={<p className={styles.loading}>{text.loading}</p>}>
            {unreachable ? (
              <div className={styles.banner}>
                <Unavailable retry={retry} />
              </div>
            ) : null}
            {/* Another account is another page: nothing of the first one's may stay in its forms. */}
            <Home key={wallet.address} wallet={wallet} network={network} />
          </Suspense>
        ) : (
          <>
            <Hero>
              <Next network={network} unreachable={unreachable} retry={retry} />
            </Hero>
            <Steps />
          </>
        )}
        <Trust />
      </main>
      <footer className={styles.footer}>
        <p>
          Granary is free software under the Apache License 2.0. This page loads nothing from anybody else and
          keeps no statistics.
        </p>
      </footer>
    </>
  )
}

/** What to do next, beside the first words. */
function Next({ network, unreachable, retry }: PageState) {
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

function Header({
  network,
  address,
  name,
}: {
  network: NetworkResource | null
  address: string | null
  name: string | null
}) {
  const { forget } = useWallet()
  const signOut = useSignOut()
  return (
    <header className={`${styles.header} ${address ? '' : styles.onField}`}>
      <div className={styles.headerInner}>
        <a href="/" className={styles.mark}>
          <Ear size={34} />
          Granary
        </a>
        {network ? (
          <p className={styles.network}>
            {network.development ? text.embedded : text.chain(network.chainId)}
          </p>
        ) : null}
        {address ? (
          <p className={styles.who}>
            <span className={styles.walletName}>{name}</span>
            <code title={address}>{short(address)}</code>
            <Button look="quiet" onClick={() => signOut.mutate(undefined, { onSettled: forget })}>
              {sessionText.signOut}
            </Button>
          </p>
        ) : null}
      </div>
    </header>
  )
}
