// Secret files at rest. With a passphrase the custodian's keys are encrypted under it, and all other secret files to the
// age identity among those keys: the passphrase is stretched once a start, and a file can be written at any time
// without it. All of them are ordinary age files under their plain names, each replaced in one step. Memory and swap
// are not protected, nor are copies that a disk or a backup kept of files from before there was a passphrase.
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { GranaryError } from '@granary/protocol'
import {
  identityToRecipient,
  openMessage,
  openWithPassphrase,
  sealMessage,
  sealWithPassphrase,
} from '@granary/sealing'
import { readBytesIfThere, writeDurably } from './files.js'

export const SHARES_FOLDER = 'epochs'

const AGE = Buffer.from('age-encryption.org/')
const decode = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8')

/** Names of the files in `dir` that hold shares. */
export async function shareFiles(dir: string): Promise<string[]> {
  const names = await readdir(join(dir, SHARES_FOLDER)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return names.filter((name) => /^[0-9]+\.json$/.test(name))
}

/** The file that the passphrase itself opens. */
export class RootVault {
  constructor(
    private readonly passphrase: string | undefined,
    private readonly workFactor: number,
  ) {}

  /**
   * The text of a file; undefined when there is none. One that lies open is encrypted if there is a passphrase.
   *
   * @throws GranaryError PASSPHRASE_MISSING, PASSPHRASE_WRONG
   */
  async read(path: string): Promise<string | undefined> {
    const bytes = await readBytesIfThere(path)
    if (bytes === undefined) return undefined
    const { passphrase } = this
    if (isSealed(bytes)) {
      if (passphrase === undefined) throw missing(path)
      return decode(await openWithPassphrase(bytes, passphrase).catch(wrong))
    }
    if (passphrase !== undefined) await this.write(path, decode(bytes))
    return decode(bytes)
  }

  /** Replaces a file; what is encrypted was opened again before it takes the place of anything. */
  async write(path: string, text: string): Promise<void> {
    const { passphrase, workFactor } = this
    if (passphrase === undefined) return writeDurably(path, text)
    const sealed = await sealWithPassphrase(Buffer.from(text), passphrase, workFactor)
    if (decode(await openWithPassphrase(sealed, passphrase).catch(wrong)) !== text) wrong()
    await writeDurably(path, sealed)
  }
}

/** All other secret files. */
export class Vault {
  /** @param encrypts whether files are encrypted: when the custodian has a passphrase */
  constructor(
    private readonly identity: string,
    private readonly encrypts: boolean,
  ) {}

  /**
   * The text of a file that is there. One that lies open is encrypted if there is a passphrase.
   *
   * @throws GranaryError PASSPHRASE_MISSING; CONFIG_INVALID when it is damaged or was encrypted for somebody else
   */
  async read(path: string): Promise<string> {
    const bytes = (await readBytesIfThere(path)) ?? Buffer.alloc(0)
    if (isSealed(bytes)) {
      if (!this.encrypts) throw missing(path)
      return decode(await openMessage(bytes, this.identity).catch((cause) => damaged(path, cause)))
    }
    if (this.encrypts && bytes.length > 0) await this.write(path, decode(bytes))
    return decode(bytes)
  }

  /** Replaces a file in one step; it is on disk when this returns. */
  async write(path: string, text: string): Promise<void> {
    if (!this.encrypts) return writeDurably(path, text)
    await writeDurably(path, await sealMessage(Buffer.from(text), await identityToRecipient(this.identity)))
  }
}

function isSealed(bytes: Buffer): boolean {
  return bytes.subarray(0, AGE.length).equals(AGE)
}

function missing(path: string): GranaryError {
  return new GranaryError('PASSPHRASE_MISSING', { file: basename(path) })
}

function wrong(): never {
  throw new GranaryError('PASSPHRASE_WRONG')
}

function damaged(path: string, cause: unknown): never {
  throw new GranaryError(
    'CONFIG_INVALID',
    `${basename(path)} is damaged or another custodian's; restore it, it is not made anew`,
    { cause },
  )
}
