import { Command } from 'commander'

/**
 * Commander's command, which takes a word that it does not know, in a group with a default command, for an argument of that
 * one: `granary datasets lst` was told that `list` takes no arguments. A file whose name looks like an option is told how to
 * be named.
 */
export class Program extends Command {
  override createCommand(name?: string): Command {
    return new Program(name)
  }

  override error(message: string, options?: { exitCode?: number; code?: string }): never {
    if (options?.code === 'commander.unknownOption' && /'-[^-]/.test(message) && !takesNone(this))
      return super.error(`${message} (a name that begins with a dash goes behind --)`, options)
    const group = this.parent
    const [word] = this.args
    const isNamed = group?.args[0] === this.name()
    if (options?.code !== 'commander.excessArguments' || !group?.parent || isNamed || !takesNone(this))
      return super.error(message, options)
    const known = group.commands.map((command) => command.name()).join(', ')
    const text = `error: unknown command '${word}': ${group.name()} has ${known}`
    return super.error(text, { ...options, code: 'commander.unknownCommand' })
  }
}

const takesNone = ({ registeredArguments }: Command) => registeredArguments.length === 0

/**
 * `help` for a group and the groups in it, with as many words as a command has. Commander's own takes one, and shows the
 * whole group's help for a word that it does not know.
 */
export function registerHelp(group: Command): void {
  for (const command of group.commands) if (command.commands.length > 0) registerHelp(command)
  group
    .helpCommand(false)
    .command('help [command...]')
    .description('display help for command')
    .action((words: string[]) => {
      let shown = group
      for (const word of words) {
        const next = shown.commands.find((command) => command.name() === word)
        if (!next)
          return shown.error(`error: unknown command '${word}'`, { code: 'commander.unknownCommand' })
        shown = next
      }
      shown.help()
    })
}
