import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const recordSchema = z.object({
  dataset: z.string(),
  sealed: z.boolean(),
  /** name in the folder, and SHA-256 of what it held then */
  file: z.string(),
  fileSha256: z.string(),
  sha256: z.string(),
  size: z.int(),
})
export type FetchedRecord = z.infer<typeof recordSchema>

/** What was fetched into a folder, a JSON line each, the newest first when read. Lines that do not parse are passed over. */
export function fetchedRecord(folder: string) {
  const path = join(folder, 'fetched.jsonl')
  return {
    async read(): Promise<FetchedRecord[]> {
      const text = await readFile(path, 'utf8').catch(() => '')
      return text
        .split('\n')
        .flatMap((line) => {
          try {
            return [recordSchema.parse(JSON.parse(line))]
          } catch {
            return []
          }
        })
        .reverse()
    },
    add: (record: FetchedRecord) => appendFile(path, `${JSON.stringify(record)}\n`, { mode: 0o600 }),
  }
}
