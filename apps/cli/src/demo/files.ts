import { createCipheriv, createHash } from 'node:crypto'
import { createReadStream, createWriteStream, readFileSync } from 'node:fs'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

export interface DemoFile {
  path: string
  title: string
  sha256: string
}

const LARGE = 64 * 1024 * 1024 + 7

/**
 * Five files of different kinds: a CSV and a JSON-lines export of a compiler's messages in several languages, an
 * image, a recording of 64 MiB and an empty note. The first three are other people's, out of installed packages; the
 * recording is made, from a fixed key, so that every run has the same plaintext.
 */
export async function makeFiles(
  folder: string,
): Promise<Record<'csv' | 'jsonl' | 'image' | 'large' | 'empty', DemoFile>> {
  await mkdir(folder, { recursive: true })
  const at = (name: string) => join(folder, name)
  const german = messages('de')
  const [japanese, french] = [messages('ja'), messages('fr')]

  const csv = Object.entries(german).map(([key, text]) => [key, text].map(csvField).join(','))
  await writeFile(at('compiler-messages-de.csv'), `key,text\r\n${csv.join('\r\n')}\r\n`)
  const lines = Object.keys(german).map((key) =>
    JSON.stringify({ key, de: german[key], ja: japanese[key], fr: french[key] }),
  )
  await writeFile(at('compiler-messages.jsonl'), `${lines.join('\n')}\n`)
  await copyFile(packageFile('playwright-core', 'lib/server/chromium/appIcon.png'), at('icon.png'))
  await pipeline(Readable.from(recording()), createWriteStream(at('recording.bin')))
  await writeFile(at('empty note.txt'), '')

  return {
    csv: await describe(folder, 'compiler-messages-de.csv'),
    jsonl: await describe(folder, 'compiler-messages.jsonl'),
    image: await describe(folder, 'icon.png'),
    large: await describe(folder, 'recording.bin'),
    empty: await describe(folder, 'empty note.txt'),
  }
}

export async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

async function describe(folder: string, title: string): Promise<DemoFile> {
  const path = join(folder, title)
  return { path, title, sha256: await sha256(path) }
}

/** Bytes that do not compress and are the same every time. */
function* recording(): Generator<Buffer> {
  const cipher = createCipheriv('aes-256-ctr', Buffer.alloc(32, 'granary demo'), Buffer.alloc(16))
  const zeros = Buffer.alloc(1 << 20)
  for (let left = LARGE; left > 0; left -= zeros.length)
    yield cipher.update(zeros.subarray(0, Math.min(left, zeros.length)))
}

function messages(language: string): Record<string, string> {
  return JSON.parse(
    readFileSync(packageFile('typescript', `lib/${language}/diagnosticMessages.generated.json`), 'utf8'),
  )
}

function packageFile(name: string, path: string): string {
  const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`)
  return join(dirname(manifest), path)
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
