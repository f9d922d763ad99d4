// The custodian's own keys, made at the first start. Nothing here is ever logged or sent.
import { join } from 'node:path'
import { type Address, GranaryError } from '@granary/protocol'
import { generateIdentity, identityToRecipient } from '@granary/sealing'
import { Wallet } from 'ethers'
import { z } from 'zod'
import { makePrivateFolder, removeDrafts } from './state/files.js'
import { RootVault, shareFiles, Vault } from './state/vault.js'

const secretsSchema = z.object({
  version: z.literal('granary/custodian-secrets/v1'),
  privateKey: z.string().regex(/^0x[0-9a-f]{64}$/),
  identity: z.string().startsWith('AGE-SECRET-KEY-1'),
})

export interface Secrets {
  /** Signs receipts, deliveries, settlements and key-generation packages, and pays gas. */
  wallet: Wallet
  address: Address
  /** The age identity to which peers seal their parts of the key generation. */
  identity: string
  recipient: string
}

export interface OpenedSecrets {
  secrets: Secrets
  /** Keeps further secret files. */
  vault: Vault
}

/**
 * Reads `secrets.json` (mode 0600) in `dir`, or makes it; with a passphrase it is encrypted under that (an age file of
 * the same name), and so is one that lies open from before.
 *
 * @throws GranaryError PASSPHRASE_MISSING, PASSPHRASE_WRONG; SECRETS_INCOMPLETE when it is gone although shares are
 *   there; CONFIG_INVALID when it is not what it must be. It is never replaced by another one
 */
export async function openSecrets(
  dir: string,
  passphrase: string | undefined,
  workFactor: number,
): Promise<OpenedSecrets> {
  await makePrivateFolder(dir)
  await removeDrafts(dir)
  const root = new RootVault(passphrase, workFactor)
  const path = join(dir, 'secrets.json')
  const text = await root.read(path)
  if (text !== undefined) return unlock(parse(text), passphrase)
  if ((await shareFiles(dir)).length > 0) throw new GranaryError('SECRETS_INCOMPLETE')
  const made = {
    version: 'granary/custodian-secrets/v1',
    privateKey: Wallet.createRandom().privateKey.toLowerCase(),
    identity: await generateIdentity(),
  }
  await root.write(path, `${JSON.stringify(made, null, 2)}\n`)
  return unlock(made, passphrase)
}

function parse(text: string): z.infer<typeof secretsSchema> {
  try {
    return secretsSchema.parse(JSON.parse(text))
  } catch {
    throw new GranaryError('CONFIG_INVALID', 'secrets.json is damaged; restore it, it is not made anew')
  }
}

async function unlock(
  { privateKey, identity }: { privateKey: string; identity: string },
  passphrase: string | undefined,
): Promise<OpenedSecrets> {
  const wallet = new Wallet(privateKey)
  const address = wallet.address as Address
  const secrets = { wallet, address, identity, recipient: await identityToRecipient(identity) }
  return { secrets, vault: new Vault(identity, passphrase !== undefined) }
}
