import {
  type CipherName,
  fileKeyFromIdentity,
  generateIdentity,
  identityToRecipient,
  open,
  seal,
} from '../src/index.js'
import { CHUNK_BYTES } from '../src/payload.js'

const MIB = 1024 * 1024

async function drain(stream: ReadableStream<Uint8Array>): Promise<void> {
  const reader = stream.getReader()
  while (!(await reader.read()).done);
}

/** The browser's cipher alone, on as many 64 KiB chunks at once as a write of 1 MiB brings: the ceiling. */
async function webCryptoAlone(bytes: number): Promise<void> {
  const name = 'ChaCha20-Poly1305'
  const key = await crypto.subtle.importKey('raw-secret' as 'raw', new Uint8Array(32), name, false, [
    'encrypt',
  ])
  const chunk = new Uint8Array(CHUNK_BYTES)
  for (let done = 0; done < bytes; done += MIB)
    await Promise.all(
      Array.from({ length: MIB / CHUNK_BYTES }, () =>
        crypto.subtle.encrypt({ name, iv: new Uint8Array(12) }, key, chunk),
      ),
    )
}

/** Megabytes a second, best of `rounds`, for files of `mebibytes` read as a browser reads a chosen file. */
export async function measureSealing(mebibytes: number, rounds: number): Promise<Record<string, number>> {
  const file = new Blob(Array.from({ length: mebibytes }, () => new Uint8Array(MIB).fill(7)))
  const identity = generateIdentity()
  const recipients = [await identityToRecipient(identity)]
  const sealing = async (cipher: CipherName) =>
    file.stream().pipeThrough((await seal({ recipients, cipher })).stream)
  const sealed = await new Response(await sealing('native')).blob()
  const fileKey = (_: unknown, bytes: Uint8Array) => fileKeyFromIdentity(bytes, [identity])
  const jobs: Record<string, () => Promise<void>> = {
    'Web Crypto alone, 64 KiB chunks': () => webCryptoAlone(file.size),
    'reading the file': () => drain(file.stream()),
    'seal, native': async () => drain(await sealing('native')),
    'open, native': () => drain(open({ source: sealed.stream(), fileKey, cipher: 'native' })),
    'seal, noble': async () => drain(await sealing('noble')),
    'open, noble': () => drain(open({ source: sealed.stream(), fileKey, cipher: 'noble' })),
  }
  const best: Record<string, number> = {}
  for (let round = 0; round < rounds; round++)
    for (const [name, job] of Object.entries(jobs)) {
      const started = performance.now()
      await job()
      const speed = file.size / 1e6 / ((performance.now() - started) / 1000)
      best[name] = Math.max(best[name] ?? 0, speed)
    }
  return best
}
