import { type Address, type Deployment, GranaryError } from '@granary/protocol'
import { getAddress, type Signer } from 'ethers'
import { type Auth, createAuth } from './auth.js'
import { type Chain, createChain } from './chain.js'
import { createElsewhere, type Elsewhere } from './elsewhere.js'
import { type CallOptions, createHttp, type Http } from './http.js'
import { createNetwork, type NetworkFacts } from './network.js'

/** What signs messages and the sign-in text. */
export type MessageSigner = Pick<Signer, 'signMessage' | 'signTypedData'>

/**
 * A contract wallet, and what makes its signatures: its owners' joined, say, in whatever form its `isValidSignature`
 * takes (ERC-1271), at most 4 KiB. `signMessage` may answer as ERC-6492 says, at most 16 KiB: a wallet that is not deployed
 * yet can sign in and upload, and contribute once it is.
 */
export interface ContractWallet extends MessageSigner {
  address: Address
}

/** What a client is made of. Only `api` is always needed; whatever signs needs `signer` or `wallet`. */
export interface ClientOptions {
  /** The API's URL, e.g. `http://localhost:4280`. */
  api: string
  /** Signs typed data, the sign-in text and, for the council's commands, transactions. Its key never leaves it. */
  signer?: Signer
  /** Acts in the name of a contract wallet; `signer`, if there is one, then only sends the council's transactions. */
  wallet?: ContractWallet
  /** The contracts to trust. May be left out only for a loopback API on chain 31337. */
  deployment?: Deployment
  /** Facts that another client has checked already, as plain data: a worker of its page needs no second look. */
  facts?: NetworkFacts
  /** The caller's own endpoint of the chain, asked beside the API. */
  rpc?: string
  /** A session that is there already: the bearer token, or `cookie` in a browser that is signed in. */
  session?: string
  fetch?: typeof fetch
  /**
   * How URLs are called that API or chain named. Default: `fetch` for public addresses, and for this machine where the
   * API is on it (elsewhere.ts). A program in Node wants `outgoingFetch`, which looks up what names stand for, too.
   */
  elsewhere?: Elsewhere
  /** Carried by every call as `x-request-id`, 8 to 64 letters, digits, `_` and `-`. Default: a new one an operation. */
  requestId?: string
  /** Lines for a log; never contains keys, tokens or signatures. */
  onLog?: (line: string) => void
}

/** What every module of the client shares. */
export interface Context {
  readonly api: string
  readonly http: Http
  /** For URLs that the user did not choose. */
  readonly elsewhere: Http
  readonly auth: Auth
  readonly log: (line: string) => void
  /** Throws SIGNER_MISSING. */
  signer(): MessageSigner
  /** The wallet's address, else the signer's. Throws SIGNER_MISSING. */
  account(): Promise<Address>
  /** Whether the account was given as a contract wallet. */
  readonly isContractWallet: boolean
  /** `again`: read anew, since something of it is another now. */
  network(options?: { again?: boolean }): Promise<NetworkFacts>
  chain(): Promise<Chain>
  /** A call of the API; `path` begins with `/v1`. */
  call<T>(path: string, options?: CallOptions): Promise<T>
  /** A call of the API that needs a session; signs in first where there is none. */
  callSigned<T>(path: string, options?: CallOptions): Promise<T>
  /** The id that calls carry now. */
  requestId(): string
  /** The same client for one operation, all of whose calls carry one id: by it all servers' logs tell what it did. */
  operation(): Context
}

