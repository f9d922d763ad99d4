// What waits to be read before a wallet is asked. The wallet's signer puts it here; the dialog in features/signing shows
// it and answers. One at a time, in their order.
import type { MessageDescription, NetworkResource } from '@granary/protocol'
import { sameAddress, type Wallet, WalletError } from './wallet.js'

/** A message that its person has to read first. */
export interface Review {
  readonly id: number
  readonly description: MessageDescription
  readonly wallet: Pick<Wallet, 'name' | 'kind' | 'address' | 'changeChain'>
  /** The chain that the wallet is set to now. */
  readonly chainId: number
  /** How many like it follow; null = not known, 0 = none. */
  readonly following: number | null
  /** `like`: those that follow and differ by the file alone need not be read again. */
  go(like: boolean): void
  stop(): void
}

let network: NetworkResource | null = null
let queue: readonly Review[] = []
let last = 0
let following: number | null = null
/** The contribution that was read for those after it, too. */
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

/** Tells how many contributions wait after the one that is signed next, so that its review can speak for them. */
export function expectFollowing(count: number): void {
  following = count
}

/** At most so many contributions pass on one reading where nobody said how many there are. */
const MOST_UNCOUNTED = 1_000

/**
 * Resolves when the message may go to the wallet.
 * @throws WalletError WALLET_REJECTED when its person says no, WALLET_CHANGED when the wallet changes its account meanwhile,
 *   SIGNING_REFUSED for what is none of Granary's messages for this network
 */
export async function review(
  wallet: Wallet,
  typed: { domain: object; types: Record<string, { name: string; type: string }[]>; value: object },
): Promise<void> {
  const { describeMessage, isLike } = await import('@granary/protocol')
  let description: MessageDescription
  try {
    if (!network) throw new Error('the network is not known yet')
    description = describeMessage(
      typed.domain,
      typed.types,
      typed.value as Record<string, unknown>,
      network.deployment,
    )
  } catch (error) {
    throw new WalletError('SIGNING_REFUSED', (error as Error).message)
  }
  if (agreed && sameAddress(agreed.account, wallet.address) && isLike(agreed.description, description)) {
    agreed = agreed.left > 1 ? { ...agreed, left: agreed.left - 1 } : null
    return
  }
  agreed = null
  const count = description.name === 'Contribution' ? following : 0
  const like = await ask(wallet, description, count)
  if (like) agreed = { description, account: wallet.address, left: count ?? MOST_UNCOUNTED }
}

function ask(wallet: Wallet, description: MessageDescription, count: number | null): Promise<boolean> {
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
