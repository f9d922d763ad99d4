import type { CustodianState, TreasuryMovement } from '@granary/protocol'
import type { Command } from 'commander'
import { reader } from '../client.js'
import { action } from '../command.js'
import { CliError } from '../output.js'
import { money, plural, toWhole } from '../values.js'

/** `granary stats`, `granary custodians` and `granary treasury`: the network as a whole. */
export function registerOverview(program: Command): void {
  registerStats(program)
  registerCustodians(program)
  registerTreasury(program)
}

const DAY_MS = 86_400_000

function registerStats(program: Command): void {
  const command = program
    .command('stats')
    .description('what happened on this network, by day (UTC): contributors, datasets, uses, rewards')
    .option('--days <n>', 'how many days, the last one today', '30')
    .addHelpText('after', '\nExamples:\n  granary stats\n  granary stats --days 365 --json')
  action<{ days: string }>(command, async (context, { days }) => {
    const count = Number(days)
    if (!/^[1-9][0-9]*$/.test(days)) throw new CliError('ARGUMENT_INVALID', '--days must be a number of days')
    const from = new Date(Date.now() - (count - 1) * DAY_MS).toISOString().slice(0, 10)
    const client = reader(context)
    const found = await client.overview.statistics({ from })
    const { token } = (await client.network()).display
    context.output.result(found, () => {
      const { total } = found
      const lines = found.days
        .filter(
          ({ contributors, datasets, uses, claimed }) =>
            contributors + datasets + uses > 0 || claimed !== '0',
        )
        .map(
          ({ day, contributors, datasets, uses, earned, claimed }) =>
            `${day}  ${plural(contributors, 'new contributor')}, ${plural(datasets, 'dataset')}, ${plural(uses, 'use')}, ` +
            `${money(earned, token)} earned, ${money(claimed, token)} claimed`,
        )
      return [
        ...(lines.length > 0 ? lines : [`Nothing happened since ${found.from}.`]),
        `In all: ${plural(total.contributors, 'contributor')}, ${plural(total.datasets, 'dataset')}, ${plural(total.uses, 'use')}, ` +
          `${money(total.earned, token)} earned, ${money(total.claimed, token)} claimed`,
      ].join('\n')
    })
  })
}

function registerCustodians(program: Command): void {
  const command = program
    .command('custodians')
    .description('how the committee’s members answer the API: how many of how many needed can do their part')
  action(command, async (context) => {
    const found = await reader(context).overview.custodians()
    const { epoch, threshold, ready, members } = found
    context.output.result(found, () =>
      [
        `Epoch ${epoch}: ${ready} of ${members.length} custodians are ready, ${threshold} are needed`,
        ...members.map((member) => `  ${member.index}  ${member.endpoint}  ${said(member)}`),
      ].join('\n'),
    )
  })
}

function said({ state, code, epochs, lastSeen }: CustodianState): string {
  const seen = lastSeen ? `last seen ${lastSeen}` : 'never seen since the API was started'
  switch (state) {
    case 'ready':
      return `ready, share of epoch ${epochs.join(', ')}`
    case 'waiting':
      return `answers, but cannot do its part${code ? ` (${code})` : ''}`
    case 'other':
      return 'somebody else answers there'
    default:
      return `does not answer, ${seen}`
  }
}

function registerTreasury(program: Command): void {
  const command = program
    .command('treasury')
    .description('what the DAO’s treasury holds, and the last that came in and went out')
    .option('--last <n>', 'how many movements', '20')
  action<{ last: string }>(command, async (context, { last }) => {
    const most = toWhole('--last', last)
    const client = reader(context)
    const treasury = await client.overview.treasury()
    const { token } = (await client.network()).display
    const movements: TreasuryMovement[] = []
    for await (const movement of client.overview.treasuryMovements()) {
      if (movements.length >= most) break
      movements.push(movement)
    }
    context.output.result({ ...treasury, movements }, () =>
      [
        `${treasury.account} holds ${money(treasury.balance, token)}; ${money(treasury.claimable, token)} more waits to be claimed.`,
        ...movements.map(({ time, kind, amount, to, settlement, proposal }) => {
          const sum = money(amount, token)
          if (kind === 'paid') return `${time}  ${sum} paid to ${to} by proposal ${proposal}`
          return `${time}  ${sum} ${kind === 'earned' ? `earned by settlement ${settlement}` : 'claimed'}`
        }),
      ].join('\n'),
    )
  })
}
