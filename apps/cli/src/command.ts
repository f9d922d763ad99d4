import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { type Environment, readEnvironment } from './environment.js'
import { followed } from './followed.js'
import { createOutput, type Output } from './output.js'

/** What every command is given. */
export interface Context {
  output: Output
  environment: Environment
  /** carried by every call that this run makes: by it the servers' logs are searched */
  requestId: string
}

/**
 * Makes a command's action: `handler(context, options, …arguments)`. Adds `--json` and `--verbose`. Whatever the handler throws is
 * reported by `main` with its code, and the exit code is 1.
 */
export function action<Options, Arguments extends unknown[] = []>(
  command: Command,
  handler: (context: Context, options: Options, ...args: Arguments) => Promise<void>,
): Command {
  return everywhere(command).action(async (...received: unknown[]) => {
    const self = received.at(-1) as Command
    const options = self.optsWithGlobals() as Options & { json?: boolean; verbose?: boolean }
    const environment = readEnvironment()
    const requestId = randomUUID()
    const context = { output: createOutput(options.json === true), environment, requestId }
    const work = () => handler(context, options, ...(self.processedArgs as Arguments))
    await followed({ command: self.name(), requestId, environment, verbose: options.verbose === true }, work)
  })
}

/** The options that stand before a command, behind it, or where one is missing. */
export function everywhere(command: Command): Command {
  return command
    .option('--json', 'print one JSON document on stdout')
    .option('--verbose', 'tell on stderr of every call, as JSON lines (GRANARY_LOG_LEVEL says how much)')
}
