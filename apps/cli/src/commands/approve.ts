import type { Review } from '@granary/sdk'
import { bytesToRecipient } from '@granary/sealing'
import type { Command } from 'commander'
import { getBytes } from 'ethers'
import { signer } from '../client.js'
import { action } from '../command.js'
import { confirm } from '../confirm.js'
import { money, toId } from '../values.js'

/** `granary approve`: the owner's yes or no to one dataset of a request. */
export function registerApprove(program: Command): void {
  const command = program
    .command('approve')
    .argument('<request>', 'id of the request; `granary inbox` lists what waits for you')
    .argument('<dataset>', 'your dataset that it asks for')
    .description('let a request have a dataset of yours that asks you first, or refuse it for good')
    .option('--refuse', 'say no; a no is final')
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      `
The request is shown as it stands on chain before anything is signed. What was released cannot be taken back.

Examples:
  granary approve 0x… 0x…
  granary approve 0x… 0x… --refuse --yes`,
    )
  action<{ refuse?: boolean; yes?: boolean }, [string, string]>(command, async (context, options, ...ids) => {
    const [request, dataset] = [toId(ids[0]), toId(ids[1])]
    const { client } = signer(context)
    const { token } = (await client.network()).display
    const review = await client.inbox.review(request, dataset)
    for (const line of describe(review, token)) context.output.log(line)
    const granted = options.refuse !== true
    if (!options.yes)
      await confirm(granted ? 'Let the trainer have it?' : 'Refuse it for good? It cannot be undone.')
    const done = await client.requests.approve(request, dataset, granted)
    context.output.result(
      { dataset, granted, request: review, ...done },
      `${granted ? 'Granted' : 'Refused'}. Transaction ${done.transaction}`,
    )
  })
}

function describe(review: Review, token: { symbol: string; decimals: number }): string[] {
  return [
    `request     ${review.request}, as it stands on chain`,
    `trainer     ${review.trainer}`,
    `purposes    ${review.purposes.join(', ')}; pool ${review.pool}`,
    `price       ${money(review.price, token)} a use; ${review.count} datasets altogether`,
    `expires     ${review.expires.toISOString()}`,
    `sealed to   ${bytesToRecipient(getBytes(review.recipient))}`,
    `dataset     ${review.dataset}`,
  ]
}
