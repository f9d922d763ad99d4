import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { makeFolder } from '@granary/protocol/node'
import { z } from 'zod'
import { type Sealed, SPOOL_DAYS, type Spool } from '../spool.js'
import type { FileSource } from './file-source.js'
import { fileWritable } from './file-writable.js'
import { isAlive } from './owned-file.js'

const stateSchema = z.object({
  version: z.literal('granary/spool/v1'),
  /** the file that was sealed, as it was then */
  source: z.object({ path: z.string(), size: z.int(), modified: z.number() }),
  /** the keys that it was sealed to */
  sealedTo: z.string(),
  /** name of the sealed file in the folder */
  file: z.string(),
  cid: z.string(),
  content: z.string().regex(/^0x[0-9a-f]{64}$/),
  rawRoot: z.boolean(),
  size: z.int(),
  upload: z.string().nullable(),
})
type State = z.infer<typeof stateSchema>

/**
 * A spool in `folder` (mode 0700, files 0600) that outlives its process. While sealing, the file carries the process' id
 * and is thrown away by whoever finds it after a crash; once complete, `<key>.<pid>.json` beside it says what it is, and
 * a later process takes it over if the source is still the same by path, size and time of its last change. Two processes
 * never have the same one. It holds ciphertext, CIDs and the upload's URL, no key.
 */
export function sourceSpool(folder: string, source: FileSource): Spool {
  const partial = join(folder, `${process.pid}-${randomUUID()}.age`)
  let data = partial
  let sealedTo = ''
  let path = ''
  let stem = ''
  const stateFile = (pid: number) => join(folder, `${stem}.${pid}.json`)
  return {
    async recall(to) {
      await makeFolder(folder)
      await expire(folder)
      sealedTo = to
      path = await realpath(source.path)
      stem = createHash('sha256').update(`${path}\n${to}`).digest('hex').slice(0, 32)
      const state = await takeOver(folder, stem, stateFile(process.pid))
      if (!state) return undefined
      data = join(folder, state.file)
      const { size, modified } = state.source
      const same = state.sealedTo === to && state.source.path === path
      const unchanged = size === source.size && modified === source.modified
      const whole = (await stat(data).catch(() => undefined))?.size === state.size
      if (same && unchanged && whole) return sealedOf(state)
      await rm(data, { force: true })
      await rm(stateFile(process.pid), { force: true })
      data = partial
      return undefined
    },
    async writable() {
      await makeFolder(folder)
      return (await fileWritable(partial, 0o600)).writable
    },
    source: async () => createReadStream(data),
    async remember(sealed) {
      const file = data === partial ? `${randomUUID()}.sealed` : basename(data)
      const { size, modified } = source
      const state: State = {
        version: 'granary/spool/v1',
        source: { path, size, modified },
        sealedTo,
        file,
        ...sealed,
      }
      await replace(stateFile(process.pid), JSON.stringify(state))
      if (data !== partial) return
      data = join(folder, file)
      await rename(partial, data)
    },
    keep: () => rename(stateFile(process.pid), stateFile(0)),
    async remove() {
      await rm(data, { force: true })
      if (stem !== '') await rm(stateFile(process.pid), { force: true })
    },
  }
}

function sealedOf({ cid, content, rawRoot, size, upload }: State): Sealed {
  return { cid, content: content as Sealed['content'], rawRoot, size, upload }
}

/** Gives a state that no living process has this process' name, and reads it. */
async function takeOver(folder: string, stem: string, mine: string): Promise<State | undefined> {
  for (const name of await readdir(folder)) {
    const pid = new RegExp(`^${stem}\\.(\\d+)\\.json$`).exec(name)?.[1]
    if (pid === undefined || (pid !== '0' && isAlive(Number(pid)))) continue
    // Another process may have been quicker: it has the file then.
    const taken = await rename(join(folder, name), mine).then(
      () => true,
      () => false,
    )
    const state = taken ? await readState(mine) : undefined
    if (state) return state
  }
  return undefined
}

async function readState(path: string): Promise<State | undefined> {
  try {
    const state = stateSchema.parse(JSON.parse(await readFile(path, 'utf8')))
    return basename(state.file) === state.file ? state : undefined
  } catch {
    return undefined
  }
}

/** Writes a file as a whole or not at all. */
async function replace(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID()}.tmp`
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, path)
}

/** Removes what nobody came back for. */
async function expire(folder: string): Promise<void> {
  const oldest = Date.now() - SPOOL_DAYS * 86_400_000
  for (const name of await readdir(folder)) {
    if (!/\.(sealed|json|tmp)$/.test(name)) continue
    const facts = await stat(join(folder, name)).catch(() => undefined)
    if (facts && facts.mtimeMs < oldest) await rm(join(folder, name), { force: true })
  }
}
