// A trainer's keys: random age identities, kept in this browser and in the files that it saved, never sent. What a
// request is sealed to is written in it for good, so none is ever thrown away here.
import { objectStore } from '../../lib/store.js'

export interface TrainingKey {
  /** `age1…`; the key of its record. */
  recipient: string
  /** Whose it is, lower case. */
  account: string
  identity: string
  /** RFC 3339. */
  created: string
  /** When its file was last saved, or loaded; null = never. */
  saved: string | null
}

const { run } = objectStore('granary-training', 'keys', 'recipient')

/** The account's keys in this browser, the newest first: that is the one new requests are sealed to. */
export async function keysOf(address: string): Promise<TrainingKey[]> {
  const all = (await run('readonly', (store) => store.getAll())) as TrainingKey[]
  const own = all.filter(({ account }) => account === address.toLowerCase())
  return own.sort((a, b) => (a.created < b.created ? 1 : -1))
}

/** Makes the account's first key; answers the one there is when another tab was faster. */
export function makeKey(address: string): Promise<TrainingKey> {
  const account = address.toLowerCase()
  return navigator.locks.request(`granary-training/${account}`, async () => {
    const [known] = await keysOf(account)
    if (known) return known
    const { generateIdentity, identityToRecipient } = await import('@granary/sealing')
    const identity = generateIdentity()
    const recipient = await identityToRecipient(identity)
    const made = { recipient, account, identity, created: new Date().toISOString(), saved: null }
    await run('readwrite', (store) => store.add(made))
    await navigator.storage.persist?.().catch(() => false)
    return made
  })
}

/**
 * Takes over the keys of a file and tells how many were new; the first of them is what new requests are sealed to.
 * @throws SealingError IDENTITY_INVALID when the text is no identity file
 */
export async function addKeyFile(address: string, text: string): Promise<number> {
  const { identityToRecipient, parseIdentityFile } = await import('@granary/sealing')
  const account = address.toLowerCase()
  const given = [...new Set(parseIdentityFile(text))]
  return navigator.locks.request(`granary-training/${account}`, async () => {
    const known = new Set((await keysOf(account)).map(({ identity }) => identity))
    const added = given.filter((identity) => !known.has(identity))
    for (const identity of added.reverse()) {
      const now = new Date().toISOString()
      const recipient = await identityToRecipient(identity)
      await run('readwrite', (store) => store.put({ recipient, account, identity, created: now, saved: now }))
    }
    return added.length
  })
}

export async function markSaved(key: TrainingKey): Promise<void> {
  await run('readwrite', (store) => store.put({ ...key, saved: new Date().toISOString() }))
}

/** The file's text: an age identity file, as `granary keygen` writes them and every age program reads them. */
export async function keyFile(key: TrainingKey): Promise<string> {
  const { recoveryFile } = await import('@granary/sealing')
  return recoveryFile(
    key.identity,
    `Granary training key of ${key.account}, made ${key.created}`,
    'Whoever has this file can open what was requested with it. Keep it to yourself; nobody can replace it.',
  )
}

/** The account's key that a request is sealed to. `recipient` as the chain has it: 32 bytes in hex. */
export async function keyFor(address: string, recipient: string): Promise<TrainingKey | null> {
  const { recipientToBytes } = await import('@granary/sealing')
  const hex = (bytes: Uint8Array) =>
    `0x${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
  const keys = await keysOf(address)
  return keys.find((key) => hex(recipientToBytes(key.recipient)) === recipient.toLowerCase()) ?? null
}
