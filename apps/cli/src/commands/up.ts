import { type Command, InvalidArgumentError } from 'commander'
import { action } from '../command.js'
import { runNetwork } from '../embedded/network.js'

interface Options {
  data: string
  port?: number
}

function toPort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new InvalidArgumentError('must be a port number, 0 for any free one.')
}

/** `granary up`: runs the embedded network until it is told to stop. */
export function registerUp(program: Command): void {
  const command = program
    .command('up')
    .description('run a whole network on this machine: chain, custodians, database, API and web app')
    .option('--data <dir>', 'where its state is kept', './.granary')
    .option(
      '--port <n>',
      'port of the API and the web app, 0 for any free one (default: 4280 or the next free)',
      toPort,
    )
  action<Options>(command, async ({ output }, { data, port }) => {
    await runNetwork({ dir: data, port, output })
  })
}
