import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { JsonRpcProvider, type TransactionRequest, Wallet } from 'ethers'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'

/** What the content security policy of any page of this spec refused: nothing that the app does may ask for it. */
const refused: string[] = []
// Jest's own, where it runs: whoever takes pictures opens pages without it.
const { afterAll } = globalThis as { afterAll?: (judge: () => void) => void }
afterAll?.(() => {
  if (refused.length > 0) throw new Error(`the content security policy refused:\n${refused.join('\n')}`)
})

/**
 * A page, with what it said on its console and what it threw; both must stay empty. What the page shows before each
 * signature is agreed to at once, unless `reviews` says that the spec answers it.
 */
export async function openPage(
  browser: Browser,
  { reviews = 'accepted', ...options }: BrowserContextOptions & { reviews?: 'accepted' | 'shown' } = {},
): Promise<Page & { faults: string[] }> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options })
  await context.exposeFunction('testPolicyRefused', (line: string) => refused.push(line))
  await context.addInitScript(() => {
    const tell = (window as unknown as { testPolicyRefused(line: string): void }).testPolicyRefused
    document.addEventListener('securitypolicyviolation', (event) => {
      // A picture that is opened by itself is no page of the app.
      if (document.contentType !== 'text/html') return
      const { effectiveDirective, blockedURI, sample, sourceFile, lineNumber } = event
      tell(
        `${location.pathname}: ${effectiveDirective} ${blockedURI} ${sample} (${sourceFile}:${lineNumber})`,
      )
    })
  })
  if (reviews === 'accepted') await context.addInitScript(acceptReviews)
  const page = await context.newPage()
  // Of a machine that has much else to do; whatever is waited for lasts.
  page.setDefaultTimeout(60_000)

  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (line) => {
    // The browser itself reports every answer that is not 2xx, such as "no session yet".
    if (line.type() === 'error' && !line.text().startsWith('Failed to load resource'))
      faults.push(line.text())
  })
  return Object.assign(page, { faults })
}

/** Runs in the page: says yes to whatever is about to be signed. */
function acceptReviews(): void {
  const accept = () => {
    const dialog = document.querySelector('[data-testid="signing-review"]')?.closest('[role="alertdialog"]')
    const go = [...(dialog?.querySelectorAll('button') ?? [])].at(-1)
    if (go && go.getAttribute('aria-disabled') !== 'true') go.click()
  }
  new MutationObserver(accept).observe(document, { subtree: true, childList: true, attributes: true })
}

/** A wallet in the page that announces itself by EIP-6963 and really signs, with a key kept out here. */
export interface InjectedWallet {
  wallet: Wallet
  name: string
  /** the chain it is set to; a test may change it before the page loads */
  chainId: number
  /** whether its person says no to what it asks, or to which of them, by method */
  rejects: boolean | ((method: string) => boolean)
  /** the chain's endpoint that it reads from; null = it cannot reach any */
  rpc: string | null
  /** the methods that were called and would have opened its window */
  asked: string[]
  /** the methods that it passed on to the chain */
  read: string[]
  /** changes to another account, as its person would in its window */
  changeAccount(next: Wallet): Promise<void>
  /** the last text or typed data that it was asked to sign */
  shown: string
}

const ASKS = [
  'eth_requestAccounts',
  'personal_sign',
  'eth_signTypedData_v4',
  'eth_sendTransaction',
  'wallet_switchEthereumChain',
]

/** What it passes on to the chain. */
const READS =
  /^eth_(call|blockNumber|getCode|getBlockByNumber|getBalance|estimateGas|gasPrice|maxPriorityFeePerGas|feeHistory|getTransaction\w+)$/

