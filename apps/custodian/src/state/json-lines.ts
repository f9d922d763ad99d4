// An append-only file of one JSON value a line, the form of everything here that grows.
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { GranaryError } from '@granary/protocol'
import { syncFolder } from './files.js'

const READ_BYTES = 1 << 20
const INDEX_EVERY = 64
const NEWLINE = 0x0a

interface Pending {
  value: unknown
  line: Buffer
  done: () => void
  failed: (error: unknown) => void
}

/**
 * Lines appended at once share one fsync; `append` returns when its line is on disk. A last line without its newline
 * is what a crash left of a write that was never acknowledged, and is cut off; any other damage stops the program.
 */
export class JsonLines {
  #file: FileHandle
  #size: number
  #count: number
  #offsets: number[]
  #pending: Pending[] = []
  #newest: unknown
  /** whether a write failed, a full disk say, and may have left half a line */
  #isTorn = false
  /** why nothing more is taken: what a failed sync has left on the disk, nobody can say */
  #broken: unknown
  /** Called at once when what was given to `append` is lost, in the same turn: before anybody can append again. */
  onLost: () => void = () => {}
  #writing: Promise<void> | undefined

  private constructor(file: FileHandle, size: number, count: number, offsets: number[], newest: unknown) {
    this.#newest = newest
    this.#file = file
    this.#size = size
    this.#count = count
    this.#offsets = offsets
  }

  /**
   * Opens or makes the file and gives every line to `onLine`, in order.
   *
   * @throws GranaryError LEDGER_CORRUPT when a line is not JSON
   */
  static async open(path: string, onLine: (value: unknown, index: number) => void): Promise<JsonLines> {
    const file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600)
    const offsets: number[] = []
    let count = 0
    let newest: unknown
    const size = await eachLine(file, 0, (line, offset) => {
      if (count % INDEX_EVERY === 0) offsets.push(offset)
      let value: unknown
      try {
        value = JSON.parse(line)
      } catch {
        throw new GranaryError('LEDGER_CORRUPT', { file: path, line: count + 1 })
      }
      onLine(value, count)
      newest = value
      count++
      return true
    })
    if ((await file.stat()).size > size) await file.truncate(size)
    await syncFolder(dirname(path))
    return new JsonLines(file, size, count, offsets, newest)
  }

  /** The number of lines on disk. */
  get count(): number {
    return this.#count
  }

  /** The last value on disk. */
  get newest(): unknown {
    return this.#newest
  }

  /**
   * Adds one line; returns once it is on disk. What a failed write left of its lines is cut off before the next one; after
   * a failed sync nothing more is taken until the program is started again.
   */
  append(value: unknown): Promise<void> {
    const line = Buffer.from(`${JSON.stringify(value)}\n`)
    return new Promise((done, failed) => {
      if (this.#broken !== undefined) return failed(this.#broken)
      this.#pending.push({ value, line, done, failed })
      this.#writing ??= this.#flush()
    })
  }

  async #flush(): Promise<void> {
    await undefined // so that `#writing` is set before this can end
    while (this.#pending.length > 0) {
      const batch = this.#pending.splice(0)
      let isWritten = false
      try {
        if (this.#isTorn) await this.#file.truncate(this.#size)
        this.#isTorn = true
        const bytes = Buffer.concat(batch.map((item) => item.line))
        let written = 0
        while (written < bytes.length) {
          const rest = bytes.length - written
          written += (await this.#file.write(bytes, written, rest, this.#size + written)).bytesWritten
        }
        isWritten = true
        await this.#file.datasync()
        this.#isTorn = false
      } catch (error) {
        if (isWritten) this.#broken = error
        this.onLost()
        for (const item of [...batch, ...this.#pending.splice(0)]) item.failed(error)
        break
      }
      for (const item of batch) {
        if (this.#count % INDEX_EVERY === 0) this.#offsets.push(this.#size)
        this.#size += item.line.length
        this.#count++
        this.#newest = item.value
        item.done()
      }
    }
    // In the same turn as the look at what is pending: whoever appends after `done` must find nobody writing.
    this.#writing = undefined
  }

  /** At most `limit` values from place `from` (0 the first), read from disk. */
  async slice(from: number, limit: number): Promise<unknown[]> {
    const values: unknown[] = []
    if (from >= this.#count || limit < 1) return values
    const block = Math.floor(from / INDEX_EVERY)
    let place = block * INDEX_EVERY
    const end = Math.min(this.#count, from + limit)
    await eachLine(this.#file, this.#offsets[block]!, (line) => {
      if (place >= from) values.push(JSON.parse(line))
      return ++place < end
    })
    return values
  }

  /** Waits for what is being written and closes the file. */
  async close(): Promise<void> {
    await this.#writing
    await this.#file.close()
  }
}

/** Gives each whole line from `offset` on; stops when told so. Returns the offset after the last whole line. */
async function eachLine(
  file: FileHandle,
  offset: number,
  onLine: (line: string, offset: number) => boolean,
): Promise<number> {
  const buffer = Buffer.alloc(READ_BYTES)
  let rest: Buffer = Buffer.alloc(0)
  let start = offset
  let position = offset
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, READ_BYTES, position)
    if (bytesRead === 0) return start
    position += bytesRead
    rest = Buffer.concat([rest, buffer.subarray(0, bytesRead)])
    let from = 0
    for (let at = rest.indexOf(NEWLINE); at >= 0; at = rest.indexOf(NEWLINE, from)) {
      const more = onLine(rest.toString('utf8', from, at), start)
      start += at + 1 - from
      from = at + 1
      if (!more) return start
    }
    rest = rest.subarray(from)
  }
}
