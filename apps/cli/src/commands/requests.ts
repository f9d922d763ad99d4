import type { RequestResource } from '@granary/protocol'
import type { Command } from 'commander'
import { signer } from '../client.js'
import { action } from '../command.js'
import { money, toId } from '../values.js'

/** `granary requests …`: one's access requests. */
export function registerRequests(program: Command): void {
  const group = program
    .command('requests')
    .description('list your access requests, look at one, or get back what it did not use')
    .addHelpText(
      'after',
      '\nExamples:\n  granary requests\n  granary requests show 0x…\n  granary requests refund 0x…',
    )

  const list = group.command('list', { isDefault: true }).description('your requests, newest first')
  action(list, async (context) => {
    const { client, address } = signer(context)
    const { token } = (await client.network()).display
    const requests: RequestResource[] = []
    for await (const request of client.requests.list({ trainer: address })) requests.push(request)
    context.output.result({ requests }, () =>
      requests.length === 0
        ? 'No requests.'
        : requests
            .map(
              ({ id, status, count, escrowed, purposes }) =>
                `${id}  ${status.padEnd(8)}  ${String(count).padStart(6)} datasets  ${money(escrowed, token).padStart(16)}  ${purposes.join(', ')}`,
            )
            .join('\n'),
    )
  })

  const show = group
    .command('show')
    .argument('<id>')
    .description('one request with its manifest and its money')
  action<object, [string]>(show, async (context, _options, text) => {
    const id = toId(text)
    const { client } = signer(context)
    const { token } = (await client.network()).display
    const [request, manifest] = [await client.requests.get(id), await client.requests.manifest(id)]
    const value = { ...request, datasets: manifest.document.datasets }
    context.output.result(value, () =>
      [
        `request     ${id}, ${request.status}`,
        `purposes    ${request.purposes.join(', ')}, pool ${request.pool}`,
        `money       ${money(request.escrowed, token)} escrowed, ${money(request.spent, token)} spent, ${money(request.refunded, token)} refunded`,
        `expires     ${request.expires}; refundable from ${request.refundableAt} at the latest`,
        `datasets    ${value.datasets.join('\n            ')}`,
      ].join('\n'),
    )
  })

  const refund = group
    .command('refund')
    .argument('<id>')
    .description('get back what a request did not use, once it is final or its window has passed')
  action<object, [string]>(refund, async (context, _options, text) => {
    const id = toId(text)
    const { client } = signer(context)
    const { token } = (await client.network()).display
    const done = await client.requests.refund(id)
    context.output.result(
      { request: id, ...done },
      `${money(done.amount, token)} came back. Transaction ${done.transaction}`,
    )
  })
}
