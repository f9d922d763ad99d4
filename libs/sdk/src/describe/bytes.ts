/** A file that is read in places. `name` and `type` only help where the content leaves two readings. */
export interface Bytes {
  readonly name: string
  readonly type: string
  readonly size: number
  /** The bytes from `from` up to, not including, `to`. */
  read(from: number, to: number): Promise<Uint8Array>
}

export function blobBytes(blob: Blob & { name?: string }): Bytes {
  const { name = '', type, size } = blob
  return {
    name,
    type,
    size,
    read: async (from, to) => new Uint8Array(await blob.slice(from, to).arrayBuffer()),
  }
}

/** What makes a file none of those that can be described. Its text is for developers. */
export class NotRecognised extends Error {}

export function recognise(condition: unknown, otherwise: string): asserts condition {
  if (!condition) throw new NotRecognised(otherwise)
}

/** The time that is left for a file. */
export class Clock {
  private readonly end: number

  constructor(milliseconds: number) {
    this.end = Date.now() + milliseconds
  }

  get isOver(): boolean {
    return Date.now() > this.end
  }
}
