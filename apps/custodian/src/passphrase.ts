// Where the passphrase comes from. Never from an environment variable, which others may read and children inherit.
import { createReadStream } from 'node:fs'
import { GranaryError } from '@granary/protocol'

const MOST_BYTES = 4096

/**
 * The passphrase that the configuration names, without the newline at its end; undefined when it names none.
 *
 * @throws GranaryError PASSPHRASE_UNREADABLE: it cannot be read, is empty, not UTF-8, or longer than 4 KiB
 */
export async function readPassphrase(config: {
  passphraseFile?: string | undefined
  passphraseFd?: number | undefined
}): Promise<string | undefined> {
  const { passphraseFile: file, passphraseFd: fd } = config
  if (file === undefined && fd === undefined) return undefined
  const from = file ?? `file descriptor ${fd}`
  const bytes = await read(file ?? '', fd).catch((cause) => {
    throw new GranaryError('PASSPHRASE_UNREADABLE', `the passphrase cannot be read from ${from}`, { cause })
  })
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    const passphrase = text.replace(/\r?\n$/, '')
    if (passphrase !== '' && bytes.length <= MOST_BYTES) return passphrase
  } catch {
    // not UTF-8
  }
  throw new GranaryError('PASSPHRASE_UNREADABLE', `what ${from} holds is no passphrase`)
}

async function read(file: string, fd: number | undefined): Promise<Uint8Array> {
  const stream = createReadStream(file, fd === undefined ? {} : { fd })
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    chunks.push(chunk as Buffer)
    size += (chunk as Buffer).length
    if (size > MOST_BYTES) break
  }
  return Buffer.concat(chunks)
}
