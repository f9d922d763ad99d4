import { type Bytes, Clock, NotRecognised, recognise } from './bytes.js'
import { describeCsv } from './csv.js'
import type { Description } from './description.js'
import { describeJson } from './json.js'
import { DESCRIBE_LIMITS, type DescribeLimits } from './limits.js'
import { describeParquet } from './parquet.js'
import { encodingOf, textOf } from './text.js'
import { describeZip } from './zip.js'

/**
 * What a file holds, by its content and not by its name: CSV (UTF-8 or UTF-16), JSON lines, JSON, Parquet or ZIP. null = none of these, or
 * broken, or built to take for ever: nothing is said about it then. Reads in pieces, keeps no value, and sends nothing
 * anywhere. Throws what reading throws.
 */
export async function describe(
  bytes: Bytes,
  limits: DescribeLimits = DESCRIBE_LIMITS,
): Promise<Description | null> {
  try {
    return await recognised(bytes, limits, new Clock(limits.time))
  } catch (error) {
    if (error instanceof NotRecognised) return null
    throw error
  }
}

const startsWith = (bytes: Uint8Array, text: string) =>
  bytes.length >= text.length && [...text].every((letter, at) => bytes[at] === letter.charCodeAt(0))

async function recognised(bytes: Bytes, limits: DescribeLimits, clock: Clock): Promise<Description> {
  const start = await bytes.read(0, Math.min(bytes.size, 1024))
  recognise(start.length > 0, 'empty')
  if (startsWith(start, 'PAR1')) return describeParquet(bytes, limits)
  if (startsWith(start, 'PK\x03\x04')) return describeZip(bytes, limits, clock, describe)
  const head = new TextDecoder(encodingOf(start)).decode(start).trimStart()
  const windows = textOf(bytes, limits.scanBytes, clock)
  if (head.startsWith('{') || head.startsWith('[')) return describeJson(bytes, windows, limits, clock)
  return describeCsv(bytes, windows, limits, clock)
}
