import { GranaryError, type TrainerResource } from '@granary/protocol'
import type { Command } from 'commander'
import { reader, signer } from '../client.js'
import { action } from '../command.js'
import { toAddress, toTime } from '../values.js'

/** `granary trainer …`: apply as a trainer; decide on applications as the council. */
export function registerTrainer(program: Command): void {
  const group = program
    .command('trainer')
    .description('apply as a trainer, see where an application stands, or decide on it as the council')
    .addHelpText(
      'after',
      `
Examples:
  granary trainer apply --name "Open Weather Lab" --description "Forecasts for farmers" --url https://example.org
  granary trainer status
  granary trainer approve 0x… --until 1y     (with the council's key)`,
    )
  registerApply(group)
  registerStatus(group)
  registerApprove(group)
  registerDecision(group, 'suspend', 'stop all releases to a trainer for now', (client, address) =>
    client.council.setSuspended(address, true),
  )
  registerDecision(group, 'resume', 'end a suspension', (client, address) =>
    client.council.setSuspended(address, false),
  )
  registerDecision(group, 'revoke', "end a trainer's approval", (client, address) =>
    client.council.revoke(address),
  )
}

function registerApply(group: Command): void {
  const command = group
    .command('apply')
    .description('publish who you are and ask to be approved; costs no gas')
    .option('--name <text>', 'who you are (default: your address)')
    .option('--description <text>', 'what you train and what for', '')
    .option('--url <url>', 'where to read more')
  action<{ name?: string; description: string; url?: string }>(
    command,
    async (context, { name, description, url }) => {
      const { client, address } = signer(context)
      const done = await client.trainers.apply({
        name: name ?? address,
        description,
        ...(url ? { url } : {}),
      })
      const trainer = await client.trainers.get(address)
      context.output.result(
        { trainer: address, ...trainer, ...done },
        `Applied as ${name ?? address}. Transaction ${done.transaction}`,
      )
    },
  )
}

function registerStatus(group: Command): void {
  const command = group
    .command('status', { isDefault: true })
    .argument('[address]', 'whose (default: that of GRANARY_PRIVATE_KEY)')
    .description('where an application stands')
  action<object, [string | undefined]>(command, async (context, _options, text) => {
    const address = text ? toAddress(text) : signer(context).address
    const trainer = await reader(context).trainers.get(address)
    context.output.result({ trainer: address, ...trainer }, describe(trainer))
  })
}

function registerApprove(group: Command): void {
  const command = group
    .command('approve')
    .argument('<address>')
    .description("approve a trainer; a transaction of the council's account")
    .option('--until <date>', '2030-12-31, or 1y from now', '1y')
  action<{ until: string }, [string]>(command, async (context, { until }, text) => {
    const { client } = signer(context)
    const address = toAddress(text)
    const done = await client.council.approve(address, toTime(until))
    const trainer = await client.trainers.get(address)
    context.output.result(
      { trainer: address, ...trainer, ...done },
      `${describe(trainer)}. Transaction ${done.transaction}`,
    )
  })
}

type Client = ReturnType<typeof signer>['client']

function registerDecision(
  group: Command,
  name: string,
  description: string,
  decide: (client: Client, address: `0x${string}`) => Promise<{ transaction: string }>,
): void {
  const command = group
    .command(name)
    .argument('<address>')
    .description(`${description}; a transaction of the council's account`)
  action<object, [string]>(command, async (context, _options, text) => {
    const { client } = signer(context)
    const address = toAddress(text)
    const done = await decide(client, address)
    const trainer = await client.trainers.get(address)
    context.output.result(
      { trainer: address, ...trainer, ...done },
      `${describe(trainer)}. Transaction ${done.transaction}`,
    )
  })
}

function describe({ address, status, approvedUntil }: TrainerResource): string {
  const words = {
    none: 'never applied',
    applied: 'has applied and waits for the council',
    approved: `is approved until ${approvedUntil}`,
    suspended: 'is suspended',
    ended: 'is no longer approved',
  }
  if (!(status in words)) throw new GranaryError('ANSWER_INVALID', `the API knows a status ${status}`)
  return `${address} ${words[status]}`
}