export function createContext(options: ClientOptions): Context {
  const api = options.api.replace(/\/+$/, '')
  const log = options.onLog ?? (() => {})
  const anyId = () => options.requestId ?? crypto.randomUUID()
  const fetch_ = options.fetch ?? globalThis.fetch.bind(globalThis)
  const elsewhere = options.elsewhere ?? createElsewhere(fetch_, options.rpc ? [api, options.rpc] : [api])
  const httpWith = (requestId: () => string) => ({
    http: createHttp(fetch_, log, requestId),
    elsewhere: createHttp(elsewhere, log, requestId),
  })
  const { http, elsewhere: elsewhereHttp } = httpWith(anyId)
  const { facts } = options
  const network = facts
    ? async () => facts
    : createNetwork({
        api,
        http,
        deployment: options.deployment,
        rpc: options.rpc,
        signer: options.signer,
      })
  let chain: Promise<Chain> | undefined

  const context: Context = {
    api,
    http,
    elsewhere: elsewhereHttp,
    log,
    auth: undefined as unknown as Auth,
    isContractWallet: options.wallet !== undefined,
    signer() {
      const signer = options.wallet ?? options.signer
      if (!signer) throw signerMissing()
      return signer
    },
    async account() {
      const address = options.wallet?.address ?? (await options.signer?.getAddress())
      if (address === undefined) throw signerMissing()
      return getAddress(address) as Address
    },
    network,
    chain() {
      chain ??= network().then((facts) => createChain(facts, options.rpc, options.signer))
      chain.catch(() => {
        chain = undefined
      })
      return chain
    },
    requestId: anyId,
    operation() {
      const id = anyId()
      const own = httpWith(() => id)
      return {
        ...context,
        ...own,
        requestId: () => id,
        ...callsBy(own.http),
        operation: () => context.operation(),
      }
    },
    ...callsBy(http),
  }
  ;(context as { auth: Auth }).auth = createAuth(context, options.session)
  return context

  function callsBy(http: Http): Pick<Context, 'call' | 'callSigned'> {
    return {
      call: (path, call) => http.json(`${api}${path}`, call),
      callSigned: async <T>(path: string, call: CallOptions = {}) => {
        const attempt = async () =>
          http.json<T>(`${api}${path}`, {
            ...call,
            headers: { ...call.headers, ...(await context.auth.headers()) },
          })
        try {
          return await attempt()
        } catch (error) {
          if (!(error instanceof GranaryError) || error.status !== 401 || !context.auth.forget()) throw error
          return attempt()
        }
      },
    }
  }
}

const signerMissing = () => new GranaryError('SIGNER_MISSING', 'this needs a wallet that can sign')

/** `?a=1&b=2` of what is defined; empty when nothing is. */
export function query(values: Record<string, string | number | undefined | null>): string {
  const pairs = Object.entries(values).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  )
  return pairs.length === 0
    ? ''
    : `?${new URLSearchParams(pairs.map(([key, value]) => [key, String(value)]))}`
}

/** Every item of a paged list, page by page. */
export async function* allPages<T>(
  context: Context,
  path: string,
  values: Record<string, string | number | undefined>,
  signed = false,
): AsyncGenerator<T> {
  let cursor: string | null | undefined
  do {
    const url = `${path}${query({ ...values, cursor, limit: values.limit ?? 200 })}`
    const page: { items: T[]; next: string | null } = await (signed
      ? context.callSigned(url)
      : context.call(url))
    yield* page.items
    cursor = page.next
  } while (cursor)
}

/**
 * Asks again until `probe` answers something else than undefined. What the chain has confirmed, the API's tables show
 * a moment later; throws TIMED_OUT when they do not within `timeout` milliseconds.
 */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined>,
  { timeout = 30_000, every = 150, signal }: { timeout?: number; every?: number; signal?: AbortSignal } = {},
): Promise<T> {
  const end = Date.now() + timeout
  for (let pause = every; ; pause = Math.min(pause * 1.5, 2_000)) {
    signal?.throwIfAborted()
    const answer = await probe()
    if (answer !== undefined) return answer
    if (Date.now() > end) throw new GranaryError('TIMED_OUT', `${what} took longer than ${timeout / 1000} s`)
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
}

/** The answer, or undefined where the API says that there is no such thing (yet). */
export async function orMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((error) => {
    if (error instanceof GranaryError && error.status === 404) return undefined
    throw error
  })
}

/** Now, in Unix seconds. */
export const now = () => Math.floor(Date.now() / 1000)

/** How long a signed message may be relayed after it was signed, in seconds. */
export const MESSAGE_LIFETIME = 3600
