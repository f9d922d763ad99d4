// The contributor's own key to the files sealed in this browser: a random age identity, one for each account, kept in
// IndexedDB. Never derived from a signature. Nobody else has it; the recovery file is the only other copy.

export interface KeptIdentity {
  /** The account, lower case. */
  account: string
  identity: string
  recipient: string
  /** RFC 3339. */
  created: string
  /** When its recovery file was last saved; null = never. */
  saved: string | null
}

const STORE = 'identities'

/** The identity of an account in this browser, or null before its first contribution. */
export function keptIdentity(address: string): Promise<KeptIdentity | null> {
  return inStore('readonly', (store) => store.get(address.toLowerCase())).then((kept) => kept ?? null)
}

/** The recipient to seal to; makes and keeps an identity when there is none. */
export async function contributorRecipient(address: string): Promise<string> {
  const account = address.toLowerCase()
  return navigator.locks.request(`granary-identity/${account}`, async () => {
    const kept = await keptIdentity(account)
    if (kept) return kept.recipient
    const { generateIdentity, identityToRecipient } = await import('@granary/sealing')
    const identity = await generateIdentity()
    const made: KeptIdentity = {
      account,
      identity,
      recipient: await identityToRecipient(identity),
      created: new Date().toISOString(),
      saved: null,
    }
    await inStore('readwrite', (store) => store.add(made))
    // Asks the browser not to clear this when room gets scarce. It may say no; the recovery file is for that.
    await navigator.storage.persist?.().catch(() => false)
    return made.recipient
  })
}

/** Notes that the recovery file was saved. */
export async function markSaved(address: string): Promise<void> {
  const kept = await keptIdentity(address)
  if (kept) await inStore('readwrite', (store) => store.put({ ...kept, saved: new Date().toISOString() }))
}

/** The recovery file's text: an age identity file, which any age program reads. */
export async function recoveryText(kept: KeptIdentity): Promise<string> {
  const { recoveryFile } = await import('@granary/sealing')
  return recoveryFile(
    kept.identity,
    `Granary recovery file of ${kept.account}, made ${kept.created}`,
    'Whoever has this file can open the datasets sealed with it. Keep it to yourself.',
    'Any age program opens them: age --decrypt --identity THIS-FILE sealed.age',
  )
}

async function inStore<T>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const database = await open()
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(STORE, mode, { durability: 'strict' })
      const request = work(transaction.objectStore(STORE))
      transaction.oncomplete = () => resolve(request.result)
      transaction.onerror = () => reject(transaction.error)
      transaction.onabort = () => reject(transaction.error)
    })
  } finally {
    database.close()
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('granary', 1)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'account' })
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
