// The custodian's own keys, made at the first start. Nothing here is ever logged or sent.
import { join } from 'node:path'
import { type Address, GranaryError } from '@granary/protocol'
import { generateIdentity, identityToRecipient } from '@granary/sealing'
import { Wallet } from 'ethers'
import { z } from 'zod'
import { makePrivateFolder, readIfThere, writeDurably } from './state/files.js'

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

/**
 * Reads `secrets.json` (mode 0600) in `dir`, or makes it.
 *
 * @throws GranaryError CONFIG_INVALID when the file is there but not what it must be; it is never replaced
 */
export async function openSecrets(dir: string): Promise<Secrets> {
  await makePrivateFolder(dir)
  const path = join(dir, 'secrets.json')
  const text = await readIfThere(path)
  if (text === undefined) {
    const made = {
      version: 'granary/custodian-secrets/v1',
      privateKey: Wallet.createRandom().privateKey.toLowerCase(),
      identity: await generateIdentity(),
    }
    await writeDurably(path, `${JSON.stringify(made, null, 2)}\n`)
    return unlock(made)
  }
  return unlock(parse(text))
}

function parse(text: string): z.infer<typeof secretsSchema> {
  try {
    return secretsSchema.parse(JSON.parse(text))
  } catch {
    throw new GranaryError('CONFIG_INVALID', 'secrets.json is damaged; restore it, it is not made anew')
  }
}

async function unlock(secrets: { privateKey: string; identity: string }): Promise<Secrets> {
  const wallet = new Wallet(secrets.privateKey)
  return {
    wallet,
    address: wallet.address as Address,
    identity: secrets.identity,
    recipient: await identityToRecipient(secrets.identity),
  }
}
