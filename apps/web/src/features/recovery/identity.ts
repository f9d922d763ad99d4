// The contributor's own key to the files sealed in this browser: a random age identity, one for each account, kept in
// IndexedDB. Never derived from a signature. Nobody else has it; recovery file and passkey file are the only other copies.

import { objectStore } from '../../lib/store.js'

export interface KeptIdentity {
  /** The account, lower case. */
  account: string
  identity: string
  recipient: string
  /** RFC 3339. */
  created: string
  /** When its recovery file was last saved; null = never. */
  saved: string | null
  /** Identities of other browsers, from their recovery files: they open, new files are not sealed to them. */
  others?: string[]
}

const { run: inStore } = objectStore('granary', 'identities', 'account')

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

/** Everything in this browser that can open files of the account. */
export async function openingIdentities(address: string): Promise<string[]> {
  const kept = await keptIdentity(address)
  return kept ? [kept.identity, ...(kept.others ?? [])] : []
}

/**
 * Adds the identities of a recovery file to the account's in this browser, and tells how many were new. Where there was
 * none, the first becomes the one that is sealed to from now on. `saved`: when such a file was last saved, as far as one
 * knows; now, unless the text came by another way than a file.
 * @throws SealingError IDENTITY_INVALID when the text is no identity file
 */
export async function addRecoveryFile(
  address: string,
  text: string,
  { saved = new Date().toISOString() as string | null } = {},
): Promise<number> {
  const { identityToRecipient, parseIdentityFile } = await import('@granary/sealing')
  const account = address.toLowerCase()
  const given = [...new Set(parseIdentityFile(text))]
  return navigator.locks.request(`granary-identity/${account}`, async () => {
    const known = await openingIdentities(account)
    const added = given.filter((identity) => !known.includes(identity))
    if (added.length === 0) return 0
    const kept = await keptIdentity(account)
    if (kept) {
      const others = [...(kept.others ?? []), ...added]
      await inStore('readwrite', (store) => store.put({ ...kept, others }))
      return added.length
    }
    const now = new Date().toISOString()
    const [identity, ...others] = added as [string, ...string[]]
    const made = {
      account,
      identity,
      recipient: await identityToRecipient(identity),
      created: now,
      saved,
    }
    await inStore('readwrite', (store) => store.add({ ...made, others } satisfies KeptIdentity))
    await navigator.storage.persist?.().catch(() => false)
    return added.length
  })
}

/** The recovery file's text: an age identity file, which any age program reads, with those of other browsers, too. */
export async function recoveryText(kept: KeptIdentity): Promise<string> {
  const { recoveryFile } = await import('@granary/sealing')
  const own = recoveryFile(
    kept.identity,
    `Granary recovery file of ${kept.account}, made ${kept.created}`,
    'Whoever has this file can open the datasets sealed with it. Keep it to yourself.',
    'Any age program opens them: age --decrypt --identity THIS-FILE sealed.age',
  )
  return [own, ...(kept.others ?? []).map((identity) => `${identity}\n`)].join('')
}
