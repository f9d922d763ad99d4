import type { Command } from 'commander'
import { action } from '../command.js'
import { confirm } from '../confirm.js'
import { type ChainOptions, connectChain, connectDeployer, deploymentOf } from '../deploy/connect.js'
import { checkBeginning, checkHandover, handOver } from '../deploy/handover.js'
import { CliError } from '../output.js'
import { toWhole } from '../values.js'

const TWO_DAYS = 2 * 24 * 3600

interface HandoverOptions extends ChainOptions {
  deployment?: string
  delay: string
  yes?: boolean
}

/** `granary handover`: ends the set-up; from then on only the DAO decides. `granary handover check` proves it. */
export function registerHandover(program: Command): void {
  const group = program
    .command('handover')
    .description('put the DAO in charge, for good; or check on any chain that it is')
  const give = group
    .command('now', { isDefault: true })
    .description(
      'take the set-up rights from the account that deployed and give them to the Governor, for good',
    )
    .option('--delay <seconds>', 'how long what was decided waits before it happens', String(TWO_DAYS))
    .option('--yes', 'do not ask')
    .option('--deployment <file>', 'the file with the addresses (default: GRANARY_DEPLOYMENT)')
    .option('--rpc <url>', 'the chain (default: GRANARY_RPC, else http://127.0.0.1:8545)')
  action<HandoverOptions>(give, async (context, options) => {
    const deployment = deploymentOf(context, options.deployment)
    const delay = toWhole('--delay', options.delay)
    const { signer, provider, close } = await connectDeployer(context, options, deployment)
    try {
      const missing = await checkBeginning(provider, deployment)
      if (missing.length > 0) throw new CliError('HANDOVER_TOO_EARLY', missing.join('; '))
      if (!options.yes) await confirm('Nobody can take this back. Put the DAO in charge now?')
      const done = await handOver(signer, deployment, delay)
      const findings = await checkHandover(provider, deployment)
      context.output.result(
        { handedOver: done, findings },
        [done ? 'The DAO is in charge.' : 'The DAO was in charge already.', ...findings].join('\n'),
      )
    } finally {
      close()
    }
  })
  const check = group
    .command('check')
    .description('read from the chain whether the DAO alone is in charge; needs no key')
    .option('--deployment <file>', 'the file with the addresses (default: GRANARY_DEPLOYMENT)')
    .option('--rpc <url>', 'the chain (default: GRANARY_RPC, else http://127.0.0.1:8545)')
  action<Omit<HandoverOptions, 'delay' | 'yes'>>(check, async (context, options) => {
    const deployment = deploymentOf(context, options.deployment)
    const provider = await connectChain(context, options, deployment)
    try {
      const findings = await checkHandover(provider, deployment)
      if (findings.length > 0) throw new CliError('HANDOVER_INCOMPLETE', findings.join('\n'))
      context.output.result(
        { findings },
        'The Timelock owns everything, and only the Governor moves the Timelock.',
      )
    } finally {
      provider.destroy()
    }
  })
}
