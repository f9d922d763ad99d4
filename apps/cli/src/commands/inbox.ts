import type { InboxItem } from '@granary/protocol'
import type { Command } from 'commander'
import { signer } from '../client.js'
import { action } from '../command.js'
import { money } from '../values.js'

/** `granary inbox`: what waits for one's yes or no. */
export function registerInbox(program: Command): void {
  const command = program
    .command('inbox')
    .description('open requests that wait for your yes or no, for datasets that ask you first')
    .addHelpText('after', '\nAnswer one with `granary approve <request> <dataset>`.')
  action(command, async (context) => {
    const { client } = signer(context)
    const { token } = (await client.network()).display
    const items: InboxItem[] = []
    for await (const item of client.inbox.list()) items.push(item)
    context.output.result({ items }, () =>
      items.length === 0
        ? 'Nothing waits for an answer.'
        : items
            .map(
              ({ request, dataset }) =>
                `request ${request.id}\n  dataset  ${dataset}\n  trainer  ${request.trainer}\n` +
                `  for      ${request.purposes.join(', ')}; ${money(request.price, token)} a use; until ${request.expires}`,
            )
            .join('\n'),
    )
  })
}
