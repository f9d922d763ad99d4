// Contributions that were cut off: what is left of them in this browser.
import type { Address, Hex } from '@granary/protocol'
import { ApiError, get } from '../../lib/api.js'
import { type SpoolRecord, type Standing, standing } from './record.js'
import { alone, hold, holds, ifFree, release } from './spool.hold.js'
import { spoolFile, spoolNames } from './spool.js'
import { allRecords, findRecord, putRecord, removeSpool } from './spool.records.js'

export interface Unfinished {
  record: SpoolRecord
  /** `elsewhere` = another tab works on it. */
  standing: Exclude<Standing, 'forgotten'> | 'elsewhere'
}

/**
 * The unfinished contributions of an account, without those that this page works on. Removes on the way what nobody
 * can use: sealings that were interrupted, of any account, what was forgotten, and files that no record names. One that
 * turns out to be on chain is told as `registered`, and its sealed file is removed.
 */
export async function findUnfinished(account: string): Promise<Unfinished[]> {
  const found = await alone(async () => {
    const all: Unfinished[] = []
    for (const { name } of await allRecords()) {
      const one = await inspect(name)
      if (one) all.push(one)
    }
    await removeStrays()
    return all
  })
  const own = found.filter(({ record }) => record.account === account.toLowerCase() && !holds(record.name))
  return Promise.all(own.map(recognised))
}

async function inspect(name: string): Promise<Unfinished | null> {
  const free = await ifFree(name, async () => {
    const record = await findRecord(name)
    if (!record) return null
    const now = standing(record, await spoolFile(name).size())
    if (now === 'forgotten') {
      await removeSpool(name)
      return null
    }
    if (now !== 'sealed') await spoolFile(name).remove()
    return { record, standing: now }
  })
  if (free !== undefined) return free
  const record = await findRecord(name)
  return record && { record, standing: 'elsewhere' }
}

async function removeStrays(): Promise<void> {
  for (const name of await spoolNames()) {
    await ifFree(name, async () => {
      if (!(await findRecord(name))) await spoolFile(name).remove()
    })
  }
}

/** Looks whether the chain has it: its page may have been closed between the signature and the answer. */
async function recognised(one: Unfinished): Promise<Unfinished> {
  const { record } = one
  if (one.standing !== 'sealed' || !record.sealed) return one
  const { datasetId } = await import('@granary/protocol')
  const id = datasetId(record.account as Address, record.sealed.content as Hex)
  const known = await get(`/v1/datasets/${id}`).then(
    () => true,
    (error) => {
      if (error instanceof ApiError) return false
      throw error
    },
  )
  if (!known || !(await hold(record.name))) return one
  try {
    const registered = { ...record, registered: true }
    await putRecord(registered)
    await spoolFile(record.name).remove()
    return { record: registered, standing: 'registered' }
  } finally {
    release(record.name)
  }
}

/** Removes what is left of a contribution here and, as far as it was uploaded, on the server. False: another tab has it. */
export async function discard({ name }: SpoolRecord): Promise<boolean> {
  if (holds(name) || !(await hold(name))) return false
  try {
    await discardHeld(name)
    return true
  } finally {
    release(name)
  }
}

/** The same of one that this page holds and does not work on. */
export async function discardHeld(name: string): Promise<void> {
  const upload = (await findRecord(name))?.sealed?.upload
  await removeSpool(name)
  // What the server has of it runs out by itself, too.
  if (upload?.startsWith(`${location.origin}/v1/uploads/`)) {
    await fetch(upload, { method: 'DELETE', headers: { 'tus-resumable': '1.0.0' } }).catch(() => {})
  }
}
