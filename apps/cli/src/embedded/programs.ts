import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CliError } from '../output.js'

/**
 * A built program of a workspace: its main one unless another is named.
 * @throws CliError PROGRAM_NOT_BUILT
 */
export function builtProgram(workspace: 'api' | 'custodian', name = 'main.js'): string {
  const manifest = createRequire(import.meta.url).resolve(`@granary/${workspace}/package.json`)
  const program = join(manifest, '..', 'dist', name)
  if (existsSync(program)) return program
  throw new CliError('PROGRAM_NOT_BUILT', `${program} is missing: run \`npm run build\` first`)
}

/** The folder of the built web app. */
export function builtWeb(): string {
  return join(createRequire(import.meta.url).resolve('@granary/web/package.json'), '..', 'dist')
}

/** A program that is part of this folder. */
export function ownProgram(name: string): string {
  return fileURLToPath(new URL(`./${name}.js`, import.meta.url))
}