/** Puts a wallet into a page, before it is opened. */
export async function injectWallet(
  page: Page,
  {
    wallet = new Wallet(Wallet.createRandom().privateKey),
    chainId = 31337,
    name = 'Wheatfield',
    rpc = null as string | null,
  } = {},
): Promise<InjectedWallet> {
  const tell = (event: string, value: unknown) =>
    page.evaluate((detail) => window.dispatchEvent(new CustomEvent('test:wallet', { detail })), {
      event,
      value,
    })
  const state: InjectedWallet = {
    wallet,
    name,
    chainId,
    rejects: false,
    rpc,
    asked: [],
    read: [],
    shown: '',
    async changeAccount(next) {
      state.wallet = next
      await tell('accountsChanged', [next.address.toLowerCase()])
    },
  }
  let allowed = false
  async function answer(method: string, params: unknown[]): Promise<unknown> {
    if (ASKS.includes(method)) {
      state.asked.push(method)
      const rejected = typeof state.rejects === 'function' ? state.rejects(method) : state.rejects
      if (rejected) throw Object.assign(new Error('User rejected the request.'), { code: 4001 })
    }
    switch (method) {
      case 'eth_requestAccounts':
        allowed = true
        return [state.wallet.address.toLowerCase()]
      case 'eth_accounts':
        return allowed ? [state.wallet.address.toLowerCase()] : []
      case 'eth_chainId':
        return `0x${state.chainId.toString(16)}`
      case 'personal_sign': {
        const text = Buffer.from(String(params[0]).slice(2), 'hex')
        state.shown = text.toString()
        return state.wallet.signMessage(text)
      }
      case 'eth_signTypedData_v4': {
        state.shown = String(params[1])
        const { domain, types, message } = JSON.parse(state.shown)
        if (Number(domain.chainId) !== state.chainId) throw new Error('the wallet is set to another chain')
        const { EIP712Domain: _, ...own } = types
        return state.wallet.signTypedData(domain, own, message)
      }
      case 'wallet_switchEthereumChain':
        state.chainId = Number((params[0] as { chainId: string }).chainId)
        await tell('chainChanged', `0x${state.chainId.toString(16)}`)
        return null
      case 'eth_sendTransaction': {
        if (state.rpc === null) throw new Error('the chain does not answer')
        const { from: _, gas, ...rest } = params[0] as TransactionRequest & { gas?: string }
        const provider = new JsonRpcProvider(state.rpc, state.chainId, { staticNetwork: true })
        try {
          const sent = { ...rest, ...(gas ? { gasLimit: gas } : {}) }
          return (await state.wallet.connect(provider).sendTransaction(sent)).hash
        } finally {
          provider.destroy()
        }
      }
      default: {
        if (!READS.test(method)) throw Object.assign(new Error(`${method} is not supported`), { code: 4200 })
        state.read.push(method)
        if (state.rpc === null) throw new Error('the chain does not answer')
        const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
        const headers = { 'content-type': 'application/json' }
        const answered = await fetch(state.rpc, { method: 'POST', headers, body })
        const { result, error } = (await answered.json()) as { result: unknown; error?: Error }
        if (error) throw error
        return result
      }
    }
  }
  await page.exposeFunction('testWallet', async (method: string, params: unknown[]) => {
    try {
      return { result: await answer(method, params) }
    } catch (error) {
      const { code, message } = error as Error & { code?: number }
      return { error: { code: code ?? -32603, message } }
    }
  })
  await page.addInitScript((walletName) => {
    type Listener = (value: unknown) => void
    const listeners = new Map<string, Set<Listener>>()
    const provider = {
      async request({ method, params = [] }: { method: string; params?: unknown[] }) {
        const call = (window as unknown as { testWallet: (...all: unknown[]) => Promise<Answer> }).testWallet
        const { result, error } = await call(method, params)
        if (error) throw Object.assign(new Error(error.message), { code: error.code })
        return result
      },
      on: (event: string, listener: Listener) =>
        listeners.set(event, (listeners.get(event) ?? new Set()).add(listener)),
      removeListener: (event: string, listener: Listener) => listeners.get(event)?.delete(listener),
    }
    type Answer = { result?: unknown; error?: { code: number; message: string } }
    window.addEventListener('test:wallet', (message) => {
      const { event, value } = (message as CustomEvent<{ event: string; value: unknown }>).detail
      for (const listener of listeners.get(event) ?? []) listener(value)
    })
    const icon =
      'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8" fill="%23c18a10"/></svg>'
    const info = {
      uuid: crypto.randomUUID?.() ?? 'wheatfield',
      name: walletName,
      icon,
      rdns: 'test.wheatfield',
    }
    const announce = () =>
      window.dispatchEvent(
        new CustomEvent('eip6963:announceProvider', { detail: Object.freeze({ info, provider }) }),
      )
    window.addEventListener('eip6963:requestProvider', announce)
    announce()
  }, name)
  return state
}

