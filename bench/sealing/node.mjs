import { createCipheriv, createDecipheriv, createHash, createSecretKey } from 'node:crypto'
import { sealSource } from '@granary/sdk'
import { generateIdentity, identityToRecipient } from '@granary/sealing'
import { interleave } from '../measure.js'
import { sealingJobs } from './jobs.js'

const ALGORITHM = 'chacha20-poly1305'
const OPTIONS = { authTagLength: 16 }
const key = createSecretKey(new Uint8Array(32))

/** Node's cipher. The tag is apart, as Node gives it: joining it to the chunk would be a copy of our making. */
const native = {
  encrypt(chunk, nonce) {
    const cipher = createCipheriv(ALGORITHM, key, nonce, OPTIONS)
    const sealed = cipher.update(chunk)
    cipher.final()
    return { sealed, tag: cipher.getAuthTag(), length: sealed.length + OPTIONS.authTagLength }
  },
  decrypt({ sealed, tag }, nonce) {
    const decipher = createDecipheriv(ALGORITHM, key, nonce, OPTIONS).setAuthTag(tag)
    const opened = decipher.update(sealed)
    decipher.final()
    return opened
  },
}

/** Processor time of this process: what else the machine does counts less than by the clock. */
function processorSeconds() {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** Sealing and opening on one thread of Node: megabytes a second of processor time, by job and round. */
export async function measureInNode(mebibytes, rounds) {
  const jobs = await sealingJobs(mebibytes, native)
  const pipeline = await pipelineJobs(mebibytes)
  return interleave({ ...jobs, ...pipeline }, rounds, processorSeconds)
}

/**
 * Everything that the SDK does to a file before it uploads it: sealing, and the CID of the sealed file. Beside it what
 * there is no way round, by the platform's own code on the same thread: the cipher and one SHA-256 of all bytes.
 */
async function pipelineJobs(mebibytes) {
  const piece = new Uint8Array(1024 * 1024).map((_, i) => i * 31)
  const size = mebibytes * piece.length
  const nonce = new Uint8Array(12)
  const recipient = await identityToRecipient(generateIdentity())
  const source = {
    name: 'file',
    type: 'application/octet-stream',
    size,
    stream() {
      let given = 0
      return new ReadableStream({
        pull(controller) {
          if (given === size) return controller.close()
          given += piece.length
          controller.enqueue(piece)
        },
      })
    },
  }
  const target = {
    chainId: 31_337n,
    registry: `0x${'11'.repeat(20)}`,
    owner: `0x${'22'.repeat(20)}`,
    // The group's generator: nobody's key, for files that are thrown away.
    groupKey: Buffer.from('e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76', 'hex'),
  }
  const nowhere = {
    writable: async () => new WritableStream(),
    source: async () => new Blob(),
    remove: async () => {},
  }
  return {
    pipelineLimit: {
      amount: size / 1e6,
      run() {
        const hash = createHash('sha256')
        for (let done = 0; done < size; done += piece.length) {
          for (let at = 0; at < piece.length; at += 65_536)
            native.encrypt(piece.subarray(at, at + 65_536), nonce)
          hash.update(piece)
        }
        hash.digest()
      },
    },
    pipeline: {
      amount: size / 1e6,
      run: () => sealSource({ source, recipient, target, spool: nowhere }),
    },
  }
}
