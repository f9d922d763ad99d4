// What waits to be read before a wallet is asked. The wallet's signer puts it here; the dialog in features/signing shows
// it and answers. One at a time, in their order.
import type { MessageDescription, NetworkResource, TransactionDescription } from '@granary/protocol'
import { sameAddress, type Wallet, WalletError } from './wallet.js'

/** A transaction and what it takes: `gas` in units, `fee` in wei at the price of now, null where that is not known. */
export interface ReviewedTransaction extends TransactionDescription {
  cost: { gas: bigint; fee: bigint | null }
}

/** A message or a transaction that its person has to read first. */
export interface Review {
  readonly id: number
  readonly description: MessageDescription | ReviewedTransaction
  readonly wallet: Pick<Wallet, 'name' | 'kind' | 'address' | 'changeChain'>
  /** The chain that the wallet is set to now. */
  readonly chainId: number
  /** How many like it follow. */
  readonly following: number
  /** `like`: those that follow and differ by the file alone need not be read again. */
  go(like: boolean): void
  stop(): void
}

let network: NetworkResource | null = null
let queue: readonly Review[] = []
let last = 0
/** Tells how many messages of which kind follow the one that is signed next. */
const following = new Map<string, () => number>()
/** The message that was read for those after it, too. */
let agreed: { description: MessageDescription; account: string; left: number } | null = null
const listeners = new Set<() => void>()

/** For useSyncExternalStore. */
export function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** What is to be read now; null = nothing. */
export function current(): Review | null {
  return queue[0] ?? null
}

/** The network that messages must be for; null until it is known. */
export function setNetwork(next: NetworkResource | null): void {
  network = next
}

/** What many are signed of one after the other. */
export type Repeated = 'Contribution' | 'ConsentUpdate' | 'Withdrawal'

/** `count`, asked when a review is shown, tells how many of its kind come after it, so that it can speak for them. */
export function expectFollowing(name: Repeated, count: () => number): void {
  following.set(name, count)
}

/** No more of that kind follow: what was agreed to for them ends here. */
export function expectNoMore(name: Repeated): void {
  following.delete(name)
  if (agreed?.description.name === name) agreed = null
}

/** Those that come at once are read one after the other, so that a yes can speak for those behind it. */
let turn: Promise<unknown> = Promise.resolve()

/**
 * Resolves when the message may go to the wallet.
 * @throws WalletError WALLET_REJECTED when its person says no, WALLET_CHANGED when the wallet changes its account meanwhile,
 *   SIGNING_REFUSED for what is none of Granary's messages for this network
 */
export function review(...asked: Parameters<typeof reviewMessage>): Promise<void> {
  return inTurn(() => reviewMessage(...asked))
}

/**
 * Resolves when the transaction may go to the wallet.
 * @throws WalletError as `review`; SIGNING_REFUSED for what is none of Granary's transactions on this network
 */
export function reviewTransaction(
  wallet: Wallet,
  sent: { to: string; data: string; value: bigint },
  costs: () => Promise<ReviewedTransaction['cost']>,
): Promise<void> {
  return inTurn(async () => {
    const { describeTransaction } = await import('@granary/protocol')
    const description = refusing((deployment) => describeTransaction(sent, deployment))
    await ask(wallet, { ...description, cost: await costs() }, 0)
  })
}

function inTurn(work: () => Promise<void>): Promise<void> {
  const mine = turn.then(work)
  turn = mine.catch(() => {})
  return mine
}

/** What `describe` makes of the network's contracts; what it throws refuses the signature. */
function refusing<T>(describe: (deployment: NetworkResource['deployment']) => T): T {
  try {
    if (!network) throw new Error('the network is not known yet')
    return describe(network.deployment)
  } catch (error) {
    throw new WalletError('SIGNING_REFUSED', (error as Error).message)
  }
}

async function reviewMessage(
  wallet: Wallet,
  typed: { domain: object; types: Record<string, { name: string; type: string }[]>; value: object },
): Promise<void> {
  const { describeMessage, isLike } = await import('@granary/protocol')
  const description = refusing((deployment) =>
    describeMessage(typed.domain, typed.types, typed.value as Record<string, unknown>, deployment),
  )
  if (agreed && sameAddress(agreed.account, wallet.address) && isLike(agreed.description, description)) {
    agreed = agreed.left > 1 ? { ...agreed, left: agreed.left - 1 } : null
    return
  }
  agreed = null
  const count = Math.max(0, following.get(description.name)?.() ?? 0)
  const like = await ask(wallet, description, count)
  if (like && count > 0) agreed = { description, account: wallet.address, left: count }
}

function ask(wallet: Wallet, description: Review['description'], count: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    last += 1
    const id = last
    const end = (settle: () => void) => {
      stopWatching()
      queue = queue.filter((one) => one.id !== id)
      changed()
      settle()
    }
    const stopWatching = wallet.watch((now) => {
      if (now === null || !sameAddress(now.address, wallet.address)) {
        const text = 'The wallet changed its account while this was being read. Nothing was signed.'
        end(() => reject(new WalletError('WALLET_CHANGED', text)))
        return
      }
      queue = queue.map((one) => (one.id === id ? { ...one, chainId: now.chainId } : one))
      changed()
    })
    const one: Review = {
      id,
      description,
      wallet,
      chainId: wallet.chainId,
      following: count,
      go: (like) => end(() => resolve(like)),
      stop: () => end(() => reject(new WalletError('WALLET_REJECTED', 'It was not signed, as you wished.'))),
    }
    queue = [...queue, one]
    changed()
  })
}

function changed(): void {
  for (const listener of listeners) listener()
}
