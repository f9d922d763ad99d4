// Sealing the recovery key to a passkey, and getting it back. Loaded when somebody asks for it.
import { GranaryError, MAX_PASSKEY_SEALED, type PasskeyFile, passkeyFileSchema } from '@granary/protocol'
import {
  identityToRecipient,
  makePasskey,
  openWithPasskey,
  parseIdentityFile,
  readPasskeyCredential,
  sealWithPasskey,
} from '@granary/sealing'
import { short } from '../../lib/format.js'
import { addRecoveryFile, type KeptIdentity, keptIdentity, recoveryText } from './identity.js'
import { forgetPasskey, type KeptPasskey, keepPasskey } from './passkey.store.js'
import { disownPasskey } from './passkey.support.js'

const VERSION = 'granary/passkey/v1'
/** What is sealed begins with this line: whoever swaps one account's file for another's is found out after opening. */
const firstLine = (account: string) => `# ${VERSION} ${account.toLowerCase()}`
/** Letters that the age header, its text form and the rest of a chunk take beside four for three of what is sealed. */
const AROUND = 700

/** Has the browser make a passkey for the account; answers which it is. @throws SealingError PASSKEY_… */
export const newPasskey = (address: string) => makePasskey(`Granary ${short(address)}`)

/**
 * Seals all of the account's keys in this browser to the passkey and keeps the file here.
 *
 * @throws GranaryError IDENTITY_MISSING, PASSKEY_FILE_TOO_LARGE; SealingError PASSKEY_…
 */
export async function sealKeys(address: string, credential: string): Promise<KeptPasskey> {
  const identity = await keptIdentity(address)
  if (!identity) throw new GranaryError('IDENTITY_MISSING')
  const text = new TextEncoder().encode(`${firstLine(address)}\n${await recoveryText(identity)}`)
  if ((text.length * 65 * 4) / (64 * 3) + AROUND > MAX_PASSKEY_SEALED)
    throw new GranaryError('PASSKEY_FILE_TOO_LARGE')
  const sealed = await sealWithPasskey(text, credential)
  const created = new Date().toISOString()
  const file = passkeyFileSchema.parse({ version: VERSION, account: address, credential, created, sealed })
  return keep(file, [identity.identity, ...(identity.others ?? [])])
}

/** A passkey file's text as such a file. @throws GranaryError PASSKEY_FILE_INVALID, VERSION_UNKNOWN */
export function readPasskeyFile(text: string): PasskeyFile {
  let given: unknown
  try {
    given = JSON.parse(text)
  } catch {
    throw new GranaryError('PASSKEY_FILE_INVALID')
  }
  return checkPasskeyFile(given)
}

/** @throws GranaryError PASSKEY_FILE_INVALID, VERSION_UNKNOWN */
function checkPasskeyFile(given: unknown): PasskeyFile {
  const { version } = (given ?? {}) as { version?: unknown }
  if (typeof version === 'string' && version.startsWith('granary/passkey/') && version !== VERSION)
    throw new GranaryError('VERSION_UNKNOWN')
  const { data, success } = passkeyFileSchema.safeParse(given)
  if (!success) throw new GranaryError('PASSKEY_FILE_INVALID')
  return data
}

/**
 * Has the passkey open the file and adds the keys in it to the account's in this browser; tells how many were new.
 * Asks for no passkey when the file cannot be the account's, or this page's.
 *
 * @throws GranaryError PASSKEY_OTHER_ACCOUNT, PASSKEY_OTHER_SITE, PASSKEY_FILE_INVALID, VERSION_UNKNOWN; SealingError
 *   PASSKEY_…
 */
export async function unlockKeys(address: string, given: PasskeyFile): Promise<number> {
  const file = checkPasskeyFile(given)
  checkFits(address, file)
  const text = new TextDecoder().decode(await openWithPasskey(file.sealed, file.credential))
  const [first = ''] = text.split('\n', 1)
  if (first !== firstLine(address)) {
    if (first.startsWith(`# ${VERSION} `)) throw new GranaryError('PASSKEY_OTHER_ACCOUNT')
    throw new GranaryError(
      first.startsWith('# granary/passkey/') ? 'VERSION_UNKNOWN' : 'PASSKEY_FILE_INVALID',
    )
  }
  const added = await addRecoveryFile(address, text, { saved: null })
  await keep(file, parseIdentityFile(text))
  return added
}

/** @throws GranaryError PASSKEY_OTHER_ACCOUNT, PASSKEY_OTHER_SITE when this account on this page has no use for it */
export function checkFits(address: string, { account, credential }: PasskeyFile): void {
  if (account.toLowerCase() !== address.toLowerCase()) throw new GranaryError('PASSKEY_OTHER_ACCOUNT')
  const { site } = readPasskeyCredential(credential)
  const { hostname } = location
  if (hostname !== site && !hostname.endsWith(`.${site}`))
    throw new GranaryError('PASSKEY_OTHER_SITE', { site })
}

/** Forgets the passkey here and asks the browser to have it deleted where it is kept. */
export async function forgetKeys(credential: string): Promise<void> {
  await forgetPasskey(credential)
  const { site, id } = readPasskeyCredential(credential)
  await disownPasskey(site, id)
}

/** Whether keys came since that are not sealed in it. */
export async function isBehind(kept: KeptPasskey, identity: KeptIdentity): Promise<boolean> {
  const recipients = await recipientsOf([identity.identity, ...(identity.others ?? [])])
  return recipients.some((recipient) => !kept.holds.includes(recipient))
}

async function keep(file: PasskeyFile, identities: string[]): Promise<KeptPasskey> {
  const holds = await recipientsOf(identities)
  const kept = { credential: file.credential, account: file.account.toLowerCase(), file, holds }
  await keepPasskey(kept)
  return kept
}

const recipientsOf = (identities: string[]) => Promise.all(identities.map(identityToRecipient))
