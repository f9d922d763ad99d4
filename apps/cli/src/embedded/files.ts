import { renameSync, writeFileSync } from 'node:fs'

/** Replaces a file whole: a reader, or a start after a crash, sees the old content or the new one, never half. */
export function replaceFile(file: string, content: string | Uint8Array): void {
  const draft = `${file}.${process.pid}.new`
  writeFileSync(draft, content, { mode: 0o600, flush: true })
  renameSync(draft, file)
}

export function replaceJson(file: string, value: unknown): void {
  replaceFile(file, `${JSON.stringify(value, null, 2)}\n`)
}
