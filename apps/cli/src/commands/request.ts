import { GranaryError } from '@granary/protocol'
import { identityToRecipient } from '@granary/sealing'
import type { Command } from 'commander'
import { signer } from '../client.js'
import { action } from '../command.js'
import { readIdentity } from '../identities.js'
import { money, toAmount, toIds, toPool, toPurposes, toTime } from '../values.js'

interface Options {
  pool: string
  purpose: string
  identity: string
  commercial?: boolean
  publishWeights?: boolean
  keepDerived?: boolean
  datasets?: string
  maxPrice?: string
  expires?: string
}

/** `granary request`: asks for datasets of a pool for a purpose and pays into escrow. */
export function registerRequest(program: Command): void {
  const command = program
    .command('request')
    .description("ask for a pool's datasets for a purpose, and pay price x count into escrow")
    .requiredOption('--pool <number>', 'the pool; `granary pools list` shows them')
    .requiredOption('--purpose <name>', 'pretraining, fine-tuning, evaluation, retrieval or synthetic-data')
    .requiredOption(
      '--identity <file>',
      'the age identity (`granary keygen`) to whose recipient the keys are released',
    )
    .option('--commercial', 'the use is commercial')
    .option('--publish-weights', 'the weights will be published')
    .option('--keep-derived', 'derived data will be kept after the run')
    .option('--datasets <ids>', 'only these, separated by commas (default: all whose consent fits)')
    .option(
      '--max-price <amount>',
      "the most it may cost in all, in the token's smallest unit (default: what it costs now)",
    )
    .option('--expires <date>', 'until when datasets may be fetched: 2030-12-31, or 24h from now', '24h')
    .addHelpText(
      'after',
      `
You pay for what you fetch: what was not used by the end comes back, see \`granary requests refund\`.
The identity cannot be changed later, and without it nothing can be opened: keep the file.

Examples:
  granary request --pool 1 --purpose fine-tuning --identity trainer-key.txt
  granary request --pool 1 --purpose evaluation --commercial --datasets 0x…,0x… --identity trainer-key.txt --json`,
    )
  action<Options>(command, async (context, options) => {
    const conditions = [
      options.commercial ? 'commercial' : '',
      options.publishWeights ? 'publish-weights' : '',
      options.keepDerived ? 'keep-derived' : '',
    ]
    const purposes = toPurposes([options.purpose, ...conditions].join(','))
    if (options.purpose.includes(',')) throw new GranaryError('PURPOSE_NOT_SINGLE')
    const { client } = signer(context)
    const recipient = await identityToRecipient(await readIdentity(options.identity))
    const { token } = (await client.network()).display
    const opened = await client.requests.open({
      pool: toPool(options.pool),
      purposes,
      datasets: options.datasets ? toIds(options.datasets) : undefined,
      recipient,
      maxTotalPrice: options.maxPrice === undefined ? undefined : toAmount(options.maxPrice),
      expires: toTime(options.expires!),
    })
    context.output.result(opened, () =>
      [
        `request     ${opened.request}`,
        `datasets    ${opened.count}, ${money(opened.price, token)} each, ${money(opened.total, token)} in escrow`,
        `expires     ${opened.expires.toISOString()}`,
        `transaction ${opened.transaction}`,
        '',
        `Next: granary fetch ${opened.request} --out DIR --identity ${options.identity}`,
      ].join('\n'),
    )
  })
}
