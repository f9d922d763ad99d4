import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { World } from './world.js'

const GRANARY = join(import.meta.dirname, '../../apps/cli/bin/granary.js')

export interface Run {
  code: number | null
  stdout: string
  stderr: string
  // biome-ignore lint/suspicious/noExplicitAny: whatever the command printed
  json: any
}

/** The built `granary` with a home of its own, in the name of a wallet or of nobody. */
export interface CommandLine {
  home: string
  /** a path in that home */
  file(name: string): string
  run(key: string | undefined, ...args: string[]): Promise<Run>
  /** a command that runs on: `ended` resolves when it is over, however it ended */
  start(key: string | undefined, ...args: string[]): { child: ChildProcess; ended: Promise<Run> }
  remove(): void
}

export function commandLine(world: Pick<World, 'api'>, more: Record<string, string> = {}): CommandLine {
  const home = mkdtempSync(join(tmpdir(), 'granary-cli-'))
  const start: CommandLine['start'] = (key, ...args) => {
    const { GRANARY_PRIVATE_KEY: _, NODE_OPTIONS: __, ...env } = process.env
    const child = spawn(process.execPath, [GRANARY, ...args, '--json'], {
      env: {
        ...env,
        GRANARY_API: world.api,
        GRANARY_HOME: home,
        ...more,
        ...(key ? { GRANARY_PRIVATE_KEY: key } : {}),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const run: Run = { code: null, stdout: '', stderr: '', json: undefined }
    child.stdout.on('data', (chunk) => {
      run.stdout += chunk
    })
    child.stderr.on('data', (chunk) => {
      run.stderr += chunk
    })
    const ended = new Promise<Run>((resolve) =>
      child.once('close', (code) => {
        const json = /^[[{]/.test(run.stdout) ? JSON.parse(run.stdout) : undefined // help is none
        resolve({ ...run, code, json })
      }),
    )
    return { child, ended }
  }
  return {
    home,
    file: (name) => join(home, name),
    start,
    run: (key, ...args) => start(key, ...args).ended,
    remove: () => rmSync(home, { recursive: true, force: true }),
  }
}
