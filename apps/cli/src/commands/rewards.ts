import type { Hex, OwnedUse } from '@granary/protocol'
import type { ToldUse, VerifiedUse } from '@granary/sdk'
import type { Command } from 'commander'
import { reader, signer } from '../client.js'
import { action } from '../command.js'
import { money, plural, toAddress, toNumber } from '../values.js'

/** `granary rewards …`: what an account earned and can claim. */
export function registerRewards(program: Command): void {
  const group = program
    .command('rewards')
    .description('see what your data earned, and claim it')
    .addHelpText(
      'after',
      "\nAmounts in JSON are in the token's smallest unit.\n\nExamples:\n  granary rewards\n  granary rewards verify\n  granary rewards claim",
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

  registerVerify(group)
}

function registerVerify(group: Command): void {
  const command = group
    .command('verify')
    .argument('[address]', 'whose (default: that of GRANARY_PRIVATE_KEY)')
    .description(
      'follow the balance and each amount to the chain, down to the receipts; believes the API nothing',
    )
    .option('--newest <number>', 'only so many of the newest uses')
    .addHelpText(
      'after',
      `
The balance: its Merkle proof against the root of a settlement in effect, and what was claimed. Each use: the settlement's
document against its digest on chain, dataset, request, price and split on chain, and the receipts of t custodians against
their accounts on chain. Read by GRANARY_RPC. Ends with an error at the first thing that does not hold.`,
    )
  action<{ newest?: string }, [string | undefined]>(command, async (context, { newest }, text) => {
    const address = text ? toAddress(text) : signer(context).address
    const most = newest === undefined ? Number.POSITIVE_INFINITY : toNumber(newest)
    const client = reader(context)
    const { token } = (await client.network()).display
    const balance = await client.rewards.verify(address)
    const verify = client.rewards.uses()
    const uses: VerifiedUse[] = []
    for await (const use of client.owners.uses(address)) {
      if (uses.length >= most) break
      uses.push(await verify(address, told(use)))
    }
    context.output.result({ balance, uses }, () =>
      [
        balance.proof
          ? `${money(balance.earned, token)} earned: proved under the root of settlement ${balance.proof.settlement} on chain ${balance.chainId}`
          : 'Nothing earned that is in effect.',
        `${money(balance.claimed, token)} claimed, as the chain has it`,
        ...uses.map(
          ({ amount, dataset, settlement, receipts, trainer }) =>
            `${money(amount, token)}  ${dataset}  settlement ${settlement.number}, ${plural(receipts.length, 'receipt')}, trainer ${trainer}`,
        ),
      ].join('\n'),
    )
  })
}

function told({ request, dataset, amount, settlement, trainer, purposes, opened }: OwnedUse): ToldUse {
  const use = { request: request as Hex, dataset: dataset as Hex, amount, settlement }
  if (trainer === null) return use
  return { ...use, trainer, purposes, ...(opened ? { opened: opened as Hex } : {}) }
}
