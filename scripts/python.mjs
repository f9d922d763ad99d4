// Programs from PyPI that only checks use: each in a virtual environment of its own in the user's cache ($XDG_CACHE_HOME,
// else ~/.cache), in versions that are pinned, made on the first use. Needs python3 with venv; without network afterwards.
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * The path of `program` in the environment called `name`, e.g. `slither-analyzer-0.11.6`: a new name is a new environment.
 * `installs` has the arguments of `pip install`, a list a call. Throws when one fails, and leaves nothing half made behind.
 */
export function pythonProgram(name, program, installs) {
  const home = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'granary', name)
  const path = join(home, 'bin', program)
  if (existsSync(path)) return path
  const pip = ['install', '--quiet', '--disable-pip-version-check']
  const steps = [
    ['python3', ['-m', 'venv', '--clear', home]],
    ...installs.map((args) => [join(home, 'bin', 'pip'), [...pip, ...args]]),
  ]
  for (const [command, args] of steps) {
    const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 26 })
    if (status === 0) continue
    rmSync(home, { recursive: true, force: true })
    throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr}`)
  }
  return path
}
