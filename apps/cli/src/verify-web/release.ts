import { readFileSync } from 'node:fs'
import { GranaryError } from '@granary/protocol'
import { isWebCid, parseWebBuild, type WebBuild } from '@granary/protocol/node'
import { fileFault } from '@granary/sdk/node'

/** Written by the build beside this program: the web app that it was released with. */
const BUILT_WITH = new URL('../web-build.json', import.meta.url)

/**
 * The build to compare with: the one that is named, by its list of files or by its CID, else the one that this program
 * was released with.
 *
 * @throws GranaryError CID_INVALID, FILE_UNREADABLE, WEB_MANIFEST_INVALID, ARGUMENT_INVALID (both, and not of one build),
 *   WEB_BUILD_UNKNOWN (none is named, and this program was built without a web app)
 */
export function chooseBuild(named: { cid?: string | undefined; release?: string | undefined }): {
  cid: string
  release: WebBuild | undefined
} {
  const { cid } = named
  if (cid !== undefined && !isWebCid(cid))
    throw new GranaryError('CID_INVALID', `${cid} is no CIDv1 of a folder`)
  const release = named.release === undefined ? builtWith() : readRelease(named.release)
  if (cid === undefined) {
    if (!release) throw new GranaryError('WEB_BUILD_UNKNOWN')
    return { cid: release.cid, release }
  }
  if (named.release !== undefined && release?.cid !== cid)
    throw new GranaryError('ARGUMENT_INVALID', `${named.release} is of ${release?.cid}, not of ${cid}`)
  return { cid, release: release?.cid === cid ? release : undefined }
}

function builtWith(): WebBuild | undefined {
  try {
    return parseWebBuild(readFileSync(BUILT_WITH, 'utf8'))
  } catch {
    return undefined
  }
}

function readRelease(path: string): WebBuild {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new GranaryError('FILE_UNREADABLE', `${path}: ${fileFault(error as NodeJS.ErrnoException)}`)
  }
  return parseWebBuild(text)
}
