import type { MemberResource } from '@granary/protocol'
import type { Command } from 'commander'
import { formatUnits } from 'ethers'
import { reader, signer } from '../client.js'
import { action } from '../command.js'
import { toAddress } from '../values.js'

const grain = (amount: string | bigint) => `${formatUnits(amount, 18).replace(/\.0$/, '')} GRAIN`

/** `granary join`, `granary member` and `granary delegate`: the votes that one's claimed rewards have earned. */
export function registerMembership(program: Command): void {
  const join = program
    .command('join')
    .description(
      'join the DAO, or take the votes earned since: one GRAIN for each token claimed; costs no gas',
    )
    .addHelpText(
      'after',
      '\nGRAIN cannot be sold or sent. It votes for you, unless you delegated your votes to somebody else.\n\nExamples:\n  granary rewards claim\n  granary join',
    )
  action(join, async (context) => {
    const { client, address } = signer(context)
    const before = await client.governance.member(address)
    context.output.log(`You are about to take ${grain(before.mintable)} as votes of ${address}.`)
    const { minted, member, ...done } = await client.governance.join()
    context.output.result(
      { ...member, minted, ...done },
      `${grain(minted)} minted. ${words(member)} Transaction ${done.transaction}`,
    )
  })

  const member = program
    .command('member')
    .argument('[address]', 'whose (default: that of GRANARY_PRIVATE_KEY)')
    .description('GRAIN and votes of an account, and what it could still take by joining')
    .addHelpText('after', '\nExamples:\n  granary member\n  granary member 0x…')
  action<object, [string | undefined]>(member, async (context, _options, text) => {
    const address = text ? toAddress(text) : signer(context).address
    const found = await reader(context).governance.member(address)
    context.output.result(found, () => words(found))
  })

  const delegate = program
    .command('delegate')
    .argument('<address>', 'who votes with them; your own address takes them back')
    .description('let somebody else vote with your votes, in votes that begin later; costs no gas')
    .addHelpText('after', '\nExamples:\n  granary delegate 0x…')
  action<object, [string]>(delegate, async (context, _options, text) => {
    const to = toAddress(text)
    const { client } = signer(context)
    context.output.log(`You are about to have your votes count for ${to}, until you say otherwise.`)
    const { member: found, transaction } = await client.governance.delegate(to)
    context.output.result({ ...found, transaction }, () => `${words(found)} Transaction ${transaction}`)
  })
}

function words({ address, grain: held, votes, delegate, mintable }: MemberResource): string {
  const elsewhere = delegate && delegate !== address ? ` Its votes are delegated to ${delegate}.` : ''
  const more = mintable === '0' ? '' : ` It can take ${grain(mintable)} by joining.`
  return `${address} has ${grain(held)} and ${grain(votes)} of votes.${elsewhere}${more}`
}
