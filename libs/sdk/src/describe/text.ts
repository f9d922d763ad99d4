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

/**
 * A file's text from its beginning, decoded piece by piece, up to `most` bytes or until the time is over. A byte order
 * mark of UTF-8 is left out. Throws NotRecognised for what is not UTF-8 text.
 */
export async function* textOf(bytes: Bytes, most: number, clock: Clock): AsyncGenerator<TextWindow> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
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
      recognise(false, 'not UTF-8')
    }
    recognise(!CONTROL.test(text), 'not text')
    yield { text, read, last }
  } while (read < end && !clock.isOver)
}

/** Whole lines from the end of a file, without the first, which may be a part of one. */
export async function tailOf(bytes: Bytes, most: number): Promise<string> {
  const window = await bytes.read(Math.max(0, bytes.size - most), bytes.size)
  const text = new TextDecoder().decode(window)
  return text.slice(text.indexOf('\n') + 1)
}
