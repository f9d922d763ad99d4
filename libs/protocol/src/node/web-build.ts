import { importer } from 'ipfs-unixfs-importer'
import { CID } from 'multiformats/cid'
import { z } from 'zod'
import { GranaryError } from '../errors.js'

// The built web app as one content address, so that anybody can compare what a server serves with it. It is the address
// that `ipfs add -r --cid-version 1 --raw-leaves` gives the folder: leaves of 256 KiB, at most 174 links a node. Modes
// and times are no part of it.

/** Files of one build, bytes of one file, and of all of them. */
export const MAX_WEB_FILES = 1_000
export const MAX_WEB_FILE_BYTES = 16_777_216
export const MAX_WEB_BYTES = 67_108_864
/** Where a server says which build it serves: beside the build, no part of it. */
export const WEB_BUILD_FILE = 'build.json'

/** A file of the build: its path below the folder with `/` between its parts, its CID as a file, its size in bytes. */
export interface WebFile {
  path: string
  cid: string
  size: number
}

/** A build: the folder's CID, and its files by ascending path. */
export interface WebBuild {
  version: 'granary/web-build/v1'
  cid: string
  files: WebFile[]
}

/** No empty part, none that climbs, hides, or means something in a URL: names as a build has them. */
const PATH = /^(?!.*(?:^|\/)\.)[^/\\?#%\p{Cc}]+(?:\/[^/\\?#%\p{Cc}]+)*$/u
const path = z.string().max(255).regex(PATH)
const cid = z.string().refine(isWebCid, 'is no CIDv1')

const webBuildSchema = z.strictObject({
  version: z.literal('granary/web-build/v1'),
  cid,
  files: z
    .array(z.strictObject({ path, cid, size: z.int().min(0).max(MAX_WEB_FILE_BYTES) }))
    .min(1)
    .max(MAX_WEB_FILES)
    .refine((files) => new Set(files.map((file) => file.path)).size === files.length, 'a path is repeated')
    .refine(
      (files) => files.reduce((sum, { size }) => sum + size, 0) <= MAX_WEB_BYTES,
      `more than ${MAX_WEB_BYTES} bytes`,
    ),
})

/** Whether `text` may name a build: CIDv1, base32, raw or dag-pb, SHA-256. */
export function isWebCid(text: string): boolean {
  try {
    const { version, code, multihash } = CID.parse(text)
    return version === 1 && (code === 0x55 || code === 0x70) && multihash.code === 0x12 && /^b/.test(text)
  } catch {
    return false
  }
}

/**
 * Reads what a server, or a release, says of a build. That its CID is that of its files is not checked: only the files
 * can tell.
 *
 * @throws GranaryError WEB_MANIFEST_INVALID
 */
export function parseWebBuild(text: string): WebBuild {
  try {
    return webBuildSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new GranaryError('WEB_MANIFEST_INVALID', undefined, { cause })
  }
}

/**
 * The address of a folder that holds `files`, in any order, and of each of them.
 *
 * @throws GranaryError ARGUMENT_INVALID unless there is a file, no path is there twice, and all are names of a build
 */
export async function addressWebBuild(
  files: readonly { path: string; bytes: Uint8Array }[],
): Promise<WebBuild> {
  const sizes = new Map(files.map((file) => [file.path, file.bytes.length]))
  const odd = files.find((file) => !PATH.test(file.path))
  if (files.length === 0 || sizes.size !== files.length || odd)
    throw new GranaryError('ARGUMENT_INVALID', odd ? `${odd.path} is no path of a build` : 'files')
  const candidates = files.map(({ path, bytes }) => ({ path: `build/${path}`, content: [bytes] }))
  const nowhere = { put: async (key: CID) => key }
  const options = { profile: 'unixfs-v0-2015', cidVersion: 1, rawLeaves: true } as const
  const found: WebFile[] = []
  let root: string | undefined
  for await (const { path: name, cid } of importer(candidates, nowhere, options)) {
    if (name === 'build') root = cid.toString()
    const path = String(name).slice('build/'.length)
    const size = sizes.get(path)
    if (size !== undefined) found.push({ path, cid: cid.toString(), size })
  }
  if (root === undefined) throw new GranaryError('INTERNAL', 'the importer gave no root')
  found.sort((a, b) => (a.path < b.path ? -1 : 1))
  return { version: 'granary/web-build/v1', cid: root, files: found }
}
