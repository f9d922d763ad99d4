import { GranaryError, type TakenSettlement } from '@granary/protocol'
import type { Granary } from '@granary/sdk'
import type { Command } from 'commander'
import { reader, signer } from '../client.js'
import { action } from '../command.js'
import { confirm } from '../confirm.js'
import { money, span, toNumber } from '../values.js'

/** `granary settlements …`: what was settled; the guardian's veto. */
export function registerSettlements(program: Command): void {
  const group = program
    .command('settlements')
    .description('list settlements; as the guardian, void one before it takes effect')
    .addHelpText(
      'after',
      `
A settlement takes effect some time after the chain took it. Until then the guardian may void it, with all after it.
The custodians then settle the same uses again.

Examples:
  granary settlements
  granary settlements void 7          (with the guardian's key)
  granary settlements give-back 7     (with any account that has gas)`,
    )
  registerList(group)
  registerVoid(group)
  registerGiveBack(group)
}

function registerList(group: Command): void {
  const command = group
    .command('list', { isDefault: true })
    .description('all settlements, newest first, and how long the guardian still has')
  action(command, async (context) => {
    const client = reader(context)
    const { token } = (await client.network()).display
    const settlements: TakenSettlement[] = []
    for await (const settlement of client.settlements.list()) settlements.push(settlement)
    context.output.result({ settlements }, () =>
      settlements.length === 0
        ? 'No settlements.'
        : settlements
            .map(
              (one) =>
                `${String(one.number).padStart(6)}  ${one.state.padEnd(9)}  ${money(one.total, token).padStart(16)} in all  taken ${one.taken.time}  ${remark(one)}`,
            )
            .join('\n'),
    )
  })
}

function remark({ state, effectiveFrom, returned }: TakenSettlement): string {
  if (state === 'pending') return `can be voided for another ${span(Date.parse(effectiveFrom) - Date.now())}`
  if (state === 'voided') return returned ? 'given back' : 'not given back yet'
  return `since ${effectiveFrom}`
}

function registerVoid(group: Command): void {
  const command = group
    .command('void')
    .argument('<number>')
    .description(
      "void a settlement and all after it, then give back what they took; transactions of the guardian's account",
    )
    .option('--yes', 'do not ask')
  action<{ yes?: boolean }, [string]>(command, async (context, { yes }, text) => {
    const number = toNumber(text)
    const { client } = signer(context)
    const last = await lastPending(client, number)
    if (!yes) {
      const which = last === number ? `settlement ${number}` : `settlements ${number} to ${last}`
      await confirm(
        `Nobody will be able to claim what ${which} would pay; requests get their escrow back and can be settled again. Void now?`,
      )
    }
    const { settlements, ...done } = await client.settlements.voidFrom(number)
    const givenBack: number[] = []
    for (const settlement of settlements) {
      try {
        await client.settlements.giveBack(settlement)
        givenBack.push(settlement.number)
      } catch (error) {
        context.output.log(`granary: settlement ${settlement.number}: ${(error as Error).message}`)
      }
    }
    const voided = settlements.map((one) => one.number)
    context.output.result(
      { voided, givenBack, ...done },
      [
        `Voided ${voided.join(', ')}. Transaction ${done.transaction}`,
        givenBack.length === voided.length
          ? 'What they had taken is back.'
          : `Not given back yet: ${voided.filter((one) => !givenBack.includes(one)).join(', ')}. Try granary settlements give-back.`,
      ].join('\n'),
    )
  })
}

/** The last settlement that is voided with this one. Throws SETTLEMENT_UNKNOWN, SETTLEMENT_EFFECTIVE. */
async function lastPending(client: Granary, number: number): Promise<number> {
  const { state } = await client.settlements.get(number)
  if (state === 'in-effect') throw new GranaryError('SETTLEMENT_EFFECTIVE', { number })
  if (state === 'voided') throw new GranaryError('SETTLEMENT_UNKNOWN', { number })
  for await (const one of client.settlements.list()) if (one.state === 'pending') return one.number
  return number
}

function registerGiveBack(group: Command): void {
  const command = group
    .command('give-back')
    .argument('<number>')
    .description(
      'give back what voided settlements of this number took, if nobody did; a transaction of any account',
    )
  action<object, [string]>(command, async (context, _options, text) => {
    const number = toNumber(text)
    const { client } = signer(context)
    const transactions: string[] = []
    for await (const one of client.settlements.list()) {
      if (one.number !== number || one.state !== 'voided' || one.returned) continue
      const done = await client.settlements.giveBack(one)
      if (done) transactions.push(done.transaction)
    }
    if (transactions.length === 0) throw new GranaryError('NOTHING_TO_GIVE_BACK', { number })
    context.output.result({ number, transactions }, `Given back. Transaction ${transactions.join(', ')}`)
  })
}
