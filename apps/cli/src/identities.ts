import { chmod, open, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { GranaryError } from '@granary/protocol'
import { makeFolder } from '@granary/protocol/node'
import { fileFault } from '@granary/sdk/node'
import { generateIdentity, identityToRecipient, parseIdentityFile, recoveryFile } from '@granary/sealing'

export interface ContributorIdentity {
  recipient: string
  /** A standard age identity file: `age -d -i FILE` opens every dataset that was sealed with it. */
  path: string
  /** Made just now: the moment to say that it must be kept safe. */
  created: boolean
}

/** Where an account's own age identity is kept. */
export const identityPath = (home: string, address: string) => join(home, 'identities', `${address}.txt`)

/**
 * The contributor's own age identity in `home`/identities/<address>.txt, mode 0600. Made at the first contribution;
 * never derived from the wallet, so losing the file means needing the custodians to open one's own data.
 */
export async function contributorIdentity(home: string, address: string): Promise<ContributorIdentity> {
  const path = identityPath(home, address)
  await makeFolder(dirname(path))
  const identity = generateIdentity()
  const recipient = await identityToRecipient(identity)
  const created = await writeNew(
    path,
    recoveryFile(identity, `Granary contributor ${address}`, `public key: ${recipient}`),
  )
  return {
    recipient: created ? recipient : await identityToRecipient(await readIdentity(path)),
    path,
    created,
  }
}

/** Writes a secret to a new file with mode 0600; false when the file exists. */
export async function writeNew(path: string, text: string): Promise<boolean> {
  const file = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return undefined
    throw new GranaryError('FILE_UNREADABLE', `${path}: ${fileFault(error)}`)
  })
  if (!file) return false
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await chmod(path, 0o600)
  return true
}

/**
 * The first identity of an age identity file, or of what `granary keygen --json` printed.
 * Throws FILE_UNREADABLE, IDENTITY_INVALID.
 */
export async function readIdentity(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new GranaryError('FILE_UNREADABLE', `${path}: ${fileFault(error)}`)
  })
  const [identity] = parseIdentityFile(fromJson(text) ?? text)
  if (!identity) throw new GranaryError('IDENTITY_INVALID', `${path} holds no age identity`)
  return identity
}

function fromJson(text: string): string | undefined {
  if (!text.trimStart().startsWith('{')) return undefined
  try {
    const { identity } = JSON.parse(text) as { identity?: unknown }
    return typeof identity === 'string' ? identity : undefined
  } catch {
    return undefined
  }
}
