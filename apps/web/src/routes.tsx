import type { NetworkResource } from '@granary/protocol'
import { Component, type ComponentType, lazy, type ReactNode, Suspense } from 'react'
import { Link, matchRoute, useLocation, useRouter } from 'wouter'
import { app as text } from './app.messages.js'
import { Button } from './components/button.js'
import { Notice } from './components/notice.js'
import { network as networkText } from './features/session/messages.js'
import { type OpenPageProps, PAGES, type Page, type PageProps } from './pages.js'
import styles from './routes.module.css'
import type { Wallet } from './wallet/wallet.js'

const components = new Map(
  PAGES.map((page) => [
    page,
    lazy(async () => ({ default: (await page.load()) as ComponentType<PageProps | OpenPageProps> })),
  ]),
)

/** The page of the current address; null = there is none. */
export function usePage(): Page | null {
  const [path] = useLocation()
  const { parser } = useRouter()
  return PAGES.find((page) => matchRoute(parser, page.path, path)[0]) ?? null
}

/** The page of the current address, for somebody who may see it. `shell` is what those who are signed in have around it. */
export function Routes({
  wallet,
  network,
  shell: Shell,
}: {
  wallet: Wallet | null
  network: NetworkResource
  shell: ComponentType<{ wallet: Wallet; network: NetworkResource; children: ReactNode }>
}) {
  const page = usePage()
  const [path] = useLocation()
  const Content = page && components.get(page)
  const content = (
    <Broken key={path}>
      <Suspense fallback={<p className={styles.loading}>{networkText.loading}</p>}>
        {Content ? <Content wallet={wallet as Wallet} network={network} /> : <Unknown />}
      </Suspense>
    </Broken>
  )
  if (wallet === null) return <div className={styles.page}>{content}</div>
  return (
    <Suspense fallback={<p className={`${styles.page} ${styles.loading}`}>{networkText.loading}</p>}>
      {/* Another account is another page: nothing of the first one's may stay in its forms. */}
      <Shell key={wallet.address} wallet={wallet} network={network}>
        {content}
      </Shell>
    </Suspense>
  )
}

function Unknown() {
  return (
    <div className={styles.unknown}>
      <h1>{text.unknownTitle}</h1>
      <p>{text.unknown}</p>
      <Link href="/">{text.unknownAction}</Link>
    </div>
  )
}

/** Says so when a page's files cannot be loaded, or when it fails, and leaves the rest of the app as it is. */
class Broken extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override render() {
    if (!this.state.failed) return this.props.children
    return (
      <Notice
        tone="trouble"
        title={text.brokenTitle}
        action={<Button onClick={() => location.reload()}>{text.brokenAction}</Button>}
      >
        {text.broken}
      </Notice>
    )
  }
}
