import { recognise } from './bytes.js'
import type { TextWindow } from './text.js'

const QUOTE = 34
const COMMA = 44
const OPENING = new Set([0x5b, 0x7b])
const CLOSING = new Set([0x5d, 0x7d])
const BACKSLASH = 92

/**
 * The texts of the elements of one JSON array, as they come; what each is worth its parser says. `progress` tells how
 * far it has come: bytes read, units of an element that is not complete, and whether the array was closed with nothing
 * after it. Throws NotRecognised.
 */
export async function* elementsOf(
  windows: AsyncIterable<TextWindow>,
  most: number,
  progress: { read: number; pending: number; whole: boolean },
): AsyncGenerator<string> {
  let text = ''
  let at = 0
  /** Where the element begins; -1 before the array does. */
  let start = -1
  let depth = 0
  let quoted = false
  let closed = false
  let count = 0
  for await (const window of windows) {
    text = start < 0 ? text + window.text : text.slice(start) + window.text
    if (start >= 0) {
      at -= start
      start = 0
    }
    progress.read = window.read
    for (; at < text.length; at += 1) {
      const code = text.charCodeAt(at)
      if (closed) {
        recognise(code <= 32, 'something after the array')
      } else if (quoted) {
        if (code === BACKSLASH) at += 1
        else if (code === QUOTE) quoted = false
      } else if (code === QUOTE) quoted = true
      else if (OPENING.has(code)) {
        depth += 1
        if (depth === 1 && start < 0) start = at + 1
      } else if (CLOSING.has(code) && depth > 1) depth -= 1
      else if (depth === 1 && (code === COMMA || CLOSING.has(code))) {
        const element = text.slice(start, at)
        closed = code !== COMMA
        if (element.trim() !== '') {
          yield element
          count += 1
        } else recognise(closed && count === 0, 'an element is missing')
        start = at + 1
      }
    }
    progress.pending = text.length - Math.max(0, start)
    recognise(progress.pending <= most, 'an element without end')
    recognise(closed || !window.last, 'the array is not closed')
    progress.whole = closed && window.last
  }
}
