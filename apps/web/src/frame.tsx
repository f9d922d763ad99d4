// What stands above and below every page.
import type { NetworkResource } from '@granary/protocol'
import { useEffect, useId, useRef } from 'react'
import { Link, useLocation } from 'wouter'
import { pageNames, app as text } from './app.messages.js'
import styles from './app.module.css'
import { Account } from './components/account.js'
import { Button } from './components/button.js'
import { Ear } from './components/ear.js'
import { Build } from './features/build/build.js'
import { build as buildText } from './features/build/messages.js'
import { UnderWay } from './features/contribute/underway.js'
import { WaitingBadge } from './features/inbox/waiting-badge.js'
import { network as networkText, session as sessionText } from './features/session/messages.js'
import { useSignOut } from './features/session/session.queries.js'
import { chooseLanguage, LANGUAGES, type Language, language } from './lib/language.js'
import { PAGES } from './pages.js'
import { useWallet } from './wallet/wallet.context.js'
import type { Wallet } from './wallet/wallet.js'

/** The mark, the pages, and who is here. `onField`: it continues the first view's field of wheat. */
export function Header({
  network,
  wallet,
  onField,
}: {
  network: NetworkResource | null
  wallet: Wallet | null
  onField: boolean
}) {
  const { forget } = useWallet()
  const signOut = useSignOut()
  const [path] = useLocation()
  return (
    <header className={`${styles.header} ${onField ? styles.onField : ''}`}>
      <a href="#content" className={styles.skip}>
        {text.skip}
      </a>
      <div className={styles.headerInner}>
        <Link href="/" className={styles.mark}>
          <Ear size={34} />
          Granary
        </Link>
        {network ? (
          <p className={styles.network}>
            {network.development ? networkText.embedded : networkText.chain(network.chainId)}
          </p>
        ) : null}
        {wallet ? (
          <p className={styles.who}>
            <span className={styles.walletName}>{wallet.name}</span>
            <Account address={wallet.address} />
            <Button look="quiet" onClick={() => signOut.mutate(undefined, { onSettled: forget })}>
              {sessionText.signOut}
            </Button>
          </p>
        ) : null}
      </div>
      <Navigation wallet={wallet} />
      {wallet ? <UnderWay path={path} /> : null}
    </header>
  )
}

function Navigation({ wallet }: { wallet: Wallet | null }) {
  const [path] = useLocation()
  const list = useRef<HTMLUListElement>(null)
  const pages = PAGES.filter(({ name, open }) => name !== null && (wallet !== null || open))
  const shown = pages.length
  // On a narrow screen the list is wider than its window; more of it comes once somebody is signed in.
  useEffect(() => {
    const at = list.current?.querySelector<HTMLElement>(`a[href="${CSS.escape(path)}"], [aria-current]`)
    if (list.current && at && shown > 0)
      list.current.scrollLeft = at.offsetLeft - list.current.offsetLeft - 32
  }, [path, shown])
  if (pages.length === 0) return null
  return (
    <nav className={styles.navigation} aria-label={text.navigation}>
      <ul ref={list}>
        {pages.map(({ path: to, name }) => (
          <li key={to}>
            <Link href={to} aria-current={isWithin(path, to) ? 'page' : undefined}>
              {pageNames[name!]}
              {wallet && name === 'inbox' ? <WaitingBadge owner={wallet.address} /> : null}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

const isWithin = (path: string, page: string) =>
  path === page || (page !== '/' && path.startsWith(`${page}/`))

export function Footer() {
  const id = useId()
  return (
    <footer className={styles.footer}>
      <div className={styles.footerInner}>
        <div className={styles.about}>
          <p>{text.footer}</p>
          <p>
            <Link href="/trust">{buildText.ends}</Link>
          </p>
          <Build />
        </div>
        <p className={styles.language}>
          <label htmlFor={id}>{text.language}</label>
          <select
            id={id}
            value={language}
            onChange={(event) => chooseLanguage(event.target.value as Language)}
          >
            {Object.entries(LANGUAGES).map(([code, name]) => (
              <option key={code} value={code} lang={code}>
                {name}
              </option>
            ))}
          </select>
        </p>
      </div>
    </footer>
  )
}
