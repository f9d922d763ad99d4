// The web app's build as one content address: `npm run build` writes it beside the files, `npm run release:web` prints it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

/** What lies in the built folder and is no part of the build: compressed copies, the manifest itself, what is hidden. */
const ASIDE = /\.(?:br|gz)$|^build\.json$|(?:^|\/)\./

/** The files of a built folder, as `addressWebBuild` takes them. */
export function webFiles(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !ASIDE.test(path))
    .sort()
    .map((path) => ({ path, bytes: readFileSync(join(folder, path)) }))
}

/** Writes `build.json` into the built folder: its CID, and path, CID and size of each file. Resolves to that. */
export async function writeWebBuild(folder) {
  // Imported only now: `npm run build` makes it in the same run.
  const { addressWebBuild, WEB_BUILD_FILE } = await import('../libs/protocol/dist/node/index.js')
  const build = await addressWebBuild(webFiles(folder))
  writeFileSync(join(folder, WEB_BUILD_FILE), `${JSON.stringify(build, null, 1)}\n`)
  return build
}
