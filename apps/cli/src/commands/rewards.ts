import type { Command } from 'commander'
import { reader, signer } from '../client.js'
import { action } from '../command.js'
import { money, toAddress } from '../values.js'

/** `granary rewards …`: what an account earned and can claim. */
export function registerRewards(program: Command): void {
  const group = program
    .command('rewards')
    .description('see what your data earned, and claim it')
    .addHelpText(
      'after',
      "\nAmounts in JSON are in the token's smallest unit.\n\nExamples:\n  granary rewards\n  granary rewards claim",
    )

  const show = group
    .command('show', { isDefault: true })
    .argument('[address]', 'whose (default: that of GRANARY_PRIVATE_KEY)')
    .description('earned, claimed, claimable, and what is pending until when')
  action<object, [string | undefined]>(show, async (context, _options, text) => {
    const address = text ? toAddress(text) : signer(context).address
    const client = reader(context)
    const { token } = (await client.network()).display
    const rewards = await client.rewards.get(address)
    context.output.result(rewards, () =>
      [
        `earned    ${money(rewards.earned, token)}`,
        `claimed   ${money(rewards.claimed, token)}`,
        `claimable ${money(rewards.claimable, token)}`,
        ...rewards.pending.map(
          ({ amount, from, settlement }) =>
            `pending   ${money(amount, token)} from ${from} on (settlement ${settlement})`,
        ),
      ].join('\n'),
    )
  })

  const claim = group
    .command('claim')
    .argument('[address]', 'for whom; anybody may, it always pays that account')
    .description('have everything claimable paid out; costs no gas')
  action<object, [string | undefined]>(claim, async (context, _options, text) => {
    const { client, address: own } = signer(context)
    const address = text ? toAddress(text) : own
    const { token } = (await client.network()).display
    const { amount, ...done } = await client.rewards.claim(address)
    const { earned, claimed, claimable } = await client.rewards.get(address)
    context.output.result(
      { address, amount, earned, claimed, claimable, ...done },
      `${money(amount, token)} paid to ${address}. Transaction ${done.transaction}`,
    )
  })
}