/** Opens the page, connects the injected wallet and signs in. */
export async function signIn(page: Page, url: string, injected: InjectedWallet): Promise<void> {
  await page.goto(url)
  await page.getByRole('button', { name: injected.name, exact: true }).click()
  await page.getByRole('button', { name: `Sign in with ${injected.name}` }).click()
  await page.getByRole('heading', { name: 'Your granary' }).waitFor()
}

export interface FormFile {
  name: string
  mimeType: string
  buffer: Buffer
}

/** Fills the form up to its last button. `files` by content or by path, `purposes` by name. */
export async function fillForm(
  page: Page,
  { files, pool, purposes }: { files: FormFile[] | string[]; pool: number; purposes: string[] },
): Promise<void> {
  await page.getByTestId('files').setInputFiles(files)
  await page.locator(`input[name=pool][value="${pool}"]`).check()
  for (const purpose of purposes) await page.locator(`input[name="${purpose}"]`).check()
}

/** The sealed files that wait in the page's private file system, with their sizes in bytes. */
export function spooled(page: Page): Promise<{ name: string; size: number }[]> {
  return page.evaluate(async () => {
    const root = await navigator.storage.getDirectory()
    const folder = await root.getDirectoryHandle('granary-spool').catch(() => null)
    const found: { name: string; size: number }[] = []
    if (folder)
      for await (const handle of (
        folder as unknown as { values(): AsyncIterable<FileSystemFileHandle> }
      ).values()) {
        const { size } = await handle.getFile()
        found.push({ name: handle.name, size })
      }
    return found
  })
}

/**
 * Another tab of the same browser that holds one of the page's locks, as it would while it does the same. Answers how to
 * close it; the page can have the lock when that has resolved.
 */
export async function holdLock(page: Page, name: string): Promise<() => Promise<void>> {
  const other = await page.context().newPage()
  await other.goto(new URL('/favicon.svg', page.url()).href)
  await other.evaluate(
    (wanted) =>
      new Promise<void>((held) => {
        void navigator.locks.request(wanted, () => {
          held()
          return new Promise(() => {})
        })
      }),
    name,
  )
  return async () => {
    await other.close()
    await page.evaluate((freed) => navigator.locks.request(freed, () => {}), name)
  }
}

/** Goes to a page by the navigation. */
export async function goTo(
  page: Page,
  name: 'Contribute' | 'My data' | 'Inbox' | 'Rewards' | 'Members' | 'Catalogue' | 'Training',
): Promise<void> {
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name }).click()
  await page.locator('h1').waitFor()
}

/**
 * Lets the first `bytes` of what a page or its workers download from an address through, and no more. Returns how to end
 * that; what hangs then hangs on until its page is gone.
 */
export async function holdDownload(page: Page, address: string, bytes: number): Promise<() => Promise<void>> {
  const server = createServer(async (asked, answer) => {
    const { range } = asked.headers
    const from = await fetch(decodeURIComponent(asked.url!.slice(2)), range ? { headers: { range } } : {})
    for (const name of ['content-type', 'content-length', 'content-range'])
      if (from.headers.has(name)) answer.setHeader(name, from.headers.get(name)!)
    answer.writeHead(from.status)
    const reader = from.body!.getReader()
    for (let left = bytes; left > 0; ) {
      const { value } = await reader.read()
      if (!value) return
      answer.write(value.subarray(0, left))
      left -= value.length
    }
    await reader.cancel()
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  server.unref()
  const { port } = server.address() as AddressInfo
  await page.route(address, (route) =>
    route.continue({ url: `http://127.0.0.1:${port}/?${encodeURIComponent(route.request().url())}` }),
  )
  return async () => {
    await page.unroute(address)
    server.closeAllConnections()
    await new Promise((closed) => server.close(closed))
  }
}
