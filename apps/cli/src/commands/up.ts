import { type Command, InvalidArgumentError } from 'commander'
import { action } from '../command.js'
import { runNetwork } from '../embedded/network.js'
import { WINDOW_SECONDS } from '../embedded/setup.js'

interface Options {
  data: string
  port?: number
  database?: string
  kubo?: string
  claimDelay: number
}

function toPort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new InvalidArgumentError('must be a port number, 0 for any free one.')
}

function toSeconds(text: string): number {
  const seconds = Number(text)
  if (/^\d+$/.test(text) && seconds < WINDOW_SECONDS) return seconds
  throw new InvalidArgumentError(`must be seconds, fewer than ${WINDOW_SECONDS}.`)
}

function urlOf(protocol: RegExp, example: string): (text: string) => string {
  return (text) => {
    if (URL.canParse(text) && protocol.test(new URL(text).protocol)) return text
    throw new InvalidArgumentError(`must be a URL such as ${example}.`)
  }
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
    .option(
      '--database <url>',
      'a PostgreSQL database of its own instead of the embedded one',
      urlOf(/^postgres(ql)?:$/, 'postgresql://user@localhost:5432/granary'),
    )
    .option(
      '--kubo <url>',
      'the RPC API of a Kubo node for sealed files, instead of files on disk',
      urlOf(/^https?:$/, 'http://127.0.0.1:5001'),
    )
    .option(
      '--claim-delay <seconds>',
      'how long the guardian can void a settlement before it takes effect; a new network takes it',
      toSeconds,
      0,
    )
  action<Options>(command, async ({ output }, { data, port, database, kubo, claimDelay }) => {
    const services = { ...(database && { database }), ...(kubo && { kubo }) }
    await runNetwork({ dir: data, port, services, claimDelay, output })
  })
}
