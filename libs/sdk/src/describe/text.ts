import { type Bytes, type Clock, recognise } from './bytes.js'

const WINDOW = 1_048_576
// biome-ignore lint/suspicious/noControlCharactersInRegex: what no text has
const CONTROL = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/

export interface TextWindow {
  text: string
  /** Bytes of the file read so far. */
  read: number
  /** Nothing of the file comes after it. */
  last: boolean
}

/** UTF-8, unless a byte order mark says that it is UTF-16, as spreadsheets write it. */
export function encodingOf([first, second]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
}

/**
 * A file's text from its beginning, decoded piece by piece, up to `most` bytes or until the time is over. A byte order
 * mark is left out. Throws NotRecognised for what is no text.
 */
export async function* textOf(bytes: Bytes, most: number, clock: Clock): AsyncGenerator<TextWindow> {
  const decoder = new TextDecoder(encodingOf(await bytes.read(0, Math.min(2, bytes.size))), { fatal: true })
  const end = Math.min(bytes.size, most)
  let read = 0
  do {
    const window = await bytes.read(read, Math.min(end, read + WINDOW))
    read += window.length
    recognise(window.length > 0 || end === 0, 'the file ends early')
    const last = read === bytes.size
    let text: string
    try {
      text = decoder.decode(window, { stream: !last })
    } catch {
      recognise(false, 'not in the encoding that it begins with')
    }
    recognise(!CONTROL.test(text), 'not text')
    yield { text, read, last }
  } while (read < end && !clock.isOver)
}

/** Whole lines from the end of a file, without the first, which may be a part of one. */
export async function tailOf(bytes: Bytes, most: number): Promise<string> {
  const encoding = encodingOf(await bytes.read(0, Math.min(2, bytes.size)))
  const from = Math.max(0, bytes.size - most)
  // A letter of UTF-16 begins at an even place.
  const window = await bytes.read(encoding === 'utf-8' ? from : from + (from % 2), bytes.size)
  const text = new TextDecoder(encoding).decode(window)
  return text.slice(text.indexOf('\n') + 1)
}
