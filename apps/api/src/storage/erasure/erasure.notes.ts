import {
  type Address,
  canonicalAddressSchema,
  canonicalBytes32Schema,
  datasetId,
  type Hex,
  timeSchema,
} from '@granary/protocol'
import { Inject, Injectable, Logger } from '@nestjs/common'
import { z } from 'zod'
import { BLOB_STORE, CONFIG } from '../../app.tokens.js'
import type { Config } from '../../config.js'
import type { Erasure } from '../../database/generated/client.js'
import type { BlobStore } from '../blob-store.port.js'
import { ErasureRepository } from './erasure.repository.js'

const AT_ONCE = 500
const VERSION = 'granary/erasure/v1'

const noteSchema = z.object({
  version: z.literal(VERSION),
  dataset: canonicalBytes32Schema,
  content: canonicalBytes32Schema,
  cid: z.string(),
  account: canonicalAddressSchema,
  kept: z.boolean(),
  requested: timeSchema,
  blocks: z.array(z.string()),
})
export type ErasureNote = z.infer<typeof noteSchema>

/**
 * Erasures beside the blocks, one note a dataset: what was erased stays erased when the database is lost or comes from
 * an earlier backup. The chain says that the dataset was withdrawn, the note that its owner had the file erased.
 */
@Injectable()
export class ErasureNotes {
  private readonly log = new Logger('Eraser')
  private readonly folder: string
  private recalled: Promise<number> | null = null

  constructor(
    @Inject(CONFIG) { deployment }: Config,
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    private readonly repository: ErasureRepository,
  ) {
    this.folder = `erasures-${deployment.chainId}-${deployment.datasetRegistry.toLowerCase()}`
  }

  /** @param blocks the names of the file's blocks, as far as they are known */
  async keep(
    { dataset, content, cid, account, state, requestedAt }: Erasure,
    blocks: string[],
  ): Promise<void> {
    const about = { dataset, content, cid, account, kept: state === 'kept' }
    const note = { version: VERSION, ...about, requested: requestedAt.toISOString(), blocks }
    await this.blobs.notes.write(`${this.folder}/${dataset}`, JSON.stringify(note))
  }

  /**
   * Brings database and notes together, once in this process: erasures that the database lost are asked for again, those
   * without a note get one. How many came back. @throws what the store throws; then the next call tries again
   */
  recall(): Promise<number> {
    this.recalled ??= this.compare().catch((error) => {
      this.recalled = null
      throw error
    })
    return this.recalled
  }

  private async compare(): Promise<number> {
    const noted = new Set(await this.blobs.notes.list(this.folder))
    for (let after = ''; ; ) {
      const some = await this.repository.list(after, AT_ONCE)
      for (const row of some)
        if (!noted.delete(row.dataset)) await this.keep(row, await this.repository.blocks(row.content))
      const last = some.at(-1)
      if (!last) break
      after = last.dataset
    }
    let came = 0
    for (const dataset of noted) {
      const note = await this.read(dataset)
      if (!note) this.log.warn(`the note of an erasure cannot be read: ${dataset}`)
      else if (await this.repository.recall(note)) came += 1
    }
    if (came > 0) this.log.log(`${came} erasures came back from their notes`)
    return came
  }

  private async read(dataset: string): Promise<ErasureNote | null> {
    const text = await this.blobs.notes.read(`${this.folder}/${dataset}`)
    try {
      const note = noteSchema.parse(JSON.parse(text ?? ''))
      const { account, content } = note
      return datasetId(account as Address, content as Hex) === dataset ? note : null
    } catch {
      return null
    }
  }
}
