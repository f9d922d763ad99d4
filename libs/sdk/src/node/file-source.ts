import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { Readable } from 'node:stream'
import { GranaryError } from '@granary/protocol'
import type { Source } from '../seal.js'
import { fileFault } from './file-fault.js'

export interface FileSource extends Source {
  path: string
  /** When the file was last written, in milliseconds. */
  modified: number
}

/** A file on disk as a source to seal. Throws FILE_UNREADABLE when it is missing or not a regular file. */
export async function fileSource(path: string): Promise<FileSource> {
  const facts = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new GranaryError('FILE_UNREADABLE', `${path}: ${fileFault(error)}`, { detail: { path } })
  })
  if (!facts.isFile())
    throw new GranaryError('FILE_UNREADABLE', `${path} is not a file`, { detail: { path } })
  return {
    path,
    name: basename(path),
    type: MEDIA_TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream',
    size: facts.size,
    modified: facts.mtimeMs,
    stream: () =>
      Readable.toWeb(createReadStream(path, { highWaterMark: 1 << 20 })) as ReadableStream<Uint8Array>,
  }
}

/** By ending; only what people commonly contribute. Anything else is application/octet-stream. */
const MEDIA_TYPES: Record<string, string> = {
  '.csv': 'text/csv',
  '.gif': 'image/gif',
  '.gz': 'application/gzip',
  '.html': 'text/html',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.json': 'application/json',
  '.jsonl': 'application/jsonl',
  '.md': 'text/markdown',
  '.mp3': 'audio/mpeg',
  '.mp4': 'video/mp4',
  '.ndjson': 'application/x-ndjson',
  '.parquet': 'application/vnd.apache.parquet',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.tar': 'application/x-tar',
  '.tsv': 'text/tab-separated-values',
  '.txt': 'text/plain',
  '.wav': 'audio/wav',
  '.webp': 'image/webp',
  '.xml': 'application/xml',
  '.zip': 'application/zip',
}
