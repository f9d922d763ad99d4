import { DEVELOPMENT_ACCOUNTS } from '@granary/protocol'
import type { Command } from 'commander'
import { action } from '../command.js'

/** `granary accounts`: the embedded network's accounts. Their keys are public: worth nothing anywhere else. */
export function registerAccounts(program: Command): void {
  const command = program
    .command('accounts')
    .description("list the embedded network's funded development accounts with their roles")
  action(command, async ({ output }) => {
    const accounts = DEVELOPMENT_ACCOUNTS().map(({ role, address, privateKey }) => ({
      role,
      address,
      privateKey,
    }))
    output.result(accounts, () =>
      [
        'Accounts of the embedded network. Everybody knows their keys: never use them anywhere else.',
        '',
        ...accounts.map(({ role, address, privateKey }) => `${role.padEnd(12)} ${address}  ${privateKey}`),
      ].join('\n'),
    )
  })
}
