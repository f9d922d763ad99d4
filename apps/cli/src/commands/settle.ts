import type { Command } from 'commander'
import { reader } from '../client.js'
import { action } from '../command.js'
import { money, plural } from '../values.js'

/** `granary settle`: asks the custodians to settle now. */
export function registerSettle(program: Command): void {
  const command = program
    .command('settle')
    .description('ask the custodians to turn receipts into rewards now, instead of at their own time')
    .addHelpText(
      'after',
      '\nAnybody may ask. Nothing happens that would not happen a little later by itself.',
    )
  action(command, async (context) => {
    const client = reader(context)
    const { token } = (await client.network()).display
    const settled = await client.settle()
    context.output.result(settled, () =>
      settled.number === null
        ? 'Nothing is due.'
        : `Settlement ${settled.number}: ${plural(settled.uses, 'use')}, ${money(settled.paid, token)}. Transaction ${settled.transaction}`,
    )
  })
}
