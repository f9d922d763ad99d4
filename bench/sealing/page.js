import { cipherInUse } from '@granary/sealing'
import { interleave } from '../measure.js'
import { sealingJobs } from './jobs.js'

/** The page that `chromium.mjs` opens: sealing and opening on its one thread, megabytes a second by job and round. */
globalThis.measureSealing = async (mebibytes, rounds) => {
  const cipher = await cipherInUse()
  if (cipher !== 'webcrypto')
    throw new Error(`this browser seals by ${cipher}: nothing native to compare with`)
  const name = 'ChaCha20-Poly1305'
  const key = await crypto.subtle.importKey('raw-secret', new Uint8Array(32), name, false, [
    'encrypt',
    'decrypt',
  ])
  const native = {
    encrypt: async (bytes, iv) => new Uint8Array(await crypto.subtle.encrypt({ name, iv }, key, bytes)),
    decrypt: (bytes, iv) => crypto.subtle.decrypt({ name, iv }, key, bytes),
  }
  return interleave(await sealingJobs(mebibytes, native), rounds)
}
