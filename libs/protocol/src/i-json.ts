import { GranaryError } from './errors.js'

const SPACE = /[ \t\n\r]*/y
const TEXT = /"(?:[^"\\]|\\.)*"/y
const SCALAR = /[^\s,:[\]{}"]+/y
const HALF_PAIR = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/
const decoder = new TextDecoder('utf-8', { fatal: true })

/**
 * Reads a body as I-JSON (RFC 7493): UTF-8, no name twice in one object, no half of a surrogate pair; besides no U+0000,
 * which PostgreSQL cannot keep, no name that reaches a prototype, and nothing nested more than `depth` deep.
 *
 * @throws GranaryError MALFORMED_JSON
 */
export function readJson(bytes: Uint8Array, depth: number): unknown {
  const text = decoded(bytes)
  const value = parsed(text)
  inspect(text, depth)
  return value
}

function decoded(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw malformed('the body is not UTF-8')
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new GranaryError('MALFORMED_JSON')
  }
}

/** Looks at a text that JSON.parse has taken, once from left to right: what is parsed shows no repeated names. */
function inspect(text: string, depth: number): void {
  const open: (Set<string> | null)[] = []
  let at = 0
  const match = (pattern: RegExp): string => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0] ?? ''
    at += found.length
    return found
  }
  while (at < text.length) {
    match(SPACE)
    const mark = text[at]
    if (mark === '"') {
      const value = JSON.parse(match(TEXT)) as string
      if (value.includes('\0')) throw malformed('a text holds U+0000')
      if (HALF_PAIR.test(value)) throw malformed('a text holds half of a surrogate pair')
      match(SPACE)
      if (text[at] === ':') name(open.at(-1) ?? new Set(), value)
    } else if (mark === '{' || mark === '[') {
      open.push(mark === '{' ? new Set() : null)
      if (open.length > depth) throw malformed(`the body is nested more than ${depth} deep`)
      at += 1
    } else if (mark === '}' || mark === ']') {
      open.pop()
      at += 1
    } else if (match(SCALAR) === '') {
      at += 1
    }
  }
}

function name(names: Set<string>, value: string): void {
  if (value === '__proto__' || value === 'constructor') throw malformed('a name reaches for a prototype')
  if (names.has(value)) throw malformed(`the name ${JSON.stringify(value.slice(0, 80))} stands there twice`)
  names.add(value)
}

const malformed = (detail: string) => new GranaryError('MALFORMED_JSON', detail)
