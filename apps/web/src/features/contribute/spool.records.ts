// The records of contributions that are not confirmed yet, in IndexedDB.
import type { Spool } from '@granary/sdk'
import { objectStore } from '../../lib/store.js'
import { asRecord, newRecord, type Order, type SpoolRecord } from './record.js'
import { spoolFile } from './spool.js'

const { run } = objectStore('granary-spool', 'records', 'name')

/** All records, the oldest first. What cannot be read is removed; its sealed file then belongs to nobody. */
export async function allRecords(): Promise<SpoolRecord[]> {
  const keys = await run('readonly', (store) => store.getAllKeys())
  const records: SpoolRecord[] = []
  for (const key of keys) {
    const value = await run('readonly', (store) => store.get(key))
    const record = asRecord(value)
    if (record) records.push(record)
    else if (value !== undefined) await run('readwrite', (store) => store.delete(key))
  }
  return records.sort((a, b) => a.changed - b.changed)
}

export async function findRecord(name: string): Promise<SpoolRecord | null> {
  return asRecord(await run('readonly', (store) => store.get(name)))
}

export async function putRecord(record: SpoolRecord): Promise<void> {
  await run('readwrite', (store) => store.put({ ...record, changed: Date.now() }))
}

/** The record goes first: a file without one belongs to nobody and is removed by the next look. */
export async function removeSpool(name: string): Promise<void> {
  await run('readwrite', (store) => store.delete(name))
  await spoolFile(name).remove()
}

/** The spool of one contribution, which outlives its page. Only for who holds it (`spool.hold.ts`). */
export function keptSpool(name: string, account: string, order: Order): Spool {
  const { writable, source, size } = spoolFile(name)
  let sealedTo = ''
  return {
    writable,
    source,
    async recall(to) {
      sealedTo = to
      const sealed = (await findRecord(name))?.sealed
      if (!sealed || sealed.sealedTo !== to || (await size()) !== sealed.size) return undefined
      const { cid, content, rawRoot, upload } = sealed
      return { cid, content, rawRoot, size: sealed.size, upload }
    },
    remember: ({ cid, content, rawRoot, size: length, upload }) =>
      putRecord({
        ...newRecord(name, account, order),
        sealed: { cid, content, rawRoot, size: length, upload, sealedTo },
      }),
    keep: async () => {},
    remove: () => removeSpool(name),
  }
}
