import { createCipheriv } from 'node:crypto'
import { fileKeyFromIdentity, generateIdentity, identityToRecipient, open, seal } from '@granary/sealing'
import { Encrypter } from 'age-encryption'

/**
 * How fast a file is sealed and opened, next to what it is measured against: the platform's cipher alone on the same
 * chunks, and `age-encryption` doing the same job. Prints a table, or JSON with `--json`. Absolute figures are this
 * machine's; the ratios travel.
 *
 *     node scripts/build.mjs sealing && node libs/sealing/bench/sealing.mjs [--json]
 *
 * GRANARY_BENCH_MIB (128) and GRANARY_BENCH_ROUNDS (5) make it shorter or longer.
 */
const MIB = 1024 * 1024
const CHUNK = 64 * 1024
const size = Number(process.env.GRANARY_BENCH_MIB ?? 128) * MIB
const rounds = Number(process.env.GRANARY_BENCH_ROUNDS ?? 5)
const piece = new Uint8Array(MIB).map((_, i) => i * 31)

function source(pieceSize) {
  let given = 0
  return new ReadableStream({
    pull(controller) {
      if (given >= size) return controller.close()
      controller.enqueue(piece.subarray(0, pieceSize))
      given += pieceSize
    },
  })
}

async function drain(stream) {
  const reader = stream.getReader()
  while (!(await reader.read()).done);
}

/** Whole chunks by the bare cipher, without files, streams or copies: the ceiling. */
async function nativeCipher() {
  const key = new Uint8Array(32)
  const chunk = piece.subarray(0, CHUNK)
  for (let done = 0; done < size; done += CHUNK) {
    const nonce = new Uint8Array(12)
    const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 })
    cipher.update(chunk)
    cipher.final()
    cipher.getAuthTag()
  }
}

const identity = generateIdentity()
const recipients = [await identityToRecipient(identity)]

const sealing = (cipher, pieceSize) => async () =>
  drain(source(pieceSize).pipeThrough((await seal({ recipients, cipher })).stream))

const ageSealing = async () => {
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipients[0])
  await drain(await encrypter.encrypt(source(MIB)))
}

async function sealedPieces() {
  const pieces = []
  const reader = source(MIB)
    .pipeThrough((await seal({ recipients })).stream)
    .getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return pieces
    pieces.push(value)
  }
}

const sealed = await sealedPieces()
const opening = (cipher) => () => {
  let next = 0
  const file = new ReadableStream({
    pull(controller) {
      const value = sealed[next++]
      if (value === undefined) controller.close()
      else controller.enqueue(value)
    },
  })
  return drain(open({ source: file, fileKey: (_, bytes) => fileKeyFromIdentity(bytes, [identity]), cipher }))
}

const jobs = [
  ["Node's cipher alone, 64 KiB chunks", nativeCipher],
  ['seal, native, writes of 1 MiB', sealing('native', MIB)],
  ['seal, native, writes of 64 KiB', sealing('native', CHUNK)],
  ['open, native', opening('native')],
  ['seal, noble', sealing('noble', MIB)],
  ['open, noble', opening('noble')],
  ['seal, age-encryption', ageSealing],
]

const best = new Map()
for (let round = 0; round < rounds; round++)
  for (const [name, job] of jobs) {
    const started = performance.now()
    await job()
    const speed = size / 1e6 / ((performance.now() - started) / 1000)
    best.set(name, Math.max(best.get(name) ?? 0, speed))
  }

const ceiling = best.get(jobs[0][0])
const age = best.get('seal, age-encryption')
const rows = jobs.map(([name]) => {
  const speed = best.get(name)
  return { name, megabytesPerSecond: speed, toNativeCipher: speed / ceiling, toAgeEncryption: speed / age }
})
if (process.argv.includes('--json')) console.log(JSON.stringify({ mebibytes: size / MIB, rounds, rows }))
else {
  console.log(`best of ${rounds}, ${size / MIB} MiB, one thread, Node ${process.version}\n`)
  console.log('| | MB/s | of the native cipher | of age-encryption |\n|---|---|---|---|')
  for (const row of rows)
    console.log(
      `| ${row.name} | ${row.megabytesPerSecond.toFixed(0)} | ${row.toNativeCipher.toFixed(2)} | ${row.toAgeEncryption.toFixed(1)} |`,
    )
}
