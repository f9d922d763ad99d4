import type { Command } from 'commander'
import { type Environment, readEnvironment } from './environment.js'
import { createOutput, type Output } from './output.js'

/** What every command is given. */
export interface Context {
  output: Output
  environment: Environment
}

/**
 * Makes a command's action: `handler(context, options, …arguments)`. Adds `--json`. Whatever the handler throws is
 * reported by `main` with its code, and the exit code is 1.
 */
export function action<Options, Arguments extends unknown[] = []>(
  command: Command,
  handler: (context: Context, options: Options, ...args: Arguments) => Promise<void>,
): Command {
  return command
    .option('--json', 'print one JSON document on stdout')
    .action(async (...received: unknown[]) => {
      const self = received.at(-1) as Command
      const options = self.optsWithGlobals() as Options & { json?: boolean }
      const context = { output: createOutput(options.json === true), environment: readEnvironment() }
      await handler(context, options, ...(self.processedArgs as Arguments))
    })
}
