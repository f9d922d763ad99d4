// The shares of committee keys that this custodian holds: the secrets that matter most.
import { join } from 'node:path'
import { committeeId, GranaryError, type Hex } from '@granary/protocol'
import { z } from 'zod'
import { makePrivateFolder, removeDrafts } from '../state/files.js'
import { SHARES_FOLDER as FOLDER, shareFiles, type Vault } from '../state/vault.js'
import type { Epoch } from './committee.js'

const hex32 = z.string().regex(/^0x[0-9a-f]{64}$/) as unknown as z.ZodType<Hex>

const heldSchema = z.object({
  transcript: hex32,
  groupKey: hex32,
  verifyingShare: hex32,
  secret: hex32,
})

const fileSchema = z.object({
  version: z.literal('granary/custodian-share/v1'),
  epoch: z.int().min(1),
  index: z.int().min(1),
  /** Until the epoch is active: one of each finished session, since the chain decides which of them counts. */
  shares: z.array(heldSchema).min(1),
})
type ShareFile = z.infer<typeof fileSchema>

/** A share of an active epoch. `secret` is s_i. */
export interface HeldShare {
  readonly epoch: Epoch
  readonly index: number
  readonly secret: Hex
  readonly verifyingShare: Hex
}

/** The folder `epochs`, one file (mode 0600) an epoch, encrypted whenever the custodian has a passphrase. */
export class Shares {
  #folder: string
  #files = new Map<number, ShareFile>()
  #active = new Map<number, HeldShare>()

  private constructor(
    folder: string,
    private readonly vault: Vault,
  ) {
    this.#folder = folder
  }

  /**
   * Reads all shares; those that lie open although there is a passphrase are encrypted now.
   *
   * @throws GranaryError PASSPHRASE_MISSING; CONFIG_INVALID when a file is damaged or another custodian's
   */
  static async open(dir: string, vault: Vault): Promise<Shares> {
    const shares = new Shares(join(dir, FOLDER), vault)
    await makePrivateFolder(shares.#folder)
    await removeDrafts(shares.#folder)
    for (const name of await shareFiles(dir)) {
      const file = parse(name, await vault.read(join(shares.#folder, name)))
      shares.#files.set(file.epoch, file)
    }
    return shares
  }

  /** The epochs of which a share is on disk and that are not known to be active yet. */
  get undecided(): number[] {
    return [...this.#files.keys()].filter((epoch) => !this.#active.has(epoch))
  }

  /** The shares of active epochs, oldest first. */
  get active(): HeldShare[] {
    return [...this.#active.values()].sort((a, b) => a.epoch.number - b.epoch.number)
  }

  /** The newest share of the committee key with this name. @throws GranaryError COMMITTEE_UNKNOWN */
  byKeyName(name: string): HeldShare {
    const share = this.active.findLast(({ epoch }) => committeeId(epoch.groupKey) === name)
    if (share === undefined) throw new GranaryError('COMMITTEE_UNKNOWN', { committee: name })
    return share
  }

  /** The newest share. @throws GranaryError CUSTODIAN_NOT_READY */
  newest(): HeldShare {
    const share = this.active.at(-1)
    if (share === undefined) throw new GranaryError('CUSTODIAN_NOT_READY')
    return share
  }

  /** Keeps the share of a finished session; it is on disk when this returns, so that it may be confirmed. */
  async keep(epoch: number, index: number, share: z.infer<typeof heldSchema>): Promise<void> {
    const earlier = this.#files.get(epoch)?.shares ?? []
    const shares = [...earlier.filter(({ transcript }) => transcript !== share.transcript), share]
    await this.#write({ version: 'granary/custodian-share/v1', epoch, index, shares })
  }

  /**
   * The epoch is active: the share of its transcript is kept, those of other sessions are deleted.
   * @throws GranaryError KEY_GENERATION_FAILED when the share of that transcript is not here
   */
  async activate(epoch: Epoch): Promise<void> {
    const file = this.#files.get(epoch.number)
    const share = file?.shares.find(({ transcript }) => transcript === epoch.transcript)
    if (
      file === undefined ||
      share === undefined ||
      epoch.verifyingShares[file.index - 1] !== share.verifyingShare
    ) {
      throw new GranaryError('KEY_GENERATION_FAILED', { epoch: epoch.number })
    }
    if (file.shares.length > 1) await this.#write({ ...file, shares: [share] })
    const { secret, verifyingShare } = share
    this.#active.set(epoch.number, { epoch, index: file.index, secret, verifyingShare })
  }

  async #write(file: ShareFile): Promise<void> {
    await this.vault.write(join(this.#folder, `${file.epoch}.json`), `${JSON.stringify(file, null, 2)}\n`)
    this.#files.set(file.epoch, file)
  }
}

function parse(name: string, text: string): ShareFile {
  try {
    return fileSchema.parse(JSON.parse(text))
  } catch {
    throw new GranaryError('CONFIG_INVALID', `${FOLDER}/${name} is damaged; restore it, it is not made anew`)
  }
}
